import { describe, expect, it } from 'vitest';
import { accusations, inFirstThree, leadsRight, wronglyIdentified } from './rightness.ts';
import { groupScores, meetsBar, scores } from './scores.ts';
import { cause, control, run, verdict } from './testing.ts';

const both = { first: ['a', 'b'], among: ['a', 'b'] };

describe('what counts as a hit', () => {
  it('asks for the leading cause about the right thing', () => {
    expect(leadsRight(run())).toBe(true);
    expect(leadsRight(run({ verdict: verdict([cause('x'), cause('disk-slow')]) }))).toBe(false);
    expect(leadsRight(run({ truth: { first: ['disk-slow'], objects: { 'disk-slow': 'data1' } } }))).toBe(false);
    expect(leadsRight(run({ verdict: verdict([]) }))).toBe(false);
  });

  it('counts what was not injected as a miss, whatever was said', () => {
    expect(leadsRight(run({ outcome: 'not-injected' }))).toBe(false);
    expect(inFirstThree(run({ outcome: 'error' }))).toBe(false);
  });

  it('asks for all causes of a double, for one of a fault', () => {
    const given = verdict([cause('a'), cause('x', 0.6), cause('b', 0.6)]);
    expect(inFirstThree(run({ kind: 'double', truth: both, verdict: given }))).toBe(true);
    expect(inFirstThree(run({ kind: 'double', truth: both, verdict: verdict([cause('a')]) }))).toBe(false);
    expect(inFirstThree(run({ truth: both, verdict: verdict([cause('x'), cause('b')]) }))).toBe(true);
    const fourth = verdict([cause('x'), cause('y'), cause('z'), cause('a')]);
    expect(inFirstThree(run({ truth: both, verdict: fourth }))).toBe(false);
  });

  it('takes the whole run where no cause has to lead', () => {
    const truth = { first: [], status: ['unreachable'] } as const;
    expect(leadsRight(run({ truth, verdict: verdict([], { status: 'unreachable' }) }))).toBe(true);
    expect(inFirstThree(run({ truth, outcome: 'wrong', verdict: verdict([]) }))).toBe(false);
  });

  it('knows accusations and wrongly identified causes', () => {
    const allowing = control({ truth: { first: [], allowed: ['cpu-saturated'] }, verdict: verdict([cause('cpu-saturated'), cause('x', 0.5)]) });
    expect(accusations(allowing).map((one) => one.id)).toEqual(['x']);
    expect(wronglyIdentified(allowing)).toEqual([]);
    expect(accusations(run({ verdict: verdict([cause('x')]) }))).toEqual([]);
    expect(wronglyIdentified(run({ verdict: verdict([cause('disk-slow'), cause('x'), cause('y', 0.6)]) })).map((one) => one.id)).toEqual(['x']);
  });
});

const mixed = [
  run(),
  run({ suite: 'trixie', heldOut: true, outcome: 'wrong', verdict: verdict([cause('x')]), failures: ['x leads.'] }),
  run({ scenario: 'no-swap', subject: 'memory', outcome: 'not-injected', failures: ['No swap.'], verdict: undefined, hostCpuSeconds: undefined }),
  control(),
  control({ suite: 'trixie', outcome: 'wrong', verdict: verdict([cause('x', 0.6)]), failures: ['x is accused.'] }),
  control({ scenario: 'busy', outcome: 'error', verdict: undefined, failures: ['No answer.'], hostCpuSeconds: undefined }),
];

describe('scores', () => {
  it('counts', () => {
    const { all, open, heldOut, bySuite, bySubject, verdictSeconds, hostCpuSeconds } = scores(mixed);
    expect(all).toMatchObject({
      runs: 6,
      controls: 3,
      right: { hits: 2, count: 6 },
      topOne: { hits: 1, count: 3 },
      topThree: { hits: 1, count: 3 },
      accusedControls: { hits: 1, count: 2, share: 0.5 },
      accusedFamilies: { hits: 1, count: 1 },
      wronglyIdentifiedRuns: 1,
      wronglyIdentifiedCauses: 1,
      notInjected: 1,
      errors: 1,
    });
    expect(open.topOne).toMatchObject({ hits: 1, count: 2 });
    expect(heldOut.topOne).toMatchObject({ hits: 0, count: 1 });
    expect([...bySuite.keys()]).toEqual(['bookworm', 'trixie']);
    expect([...bySubject.keys()]).toEqual(['disk', 'memory', 'meter']);
    expect(bySubject.get('meter')!.topOne).toMatchObject({ count: 0, share: undefined });
    expect(verdictSeconds).toEqual({ count: 4, median: 20, p95: 20, max: 20 });
    expect(hostCpuSeconds.count).toBe(4);
  });

  it('does not depend on the order of the results', () => {
    const many = Array.from({ length: 30 }, (_, index) => run({ scenario: `s${index % 7}`, outcome: index % 5 === 0 ? 'error' : 'right' }));
    expect(scores(many.toReversed())).toEqual(scores(many));
  });

  it('meets the bar only with all of it', () => {
    const met = { topOne: true, topThree: true, controls: true, identified: true };
    expect(meetsBar(groupScores([run(), control()]))).toEqual(met);
    expect(meetsBar(groupScores(mixed))).toEqual({ topOne: false, topThree: false, controls: false, identified: false });
    expect(meetsBar(groupScores([]))).toMatchObject({ topOne: false, topThree: false, controls: false });
  });
});
