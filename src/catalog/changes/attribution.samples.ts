import type { DependencyNode } from '../../define/dependency-graph.ts';
import { absent } from '../../define/result.ts';
import { twoDisks } from '../disk/disk-examples.ts';
import type { AttributedChange } from './attribution.fact.ts';
import type { Dependencies } from './dependencies.fact.ts';

type Pair = readonly [before: number, after: number];
const [a, b] = twoDisks.map(({ object }) => object) as [string, string];

function node(id: string, dependsOn: readonly string[], work: Pair, ms?: Pair, busy?: Pair): DependencyNode {
  const load = (at: 0 | 1) => ({ workPerSecond: work[at], ...(ms && { secondsEach: ms[at] / 1_000 }), ...(busy && { busyShare: busy[at] }) });
  return { id, dependsOn: [...dependsOn], before: load(0), after: load(1), beforeFrom: 'since boot' };
}

/** Three guests on a mirror. */
function host(guests: readonly Pair[], pool: readonly [work: Pair, ms: Pair, busy: Pair], disks: readonly [first: readonly [ms: Pair, busy: Pair], second: readonly [ms: Pair, busy: Pair]]): Dependencies {
  const half: Pair = [pool[0][0] / 2, pool[0][1] / 2];
  return {
    storage: [...guests.map((work, index) => node(`qemu/${101 + index}`, ['storage/tank'], work)), node('storage/tank', [a, b], ...pool), node(a, [], half, ...disks[0]), node(b, [], half, ...disks[1])],
    places: [{ id: 'storage/tank', disks: [a, b], waitingBefore: 0.2, waitingAfter: 12 }],
    processors: [],
    cpuCount: 4,
  };
}

const even: Pair[] = [[10, 10], [10, 11], [10, 9]];
const asBefore: readonly [Pair, Pair] = [[5, 5], [0.05, 0.06]];

/** One half of the mirror takes forty times as long. */
const slowHalf = host(even, [[60, 62], [5, 102], [0.05, 0.5]], [[[5, 200], [0.05, 1]], asBefore]);
/** The third guest writes as much as it can. */
const oneGuestGrew = host([[10, 10], [10, 9], [10, 400]], [[60, 800], [5, 60], [0.05, 1]], [[[5, 60], [0.05, 1]], [[5, 60], [0.05, 1]]]);
const fromElsewhere = host(even, [[60, 800], [5, 60], [0.05, 1]], [[[5, 60], [0.05, 1]], [[5, 60], [0.05, 1]]]);
const scrubbed: Dependencies = { ...fromElsewhere, places: fromElsewhere.places.map((place) => ({ ...place, scan: 'scrub' })) };
const allGrew = host([[10, 130], [10, 140], [10, 130]], [[60, 800], [5, 60], [0.05, 1]], [[[5, 60], [0.05, 1]], [[5, 60], [0.05, 1]]]);
const bothSlow = host(even, [[60, 58], [5, 200], [0.05, 1]], [[[5, 200], [0.05, 1]], [[5, 200], [0.05, 1]]]);
const processors = (work: readonly Pair[]): Dependencies => ({ storage: [], places: [], cpuCount: 4, processors: [node('host', [], [work.reduce((sum, one) => sum + one[0], 0.2), work.reduce((sum, one) => sum + one[1], 0.2)]), ...work.map((one, index) => node(`qemu/${101 + index}`, ['host'], one))] });

const named = twoDisks.map(({ object, label }) => `${object} (${label})`);

export const attributionExamples = [
  {
    name: 'one half of a mirror became slow',
    given: { dependencies: slowHalf, disks: { disks: twoDisks } },
    expect: {
      from: 'storage/tank',
      object: a,
      end: 'slower by itself' as const,
      says: `storage/tank waits for ${named[0]}, which takes 40 times as long for an I/O as on average since the boot (200 ms, not 5.0 ms), without more work that would explain it; the other disk there takes no longer than before.`,
    },
  },
  {
    name: 'one guest brings nearly all that is more',
    given: { dependencies: oneGuestGrew },
    expect: { object: 'qemu/103', end: 'brings more work' as const, says: '100 % of the additional work of storage/tank comes from qemu/103, which has 40 times the work that it had on average since the boot.' },
  },
  {
    name: 'a scrub: the work comes from no guest',
    given: { dependencies: scrubbed },
    expect: { object: 'storage/tank', end: 'work from elsewhere' as const, says: 'storage/tank takes 12 times as long for an I/O as on average since the boot (60 ms, not 5.0 ms), and a scrub of it is running; which part of that is the scrub’s is not counted.' },
  },
  { name: 'work that no guest brings', given: { dependencies: fromElsewhere }, expect: { object: 'storage/tank', end: 'work from elsewhere' as const, says: 'storage/tank has 13 times the work that it had on average since the boot; most of that comes from none of the guests and datasets that use it.' } },
  { name: 'all guests do more', given: { dependencies: allGrew }, expect: { object: 'storage/tank', end: 'several alike' as const, says: 'storage/tank has 13 times the work that it had on average since the boot; it comes from several, and none of them brings most of it.' } },
  {
    name: 'all disks are slow alike',
    given: { dependencies: bothSlow },
    expect: { object: 'storage/tank', end: 'several alike' as const, says: 'storage/tank takes 40 times as long for an I/O as on average since the boot (200 ms, not 5.0 ms); that comes from 2 of its 2 disks, and none of them stands out.' },
  },
  { name: 'one guest takes the processors', given: { dependencies: processors([[0.2, 3.2], [0.2, 0.3]]) }, expect: { from: 'host', object: 'qemu/101', says: 'qemu/101 brings most of what the processors have to do more than before: it takes 3.2 of 4, and took 0.2 on average since the boot.' } },
  { name: 'processors that have time', given: { dependencies: processors([[0.2, 1.2], [0.2, 0.3]]) }, expect: absent('') },
  { name: 'slower, but nothing waits', given: { dependencies: { ...slowHalf, places: [{ id: 'storage/tank', disks: [a, b], waitingBefore: 0.2, waitingAfter: 0.4 }] } }, expect: absent('') },
];

/** As rules read it. */
export function attributedTo(end: AttributedChange['end'], object: string): AttributedChange {
  return { from: 'storage/tank', object, end, symptoms: ['io-delay', 'disk-latency', 'guest-slow', 'high-load'], says: `It comes from ${object}.`, steps: [] };
}
