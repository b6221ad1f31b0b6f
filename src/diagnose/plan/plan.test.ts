import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextStep, pairToldApart, valueOf } from './next-step.ts';
import { afterOutcome, expectedCost, inOrderOfRepair, probabilityOf, without, type Question, type Suspect } from './suspects.ts';

const suspects: Suspect[] = [
  { id: 'slow-disk', probability: 0.5, cost: 60 },
  { id: 'slow-encryption', probability: 0.4, cost: 30 },
  { id: 'busy-guest', probability: 0.1, cost: 10 },
];
/** Tells the disk from all else. */
const timedReads: Question = { id: 'timed-reads', cost: 4, outcomes: { slow: { 'slow-disk': 0.95, 'slow-encryption': 0.02, 'busy-guest': 0.1 }, quick: { 'slow-disk': 0.05, 'slow-encryption': 0.98, 'busy-guest': 0.9 } } };
const alike: Question = { id: 'alike', cost: 1, outcomes: { yes: { 'slow-disk': 0.5, 'slow-encryption': 0.5, 'busy-guest': 0.5 }, no: { 'slow-disk': 0.5, 'slow-encryption': 0.5, 'busy-guest': 0.5 } } };
const limits = { sureFrom: 0.95, budget: 120 };

const anySuspects = fc
  .array(fc.record({ weight: fc.double({ min: 0.001, max: 1, noNaN: true }), cost: fc.double({ min: 0.1, max: 100, noNaN: true }) }), { minLength: 1, maxLength: 6 })
  .map((list) => {
    const sum = list.reduce((total, { weight }) => total + weight, 0);
    return list.map(({ weight, cost }, index): Suspect => ({ id: `s${index}`, probability: weight / sum, cost }));
  });
const anyQuestion = fc.tuple(anySuspects, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 })).map(([of, yes]) => {
  const outcomes = { yes: Object.fromEntries(yes.map((p, index) => [`s${index}`, p])), no: Object.fromEntries(yes.map((p, index) => [`s${index}`, 1 - p])) };
  return { suspects: of, question: { id: 'q', cost: 1, outcomes } };
});

describe('the expected cost of repair', () => {
  it('is what the checks cost until the cause is found, the most probable per cost first', () => {
    expect(inOrderOfRepair(suspects).map(({ id }) => id)).toEqual(['slow-encryption', 'busy-guest', 'slow-disk']);
    expect(expectedCost(suspects)).toBeCloseTo(30 + 10 * 0.6 + 60 * 0.5);
  });

  it('has no order that costs less', () => {
    fc.assert(
      fc.property(anySuspects, fc.integer(), (list, seed) => {
        const shuffled = list.toSorted((a, b) => ((a.id.charCodeAt(1) * 7919 + seed) % 13) - ((b.id.charCodeAt(1) * 7919 + seed) % 13));
        let left = 1;
        const cost = shuffled.reduce((sum, one) => {
          const paid = sum + one.cost * left;
          left -= one.probability;
          return paid;
        }, 0);
        return expectedCost(list) <= cost + 1e-9 * cost + 1e-9;
      }),
    );
  });
});

describe('an answer', () => {
  it('moves belief by Bayes’ rule', () => {
    expect(probabilityOf('slow', timedReads, suspects)).toBeCloseTo(0.493);
    const after = afterOutcome(suspects, timedReads, 'slow');
    expect(after.find(({ id }) => id === 'slow-disk')?.probability).toBeCloseTo(0.475 / 0.493);
    expect(after.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1);
  });

  it('that nobody foresaw changes nothing', () => expect(afterOutcome(suspects, timedReads, 'stuck')).toEqual(suspects));

  it('never makes things dearer on average', () => {
    fc.assert(fc.property(anyQuestion, ({ suspects: list, question }) => valueOf(question, list) >= -1e-9));
  });

  it('that clears one suspect leaves the others', () => {
    expect(without(suspects, 'slow-disk').map(({ probability }) => probability)).toEqual([0.8, 0.2].map((one) => expect.closeTo(one)));
    expect(without([suspects[0]!], 'slow-disk')).toEqual([]);
  });
});

describe('the next step', () => {
  it('is the question that saves most for its cost, and says what it tells apart', () => {
    const step = nextStep(suspects, [alike, timedReads], limits);
    expect(step).toMatchObject({ kind: 'ask', question: { id: 'timed-reads' }, tellsApart: ['slow-disk', 'slow-encryption'] });
    expect(step.kind === 'ask' && step.value).toBeGreaterThan(4);
  });

  it('stops when one suspect is sure enough', () => {
    const sure = [{ id: 'slow-disk', probability: 0.96, cost: 60 }, { id: 'busy-guest', probability: 0.04, cost: 10 }];
    expect(nextStep(sure, [timedReads], limits)).toEqual({ kind: 'stop', because: 'sure' });
  });

  it('stops when nothing saves what it costs', () => {
    expect(nextStep(suspects, [alike, { ...timedReads, cost: 90 }], limits)).toEqual({ kind: 'stop', because: 'nothing is worth its cost' });
    expect(nextStep(suspects, [], limits)).toEqual({ kind: 'stop', because: 'nothing to ask' });
  });

  it('stops when the rest of the budget pays for nothing', () => expect(nextStep(suspects, [timedReads], { ...limits, budget: 3 })).toEqual({ kind: 'stop', because: 'the budget is spent' }));

  it('never goes over the budget, nor asks what tells nothing', () => {
    fc.assert(
      fc.property(anyQuestion, fc.double({ min: 0, max: 3, noNaN: true }), ({ suspects: list, question }, budget) => {
        const step = nextStep(list, [question], { sureFrom: 0.999, budget });
        return step.kind === 'stop' || (question.cost <= budget && step.value > question.cost);
      }),
    );
  });

  it('names no pair where all foresee the same', () => expect(pairToldApart(alike, suspects)).toBeUndefined());
});
