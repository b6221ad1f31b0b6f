import { expect, it } from 'vitest';
import { brier, calibration, reliabilityBins } from './calibration.ts';
import { claimOf, type Claim } from './rightness.ts';
import { cause, control, run, verdict } from './testing.ts';

const claim = (probability: number, right: boolean): Claim => ({ about: 'leading cause', probability, right });

it('takes the mean squared distance', () => {
  expect(brier([claim(0.9, true), claim(0.6, false)])).toEqual({ claims: 2, score: expect.closeTo((0.01 + 0.36) / 2), uninformed: 0.25 });
  expect(brier([])).toEqual({ claims: 0, score: undefined, uninformed: undefined });
});

it('knows what each verdict claims', () => {
  expect(claimOf(run())).toEqual(claim(0.95, true));
  expect(claimOf(run({ outcome: 'wrong', verdict: verdict([cause('x', 0.7)]) }))).toEqual(claim(0.7, false));
  expect(claimOf(run({ outcome: 'wrong', verdict: verdict([]) }))).toEqual({ about: 'no cause', probability: 1, right: false });
  expect(claimOf(run({ outcome: 'wrong', verdict: verdict([], { status: 'inconclusive' }) }))).toBeUndefined();
  expect(claimOf(run({ outcome: 'not-injected' }))).toBeUndefined();
  expect(claimOf(control())).toEqual({ about: 'no cause', probability: 1, right: true });
  expect(claimOf(control({ outcome: 'wrong', verdict: verdict([cause('x', 0.7)]) }))).toEqual(claim(0.7, false));
  expect(claimOf(control({ truth: { first: [], allowed: ['x'] }, verdict: verdict([cause('x', 0.7)]) }))).toEqual(claim(0.7, true));
});

it('puts each claim into one bin', () => {
  const probabilities = [0, 0.3, 0.5, 0.6, 0.899, 0.9, 0.95, 0.99, 1];
  const bins = reliabilityBins(probabilities.map((probability) => claim(probability, probability > 0.5)));
  expect(bins.reduce((sum, bin) => sum + bin.claims, 0)).toBe(probabilities.length);
  expect(bins[0]).toEqual({ from: 0, to: 0.5, claims: 2, meanProbability: 0.15, rightShare: 0 });
  expect(bins.at(-1)).toEqual({ from: 0.99, to: 1, claims: 2, meanProbability: 0.995, rightShare: 1 });
  expect(bins[3]).toMatchObject({ claims: 0, meanProbability: undefined });
});

it('counts words apart', () => {
  const results = [
    run({ truth: { first: ['disk-slow'], allowed: ['load'] }, verdict: verdict([cause('disk-slow'), cause('load', 0.6)]) }),
    run({ outcome: 'wrong', verdict: verdict([cause('x', 0.7), cause('disk-slow', 0.6)]) }),
    run({ outcome: 'wrong', verdict: verdict([], { status: 'inconclusive' }) }),
    control(),
  ];
  const { byStatus, byVerdict, withoutClaim, noCause, faults, controls } = calibration(results);
  expect(byStatus).toEqual([
    { status: 'identified', causes: 1, rightCauses: 1, leading: 1, rightLeading: 1 },
    { status: 'suspected', causes: 3, rightCauses: 2, leading: 1, rightLeading: 0 },
  ]);
  expect(byVerdict.find((one) => one.status === 'suspected')).toEqual({ status: 'suspected', runs: 1, right: 0 });
  expect(withoutClaim).toBe(1);
  expect(noCause).toEqual({ claims: 1, right: 1 });
  expect(faults.claims).toBe(2);
  expect(controls).toMatchObject({ claims: 1, score: 0 });
});
