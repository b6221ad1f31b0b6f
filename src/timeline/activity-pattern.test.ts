import { describe, expect, it } from 'vitest';
import { findPattern, hoursOfDay, type Activity } from './activity-pattern.ts';

const minuteMs = 60_000;

/** Numbers between 0 and 1 that are the same each time. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

const course = (count: number, value: (index: number) => number, step = 10 * minuteMs) => ({ timesMs: Array.from({ length: count }, (_, index) => index * step), values: Array.from({ length: count }, (_, index) => value(index)) });
const bursts = (index: number): boolean => index % 12 < 3;

describe('which activity a symptom goes with', () => {
  it('names what is at work whenever the symptom is there, with its figures', () => {
    const draw = noise(1);
    const symptom = course(144, (index) => (bursts(index) ? 0.5 : 0.02) + 0.02 * draw());
    const activities: Activity[] = [
      { words: 'sdb was written to', samples: course(144, () => 1e6 * draw()) },
      { words: 'sda was written to', samples: course(144, (index) => (bursts(index) ? 4e7 : 1e5) * (0.8 + 0.4 * draw())) },
    ];
    expect(findPattern(symptom, activities)).toEqual({ words: 'sda was written to', stretchMs: 10 * minuteMs, active: 36, activeHigh: 36, idle: 108, idleHigh: 0 });
  });

  it('compares in the coarser steps', () => {
    const symptom = course(1_440, (minute) => (bursts(Math.floor(minute / 10)) ? 0.5 : 0.02), minuteMs);
    expect(findPattern(symptom, [{ words: 'x', samples: course(144, (index) => (bursts(index) ? 9 : 0)) }])).toMatchObject({ active: 36, activeHigh: 36, idleHigh: 0 });
  });

  it('names nothing for a symptom that comes without it as often', () => {
    const symptom = course(144, (index) => (index % 12 < 3 || index % 12 > 8 ? 0.5 : 0.02));
    expect(findPattern(symptom, [{ words: 'x', samples: course(144, (index) => (bursts(index) ? 9 : 0)) }])).toBeUndefined();
  });

  it('names nothing that was at work once or twice, and nothing for an even course', () => {
    const once = course(144, (index) => (index > 100 ? 0.5 : 0.02));
    expect(findPattern(once, [{ words: 'x', samples: course(144, (index) => (index > 100 ? 9 : 0)) }])).toBeUndefined();
    const draw = noise(3);
    expect(findPattern(course(144, () => 0.3 + 0.02 * draw()), [{ words: 'x', samples: course(144, (index) => (bursts(index) ? 9 : 0)) }])).toBeUndefined();
    expect(findPattern({ timesMs: [], values: [] }, [{ words: 'x', samples: { timesMs: [], values: [] } }])).toBeUndefined();
  });

  it('knows a time of day', () => {
    const week = course(7 * 48, (index) => (index % 48 === 4 || index % 48 === 5 ? 0.6 : 0.03), 30 * minuteMs);
    expect(findPattern(week, hoursOfDay(week))).toMatchObject({ words: 'it was between 02:00 and 03:00 UTC', active: 14, activeHigh: 14, idleHigh: 0 });
  });

  it('hardly ever sees a pattern where there is none', () => {
    const draw = noise(7);
    const wandering = (): ReturnType<typeof course> => {
      let level = 0;
      return course(200, () => Math.max(0, (level = 0.9 * level + draw() - 0.5)));
    };
    const found = Array.from({ length: 200 }, () => findPattern(wandering(), Array.from({ length: 5 }, (_, index) => ({ words: String(index), samples: wandering() })))).filter((one) => one !== undefined);
    expect(found.length).toBeLessThanOrEqual(4);
  });
});
