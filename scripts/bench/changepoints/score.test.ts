import { describe, expect, it } from 'vitest';
import { covering, f1Score, validPoints } from './score.ts';

describe('F1 against several annotators', () => {
  it('what all marked is found', () => {
    expect(f1Score({ a: [10, 20], b: [20, 10] }, [10, 20])).toBe(1);
    expect(f1Score({ a: [], b: [] }, [])).toBe(1);
  });

  it('precision against anyone, recall as a mean', () => {
    // Found: 0, 30, 60; marked by anyone: 0, 30. Precision 2/3; recall (1 + 1/2 · … ) by hand: a 2/2, b 1/1.
    expect(f1Score({ a: [30], b: [] }, [30, 60])).toBeCloseTo((2 * (2 / 3) * 1) / (2 / 3 + 1), 12);
    // Nothing found: precision 1, recall (1/3 + 1/1) / 2.
    expect(f1Score({ a: [30, 60], b: [] }, [])).toBeCloseTo((2 * (2 / 3)) / (1 + 2 / 3), 12);
  });

  it('a margin of five samples, and one found point serves one marked point', () => {
    expect(f1Score({ a: [30] }, [35])).toBe(1);
    expect(f1Score({ a: [30] }, [36])).toBe(0.5);
    // 28 and 32 are both near 30, which can be only one of them: precision 2/2, recall 2/3.
    expect(f1Score({ a: [28, 32] }, [30])).toBeCloseTo(0.8, 12);
    expect(f1Score({ a: [3] }, [])).toBeCloseTo(2 / 3, 12);
  });
});

describe('covering', () => {
  it('is one for the same stretches, and counts samples', () => {
    expect(covering({ a: [4] }, [4], 10)).toBe(1);
    // Annotated 0–4 and 4–10, found 0–10: (4 · 4/10 + 6 · 6/10) / 10.
    expect(covering({ a: [4] }, [], 10)).toBeCloseTo(0.52, 12);
    // Annotated 0–10; found 0–5 and 5–10: the better half.
    expect(covering({ a: [] }, [5], 10)).toBe(0.5);
    // Annotated 0–4, 4–10; found 0–5, 5–10: (4 · 4/5 + 6 · 5/6) / 10.
    expect(covering({ a: [4] }, [5], 10)).toBeCloseTo(0.82, 12);
  });

  it('is the mean over the annotators, and index 0 is no change', () => {
    expect(covering({ a: [0, 4], b: [] }, [0], 10)).toBeCloseTo((0.52 + 1) / 2, 12);
  });
});

describe('what counts as found', () => {
  it('neither ends nor repetitions', () => expect(validPoints([7, 0, 3, 3, 9, 12, -1], 10)).toEqual([3, 7]));
});
