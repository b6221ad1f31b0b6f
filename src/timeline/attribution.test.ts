import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DependencyNode } from '../define/dependency-graph.ts';
import { attribute } from './attribution.ts';

type Pair = readonly [before: number, after: number];

/** Work each second, and milliseconds each. */
function node(id: string, dependsOn: readonly string[], rate: Pair, ms?: Pair): DependencyNode {
  const load = (at: 0 | 1) => ({ workPerSecond: rate[at], ...(ms && { secondsEach: ms[at] / 1_000 }) });
  return { id, dependsOn, before: load(0), after: load(1) };
}

/** Three guests on a mirror of two disks, and one on a pool of its own. */
function host(change: { readonly guests?: Readonly<Record<number, Pair>>; readonly pool?: Pair; readonly poolMs?: Pair; readonly diskMs?: readonly [Pair, Pair]; readonly guestMs?: Pair } = {}): DependencyNode[] {
  const { guests = {}, pool = [300, 300], poolMs = [2, 2], diskMs = [[2, 2], [2, 2]], guestMs = [2.2, 2.2] } = change;
  const of = (id: number): Pair => guests[id] ?? [100, 100];
  return [
    ...[101, 102, 103].flatMap((id) => [node(`qemu/${id}`, [`zvol/${id}`], of(id), guestMs), node(`zvol/${id}`, ['storage/tank'], of(id), guestMs)]),
    node('qemu/104', ['zvol/104'], [50, 50], [1, 1]),
    node('zvol/104', ['storage/fast'], [50, 50], [1, 1]),
    node('storage/tank', ['disk/a', 'disk/b'], pool, poolMs),
    node('storage/fast', ['disk/c'], [50, 50], [1, 1]),
    node('disk/a', [], pool, diskMs[0]),
    node('disk/b', [], pool, diskMs[1]),
    node('disk/c', [], [50, 50], [1, 1]),
  ];
}

describe('attribution along dependencies', () => {
  it('one guest grew while all suffer: down to the pool, up to that guest', () => {
    const result = attribute(host({ guests: { 103: [100, 900] }, pool: [300, 1100], poolMs: [2, 60], diskMs: [[2, 58], [2, 59]], guestMs: [2.2, 61] }), 'qemu/101');
    expect(result).toMatchObject({ id: 'qemu/103', end: 'brings more work', sentence: 'qemu/103 brings more work than before: 100 before, 900 since, each second.' });
    expect(result?.steps.map(({ id, lookedAt }) => `${id}: ${lookedAt}`)).toEqual([
      'qemu/101: what it waits for',
      'zvol/101: what it waits for',
      'storage/tank: what it waits for',
      'storage/tank: where its work comes from',
      'zvol/103: where its work comes from',
    ]);
    expect(result?.steps[3]?.shares).toEqual([{ id: 'zvol/103', share: 1 }]);
  });

  it('a disk that became slow without more work: it is the disk, not the guests', () => {
    const result = attribute(host({ poolMs: [2, 92], diskMs: [[2, 180], [2, 4]], guestMs: [2.2, 93] }), 'qemu/102');
    expect(result).toMatchObject({ id: 'disk/a', end: 'slower by itself' });
    expect(result?.sentence).toBe('disk/a became slower by itself (2 ms before, 180 ms since): not by more work (300 before, 300 since, each second), and not by what it waits for.');
    expect(result?.steps.at(-1)?.sentence).toBe('How much slower storage/tank got comes from disk/a 99 %, disk/b 1 %.');
  });

  it('little more work does not excuse a disk that is ninety times slower', () => {
    expect(attribute(host({ guests: { 101: [100, 160] }, pool: [300, 360], poolMs: [2, 92], diskMs: [[2, 180], [2, 4]], guestMs: [2.2, 93] }), 'qemu/102')).toMatchObject({ id: 'disk/a', end: 'slower by itself' });
  });

  it('goes by how long a disk works on each request, where it is known how busy it was', () => {
    const busy = (of: DependencyNode, before: number, after: number): DependencyNode => ({ ...of, before: { ...of.before, busyShare: before }, after: { ...of.after, busyShare: after } });
    // Three times the work of a disk that rests nearly all the time keeps none waiting: it works 13 times as long on each.
    expect(attribute([busy(node('disk/a', [], [10, 30], [10, 180]), 0.02, 0.8)], 'disk/a')).toMatchObject({ end: 'slower by itself' });
    // Four times the work, each as quick as before, and a queue.
    expect(attribute([busy(node('disk/a', [], [100, 400], [10, 180]), 0.25, 1)], 'disk/a')).toMatchObject({ end: 'brings more work' });
  });

  it('of twins that are slow alike, none is to blame', () => {
    expect(attribute(host({ poolMs: [2, 90], diskMs: [[2, 92], [2, 88]], guestMs: [2.2, 91] }), 'storage/tank')).toMatchObject({ id: 'storage/tank', end: 'several alike' });
  });

  it('what lies between the guest and a quick disk is slow by itself', () => {
    expect(attribute(host({ poolMs: [2, 90], guestMs: [2.2, 91] }), 'qemu/101')).toMatchObject({ id: 'storage/tank', end: 'slower by itself' });
  });

  it('work that comes from no guest, as a scrub does', () => {
    const result = attribute(host({ pool: [300, 1500], poolMs: [2, 30], diskMs: [[2, 29], [2, 29]], guestMs: [2.2, 31] }), 'qemu/101');
    expect(result).toMatchObject({ id: 'storage/tank', end: 'work from elsewhere' });
    expect(result?.steps.at(-1)?.sentence).toBe('None of those that use storage/tank does more than before.');
  });

  it('guests that grew alike: none is named alone', () => {
    const result = attribute(host({ guests: { 101: [100, 300], 102: [100, 310], 103: [100, 290] }, pool: [300, 900], poolMs: [2, 60], diskMs: [[2, 58], [2, 59]], guestMs: [2.2, 61] }), 'qemu/101');
    expect(result).toMatchObject({ id: 'storage/tank', end: 'several alike', sentence: 'It ends at storage/tank: zvol/102 35 %, zvol/101 33 %, zvol/103 32 %; none of these alone explains most of the change.' });
  });

  it('nothing stands out', () => {
    expect(attribute(host(), 'qemu/101')).toMatchObject({ id: 'qemu/101', end: 'nothing changed', steps: [] });
    expect(attribute(host({ guestMs: [2.2, 2.4] }), 'qemu/101')?.sentence).toBe('Nothing stands out at qemu/101: neither its work nor how long that takes grew by a fifth.');
    expect(attribute(host(), 'qemu/999')).toBeUndefined();
  });

  it('the CPUs of a host: up to the guest that takes most of what is more', () => {
    const cpus = [node('host', [], [4, 15]), node('qemu/1', ['host'], [1, 10]), node('qemu/2', ['host'], [1, 2.5]), node('lxc/3', ['host'], [1, 0.5])];
    const result = attribute(cpus, 'host');
    expect(result).toMatchObject({ id: 'qemu/1', end: 'brings more work' });
    expect(result?.steps).toHaveLength(1);
    expect(result?.steps[0]?.shares[0]).toMatchObject({ id: 'qemu/1', share: 9 / 10.5 });
    // Half of the additional time is the host's own.
    expect(attribute([node('host', [], [4, 40]), ...cpus.slice(1)], 'host')).toMatchObject({ id: 'host', end: 'work from elsewhere' });
  });

  it('stands circles, the same thing twice, and numbers that are none', () => {
    const circle = [node('a', ['b', 'b', 'a', 'gone'], [1, 9], [1, 9]), node('b', ['a'], [1, 9], [1, 9])];
    expect(attribute(circle, 'a')?.id).toBeDefined();
    expect(attribute([node('a', ['b'], [Number.NaN, -3], [Infinity, 2]), node('b', [], [0, 0], [0, 0])], 'a')).toMatchObject({ end: 'nothing changed' });
  });

  // Nothing so small that it becomes nothing in another unit.
  const amount = fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => (value < 1e-12 ? 0 : value));
  const pair = fc.tuple(amount, amount);
  const graph = fc.array(fc.record({ rate: pair, ms: fc.option(pair, { nil: undefined }), on: fc.array(fc.nat({ max: 8 }), { maxLength: 3 }) }), { minLength: 1, maxLength: 9 });
  const made = fc.tuple(graph).map(([list]) => list.map(({ rate, ms, on }, index) => node(`n${index}`, on.map((to) => `n${to}`), rate, ms)));
  const outline = (nodes: readonly DependencyNode[]) => {
    const result = attribute(nodes, 'n0');
    return { id: result?.id, end: result?.end, steps: result?.steps.map(({ id, lookedAt, shares }) => [id, lookedAt, shares.map((one) => [one.id, one.share.toFixed(9)])]) };
  };

  it('shares are never below 0 and never more than the whole', () => {
    fc.assert(
      fc.property(made, (nodes) => {
        for (const { shares, unexplained } of attribute(nodes, 'n0')!.steps) {
          for (const { share } of shares) expect(share > 0 && share <= 1).toBe(true);
          expect(shares.reduce((sum, { share }) => sum + share, unexplained)).toBeCloseTo(1, 9);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('the order of things does not matter', () => {
    fc.assert(fc.property(made, (nodes) => void expect(outline(nodes.map((one) => ({ ...one, dependsOn: one.dependsOn.toReversed() })).toReversed())).toEqual(outline(nodes))), { numRuns: 300 });
  });

  it('units of work and of time do not matter', () => {
    fc.assert(
      fc.property(made, fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 }), (nodes, workPower, timePower) => {
        const scale = ({ workPerSecond, secondsEach }: DependencyNode['before']) => ({ workPerSecond: workPerSecond * 2 ** workPower, ...(secondsEach !== undefined && { secondsEach: secondsEach * 2 ** timePower }) });
        expect(outline(nodes.map((one) => ({ ...one, before: scale(one.before), after: scale(one.after) })))).toEqual(outline(nodes));
      }),
      { numRuns: 300 },
    );
  });
});
