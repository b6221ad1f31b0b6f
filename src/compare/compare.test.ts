import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ComparisonKnowledge, ComparisonRule } from '../define/comparison.ts';
import { differenceSchema } from '../define/comparison.ts';
import { defineFact } from '../define/fact.ts';
import { defineProbe } from '../define/probe.ts';
import { hostIdentitySchema } from '../define/report.ts';
import { absent, failed, ok, type Result } from '../define/result.ts';
import type { Source } from '../define/source.ts';
import { compareReadings } from './compare.ts';
import { comparisonOf, exitStatusOfComparison } from './comparison.ts';

const probeOf = (id: string) => defineProbe({ id, title: `What ${id} says`, subject: 'zfs', sh: ':', schema: z.any(), parse: () => 1, examples: [] });
const [choices, things, free] = [probeOf('choices'), probeOf('things'), probeOf('free')];
const hostIdentity = defineFact({ id: 'host', title: 'Host', needs: { choices }, schema: hostIdentitySchema, derive: () => ({}) as never, examples: [] });
const disks = defineFact({ id: 'disks', title: 'Disks', needs: { choices }, schema: z.object({ disks: z.array(z.object({ name: z.string(), stableId: z.string() })) }), derive: () => ({ disks: [] }), examples: [] });
const rates = defineFact({ id: 'rates', title: 'Rates', needs: { things }, schema: z.any(), derive: () => 1, examples: [] });

const rule = (source: ComparisonRule['source'], path: string, more: Partial<ComparisonRule>): ComparisonRule => ({ source, path, kind: 'setting', weight: 50, name: `the ${path}`, ...more });
const rules: readonly ComparisonRule[] = [
  rule(choices, 'gcm', { kind: 'capability', weight: { lost: 100, gained: 32, changed: 100 }, lost: 'ZFS no longer lists {items} for AES-GCM', gained: 'ZFS newly lists {items} for AES-GCM', label: 'icp_gcm_impl' }),
  rule(things, 'disks/*', { kind: 'hardware', name: 'the disk {1}', shows: ['model', 'sizeBytes'], ofTheMachine: true, ofDisks: true, weight: { lost: 90, gained: 45, changed: 90 } }),
  rule(things, 'disks/*/cache', { name: 'the cache of {1}', best: ['write back'], weight: { lost: 80, gained: 31, changed: 60 } }),
  rule(things, 'disks/*/serial', { kind: 'ignored', weight: 0 }),
  rule(things, 'pairs', { setOf: ['name', 'value'], without: ['secret='], name: 'the pairs' }),
  rule(rates, 'disks/*/latencyMs', { kind: 'measured', name: 'the latency of {1}', weight: { lost: 12, gained: 52, changed: 52 }, noise: { ratio: 4, atLeast: 3, unit: 'ms' }, enough: { of: 'completed', atLeast: 20 } }),
];

type Values = ReadonlyMap<Source, unknown>;
const host = (hostname: string): unknown => ({ hostname });

function compare(before: Values, after: Values, names: readonly [string, string] = ['pve1', 'pve1']) {
  const readable = (values: Values, name: string) => ({
    read: <T>(source: Source<T>): Result<T> => {
      if ((source as Source) === (hostIdentity as Source)) return ok(host(name) as T);
      const value = values.get(source);
      if (value === undefined) return (source as Source) === (disks as Source) ? ok({ disks: [] } as T) : (failed('not-permitted', 'needs root') as Result<T>);
      return value === null ? (absent('not there') as Result<T>) : ok(value as T);
    },
  });
  const knowledge = { rules, disks, fromBaseline: free } as unknown as ComparisonKnowledge;
  return compareReadings({ probes: [choices, things, free], facts: [hostIdentity, disks, rates], hostIdentity }, knowledge, readable(before, names[0]), readable(after, names[1]));
}

/** Sentences and weights of what differs in one source. */
function differing(source: Source, before: unknown, after: unknown, names?: readonly [string, string]): [string, number][] {
  return compare(new Map([[source, before]]), new Map([[source, after]]), names).differences.map(({ text, weight }) => [text, weight]);
}

describe('what differs', () => {
  it('a capability that was lost is the most suspicious, and said with both lists', () => {
    const [avx, none] = [{ gcm: ['avx', 'generic', 'pclmulqdq'] }, { gcm: ['generic', 'pclmulqdq'] }];
    expect(differing(choices, avx, none)).toEqual([['ZFS no longer lists avx for AES-GCM (icp_gcm_impl: avx generic pclmulqdq → generic pclmulqdq)', 100]]);
    expect(differing(choices, none, avx)).toEqual([['ZFS newly lists avx for AES-GCM (icp_gcm_impl: generic pclmulqdq → avx generic pclmulqdq)', 32]]);
    expect(differing(choices, avx, { gcm: avx.gcm.toReversed() })).toEqual([]);
  });

  it('things are told by their keys: gone, new, changed, with what they are', () => {
    const disk = (name: string, more: object = {}) => ({ name, model: 'WD40', sizeBytes: 4 * 2 ** 40, cache: 'write back', serial: 'a', ...more });
    expect(differing(things, { disks: [disk('sda'), disk('sdb')] }, { disks: [disk('sdb', { serial: 'b' })] })).toEqual([['The disk sda is gone (WD40, 4 TiB)', 90]]);
    expect(differing(things, { disks: [] }, { disks: [disk('sda')] })).toEqual([['The disk sda is new (WD40, 4 TiB)', 45]]);
    expect(differing(things, { disks: [disk('sda')] }, { disks: [disk('sda', { cache: 'write through' })] })).toEqual([['The cache of sda changed from write back to write through', 80]]);
    expect(differing(things, { disks: [disk('sda', { cache: 'write through' })] }, { disks: [disk('sda')] })[0]?.[1]).toBe(31);
  });

  it('disks are followed by their stable names, whatever the kernel calls them after a boot', () => {
    const named = (a: string, b: string): Values => new Map<Source, unknown>([
      [disks, { disks: [{ name: a, stableId: 'ata-A' }, { name: b, stableId: 'ata-B' }] }],
      [things, { disks: [{ name: a, cache: 'write back' }, { name: b, cache: 'write through' }] }],
    ]);
    expect(compare(named('sda', 'sdb'), named('sdb', 'sda')).differences).toEqual([]);
  });

  it('the same change of many things is one difference', () => {
    const all = (cache: string) => ({ disks: Array.from({ length: 9 }, (_, index) => ({ name: `sd${index}`, cache })) });
    expect(differing(things, all('write back'), all('none'))).toEqual([['The cache of sd0 changed from write back to none; likewise: sd1, sd2, sd3, sd4, sd5, sd6 and 2 more', 80]]);
  });

  it('lists of pairs are sets, without what is left out', () => {
    const pairs = (...list: [string, string?][]) => ({ pairs: list.map(([name, value]) => ({ name, ...(value && { value }) })) });
    expect(differing(things, pairs(['quiet'], ['secret', '1'], ['mitigations', 'off']), pairs(['quiet'], ['secret', '2']))).toEqual([['The pairs: no longer mitigations=off (quiet mitigations=off → quiet)', 50]]);
  });

  it('what was measured differs only by far more than noise, and when enough was measured', () => {
    const of = (latencyMs: number, completed = 100) => ({ disks: [{ name: 'sda', latencyMs, completed }] });
    expect(differing(rates, of(1), of(3.9))).toEqual([]);
    expect(differing(rates, of(5), of(12))).toEqual([]);
    expect(differing(rates, of(2), of(50), undefined)).toEqual([['The latency of sda is 25 times what it was: 2 ms → 50 ms', 52]]);
    expect(differing(rates, of(50), of(2))).toEqual([['The latency of sda is down to 4 %: 50 ms → 2 ms', 12]]);
    expect(differing(rates, of(2), of(50, 3))).toEqual([]);
    expect(differing(rates, { ...of(2), other: 1 }, { ...of(2), other: 2 })).toEqual([]);
  });

  it('what no rule names is compared as well and matters the least, but for what changes by itself', () => {
    expect(differing(free, { mode: 'a', usedBytes: 1, startedAt: 5, lines: [{ text: 'x' }], tasks: [{ pid: 1, name: 'a' }] }, { mode: 'b', usedBytes: 2, startedAt: 6, lines: [], tasks: [{ pid: 2, name: 'b' }] })).toEqual([
      ['What free says: mode changed from a to b', 8],
    ]);
  });

  it('between two hosts, what belongs to one of them hardly matters', () => {
    const one = { disks: [{ name: 'sda' }] };
    expect(differing(things, one, { disks: [] }, ['pve1', 'pve2'])).toEqual([['The disk sda is gone', 5]]);
    expect(compare(new Map(), new Map(), ['pve1', 'pve2']).sameHost).toBe(false);
  });

  it('what only one of them tells is not compared, and said', () => {
    const { differences, notCompared } = compare(new Map([[choices, { gcm: ['avx'] }]]), new Map());
    expect(differences).toEqual([]);
    expect(notCompared).toEqual([{ source: 'choices', title: 'What choices says', missingIn: 'after', reason: 'not-permitted', detail: 'needs root' }]);
  });

  it('comes in the order of suspicion', () => {
    const before = new Map<Source, unknown>([[choices, { gcm: ['avx', 'x'] }], [things, { disks: [{ name: 'sda', cache: 'a' }] }], [free, { mode: 1, kept: null }]]);
    const after = new Map<Source, unknown>([[choices, { gcm: ['x'] }], [things, { disks: [{ name: 'sda', cache: 'b' }] }], [free, { mode: 2 }]]);
    const compared = compare(before, after);
    expect(compared.differences.map(({ weight, suspicion }) => [weight, suspicion])).toEqual([[100, 'high'], [60, 'medium'], [8, 'low']]);
    const about = { before: { name: 'a', startedAt: '', complete: true }, after: { name: 'b', startedAt: '', complete: true }, culpritVersion: '1' };
    expect(comparisonOf(compared, { ...about, all: false })).toMatchObject({ leftOut: 1, differences: [{ weight: 100 }, { weight: 60 }] });
    expect(exitStatusOfComparison(comparisonOf(compared, { ...about, all: true }))).toBe(1);
    expect(exitStatusOfComparison({ differences: compared.differences.slice(2) })).toBe(0);
  });
});

describe('whatever a case says', () => {
  const anything = fc.jsonValue({ maxDepth: 5 }).map((value) => ({ gcm: value, disks: value, pairs: value, value }));

  it('is equal to itself', () => {
    fc.assert(fc.property(anything, (value) => {
      for (const source of [choices, things, free, rates]) expect(differing(source, value, structuredClone(value))).toEqual([]);
    }));
  });

  it('never throws, and gives bounded differences as their schema wants them', () => {
    fc.assert(fc.property(anything, anything, (one, other) => {
      for (const source of [choices, things, free, rates]) {
        for (const difference of compare(new Map([[source, one]]), new Map([[source, other]])).differences) expect(differenceSchema.safeParse(difference).error?.message).toBeUndefined();
      }
    }));
  });

  it('differs in the same places in both directions', () => {
    const places = (before: unknown, after: unknown) => compare(new Map([[free, before]]), new Map([[free, after]])).differences.map(({ path }) => JSON.stringify(path)).sort();
    fc.assert(fc.property(anything, anything, (one, other) => {
      expect(places(one, other)).toEqual(places(other, one));
    }));
  });
});
