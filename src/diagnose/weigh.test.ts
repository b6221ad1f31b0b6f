import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineHypothesis, type HypothesisSpec, type ObjectRef } from '../define/hypothesis.ts';
import { defineProbe } from '../define/probe.ts';
import { absent, failed } from '../define/result.ts';
import type { Source } from '../define/source.ts';
import { readingsOfValues } from './readings.ts';
import { damp, weigh } from './weigh.ts';

const schema = z.object({ count: z.number(), disks: z.array(z.string()) });
const probe = defineProbe({ id: 'counts', title: 'Counts', subject: 'disk', sh: 'true', schema, parse: () => ({ count: 0, disks: [] }), examples: [] });
const other = defineProbe({ id: 'others', title: 'Others', subject: 'disk', sh: 'true', schema, parse: () => ({ count: 0, disks: [] }), examples: [] });

type Needs = { counts: typeof probe; others: typeof other };

function hypothesis(more: Partial<HypothesisSpec<Needs, ObjectRef>>) {
  return defineHypothesis<Needs, ObjectRef>({
    id: 'some-cause',
    subject: 'disk',
    title: 'Some cause',
    about: '',
    proven: 'documentation',
    needs: { counts: probe, others: other },
    prior: 0.5,
    explains: {},
    evidence: [],
    urgency: 'none',
    mitigations: [],
    references: [],
    examples: { supporting: [], refuting: [] },
    ...more,
  });
}

const sign = {
  when: ({ counts }: { counts: { count: number } }) => counts.count > 3,
  likelihood: { ifCause: 0.9, otherwise: 0.1 },
  says: 'many',
  saysNot: 'few',
};

function given(value: unknown, second: unknown = failed('timed-out', 'no answer')) {
  return readingsOfValues(new Map<Source, unknown>([[probe as Source, value], [other as Source, second]]));
}

describe('weigh', () => {
  it('adds the log of the likelihood ratio where a sign holds, and of its complement where it does not', () => {
    const [holds] = weigh(hypothesis({ evidence: [sign] }), given({ count: 4, disks: [] }));
    expect(holds!.evidenceLogOdds).toBeCloseTo(Math.log(9));
    expect(holds!.terms[0]).toMatchObject({ text: 'many', source: { id: 'counts' } });
    const [not] = weigh(hypothesis({ evidence: [sign] }), given({ count: 0, disks: [] }));
    expect(not!.evidenceLogOdds).toBeCloseTo(-Math.log(9));
    expect(not!.terms[0]!.text).toBe('few');
  });

  it('a cause that acts in several ways brings what it brings in the way that is seen', () => {
    const ways = {
      outcome: ({ counts }: { counts: { count: number } }) => (counts.count > 3 ? 'many' : 'few'),
      table: { many: { ifCause: 0.2, otherwise: 0.1, says: '', explains: { 'high-load': 0.8 } as const }, few: { ifCause: 0.8, otherwise: 0.9, says: '' } },
    };
    const slow = hypothesis({ explains: { 'io-delay': 0.7 }, evidence: [ways] });
    expect(weigh(slow, given({ count: 4, disks: [] }))[0]!.explains).toEqual({ 'high-load': 0.8 });
    expect(weigh(slow, given({ count: 0, disks: [] }))[0]!.explains).toEqual({ 'io-delay': 0.7 });
  });

  it('evidence that could not be had is no evidence, and is named', () => {
    const [one] = weigh(hypothesis({ evidence: [{ ...sign, decisive: true }] }), given(failed('not-permitted', 'needs root')));
    expect(one!.terms).toEqual([]);
    expect(one!.missing[0]).toMatchObject({ decisive: true, result: { reason: 'not-permitted' } });
    expect(one!.ruledOut).toBeUndefined();
  });

  it('is ruled out where its objects do not exist, and open where they could not be listed', () => {
    const perDisk = hypothesis({ objects: ({ counts }) => counts.disks.map((name) => ({ object: `disk/${name}` })), noObjects: 'no disk' });
    expect(weigh(perDisk, given(absent('no disks here')))[0]!.ruledOut).toBe('no disks here');
    expect(weigh(perDisk, given({ count: 0, disks: [] }))[0]!.ruledOut).toBe('no disk');
    expect(weigh(perDisk, given(failed('timed-out', 'slow')))[0]!.ruledOut).toBeUndefined();
    expect(weigh(perDisk, given({ count: 0, disks: ['a', 'b'] })).map((one) => one.object)).toEqual(['disk/a', 'disk/b']);
  });

  it('evidence about its object alone stands on what the objects were listed from', () => {
    const perDisk = hypothesis({
      objects: ({ counts }) => counts.disks.map((name) => ({ object: `disk/${name}` })),
      noObjects: 'no disk',
      evidence: [{ when: (_, { object }) => object === 'disk/a', likelihood: { ifCause: 0.9, otherwise: 0.1 }, says: 'it is a' }],
    });
    expect(weigh(perDisk, given({ count: 0, disks: ['a'] }))[0]!.terms[0]!.source).toMatchObject({ kind: 'probe', id: 'counts' });
  });

  it('a rule that throws by mistake costs its own evidence only', () => {
    const broken = { ...sign, when: () => { throw new TypeError('oops'); } };
    const [one] = weigh(hypothesis({ evidence: [broken, sign] }), given({ count: 4, disks: [] }));
    expect(one!.terms.length).toBe(1);
    expect(one!.missing[0]!.result).toMatchObject({ reason: 'unparsable' });
  });

  it('counts an outcome by its row, and nothing for one without a row', () => {
    const table = { high: { ifCause: 0.8, otherwise: 0.1, says: 'high', decisive: true }, low: { ifCause: 0.2, otherwise: 0.9, says: 'low' } };
    const graded = hypothesis({ evidence: [{ outcome: ({ counts }) => (counts.count > 3 ? 'high' : counts.count > 0 ? 'low' : 'idle'), table }] });
    expect(weigh(graded, given({ count: 5, disks: [] }))[0]).toMatchObject({ decisive: true });
    expect(weigh(graded, given({ count: 1, disks: [] }))[0]!.evidenceLogOdds).toBeCloseTo(Math.log(0.2 / 0.9));
    expect(weigh(graded, given({ count: 0, disks: [] }))[0]!.terms).toEqual([]);
  });
});

describe('damping', () => {
  const term = (logOdds: number) => ({ text: '', logOdds, decisive: false, source: { kind: 'probe' as const, id: 'x', vantage: 'host' as const }, excerpt: '' });
  const sum = (terms: readonly { logOdds: number }[]) => terms.reduce((total, one) => total + one.logOdds, 0);

  it('the strongest counts whole, the k-th by 1/√k', () => {
    const damped = damp([1, 4, 2].map((logOdds) => ({ group: 'a', term: term(logOdds) })));
    expect(damped.map((one) => one.logOdds)).toEqual([1 / Math.sqrt(3), 4, 2 / Math.sqrt(2)]);
  });
  it('neither other groups nor the other direction are touched', () => {
    const damped = damp([{ group: 'a', term: term(3) }, { group: 'b', term: term(2) }, { group: 'a', term: term(-1) }]);
    expect(damped.map((one) => one.logOdds)).toEqual([3, 2, -1]);
  });
  it('n equal terms grow like √n', () => {
    const damped = damp(Array.from({ length: 100 }, () => ({ group: 'a', term: term(1) })));
    expect(sum(damped)).toBeLessThan(2 * Math.sqrt(100));
  });
});
