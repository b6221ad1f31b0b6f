import { defineHypothesis } from '../../define/hypothesis.ts';
import { mean } from '../../lib/averages.ts';
import imageCopy from '../zfs/image-copy.experiment.ts';
import { copied } from '../zfs/experiment-findings.samples.ts';
import diskComparison, { type DiskPace } from './disk-comparison.fact.ts';
import { disk, paceOfDisk as pace, twoDisks } from './disk-examples.ts';
import { idleReadLimitMs, kindNames, ms } from './disk-limits.ts';
import { crawlsWhileBusy, workOf } from './disk-work.ts';
import disks, { type Disk } from './disks.fact.ts';
import { shingledFamily } from './smr-models.ts';
import timedReadsByTurns from './timed-reads-by-turns.experiment.ts';
import timedSyncedWrites from './timed-synced-writes.experiment.ts';
import otherStorage from './other-storage.experiment.ts';

interface Together {
  readonly object: string;
  readonly pool: string;
  readonly disks: readonly Disk[];
}

/** The data disks of each pool or array that has two or more of one kind. */
function groupsOf(disks: readonly Disk[]): Together[] {
  const groups = new Map<string, Disk[]>();
  for (const disk of disks) {
    const use = disk.uses[0];
    if (use?.role !== 'data' || disk.rebuilding) continue;
    const key = `${use.pool} ${disk.kind}`;
    groups.set(key, [...(groups.get(key) ?? []), disk]);
  }
  return [...groups.values()].filter((members) => members.length >= 2).map((members) => ({ object: `storage/${members[0]?.uses[0]?.pool}`, pool: members[0]?.uses[0]?.pool ?? '', disks: members }));
}

function pacesOf(list: readonly DiskPace[], group: Together): DiskPace[] {
  return list.filter((one) => group.disks.some(({ name }) => name === one.name));
}

type Work = 'crawls' | 'works' | 'rests';

/** What it gets done in the time that it is busy: writes come in bursts, and between them even a slow disk has nothing to do. */
const iosPerBusySecond = (one: DiskPace): number => one.iosPerSecond / Math.max(one.utilisationPercent / 100, 0.01);

function workOfMember(one: DiskPace): Work {
  if (workOf(one) === 'crawls') return 'crawls';
  if (one.utilisationPercent < 30 || one.latencyMs === undefined) return 'rests';
  return crawlsWhileBusy(one) ? 'crawls' : 'works';
}

function crawlersOf(list: readonly DiskPace[], group: Together): DiskPace[] {
  return pacesOf(list, group).filter((one) => workOfMember(one) === 'crawls');
}

/** Where stripes are narrower than the pool, one or the other disk has nothing to do for some seconds. */
function worksHow(list: readonly DiskPace[], group: Together): 'crawl' | 'one does not' | 'rest' | 'not measured' {
  const paces = pacesOf(list, group);
  if (paces.length < group.disks.length) return 'not measured';
  const works = paces.map(workOfMember);
  const crawling = works.filter((work) => work === 'crawls').length;
  if (crawling >= 2 && crawling * 2 >= works.length && !works.includes('works') && !paces.some((one) => one.unlikeSiblings)) return 'crawl';
  return works.every((work) => work === 'rests') ? 'rest' : 'one does not';
}

/** Small reads of every disk late, though no other I/O waits in front of them but a few. */
function readsHow(list: readonly DiskPace[], group: Together): 'all late' | 'quick' | 'mixed' | 'not read' {
  const paces = pacesOf(list, group);
  if (paces.some((one) => one.timedReadMs === undefined && !one.timedReadStuck)) return 'not read';
  if (paces.every((one) => one.timedReadStuck || (one.timedReadMs ?? 0) >= idleReadLimitMs[one.kind])) return 'all late';
  return paces.every((one) => (one.timedReadMs ?? Infinity) < idleReadLimitMs[one.kind] / 2) ? 'quick' : 'mixed';
}

const fourDisks = ['sda', 'sdb', 'sdc', 'sdd'].map((name) => disk(name, { uses: [{ pool: 'tank', vdev: 'raidz1-0', role: 'data', errors: 0 }] }));

const notRead = (name: string, more: Partial<DiskPace> = {}): DiskPace => pace(name, { latencyMs: 240, iosPerSecond: 8, bytesPerSecond: 90_000, completed: 32, utilisationPercent: 99, averageQueue: 2, ...more });

const crawling = (name: string, more: Partial<DiskPace> = {}): DiskPace => notRead(name, { timedReadMs: 260, ...more });

export default defineHypothesis({
  id: 'disks-slow-together',
  subject: 'disk',
  proven: 'documentation',
  title: 'All disks of a pool are slow together',
  about: `Every disk of the pool or array is busy all the time and gets hardly anything done, and none stands out. Disks do not age in step: what they share is at fault. That is the controller (its firmware, its heat,
its slot, a lost write cache), the backplane, expander, cable or power supply, a USB or Thunderbolt enclosure; where the disks are volumes of a storage box or of another host, that box, its network, or a limit that
somebody set there. More load is not the reason, for disks with much to do get much done.

To be sure by hand: \`iostat -x 5\` (all disks near 100 %util with a few I/Os a second), then one disk by itself with the guests stopped: \`fio --name=read --filename=/dev/<disk> --readonly --rw=randread --bs=4k --direct=1 --runtime=20\`;
a mechanical disk does 75 to 200 of these a second. Then the same with one disk on another port or controller.`,
  needs: { disks, pace: diskComparison },
  objects: ({ disks: { disks: list } }) => groupsOf(list),
  noObjects: 'no pool or array of this host has two disks of its own of one kind',
  prior: 1 / 400,
  explains: { 'disk-latency': 0.95, 'io-delay': 0.8, 'high-load': 0.4, 'guest-slow': 0.6 },
  evidence: [
    {
      outcome: ({ pace: { disks: list } }, group) => worksHow(list, group),
      table: {
        'crawl': {
          ifCause: 0.75,
          otherwise: 0.002,
          decisive: true,
          says: ({ pace: { disks: list } }, group) => {
            const paces = crawlersOf(list, group);
            const who = paces.length === group.disks.length ? `All ${paces.length} disks of ${group.pool}` : `${paces.length} of the ${group.disks.length} disks of ${group.pool} (the others have nothing to do)`;
            if (paces.every((one) => one.stalled)) return `${who} had I/Os waiting during the whole window, and none ended.`;
            const latency = paces.flatMap((one) => one.latencyMs ?? []);
            return `${who} are busy ${mean(paces.map((one) => one.utilisationPercent)).toFixed(0)} % of the time, and get only ${mean(paces.map(iosPerBusySecond)).toFixed(0)} I/Os done in a busy second, less than ${kindNames[paces[0]?.kind ?? 'unknown']} does${latency.length === 0 ? '' : `; one takes ${ms(mean(latency))}`}.`;
          },
        },
        'one does not': { ifCause: 0.08, otherwise: 0.55, says: 'Not all of its disks crawl.' },
        'rest': { ifCause: 0.1, otherwise: 0.44, says: 'Its disks are hardly busy.' },
      },
      group: 'work',
    },
    {
      outcome: ({ pace: { disks: list } }, group) => readsHow(list, group),
      table: {
        'all late': { ifCause: 0.7, otherwise: 0.04, says: ({ pace: { disks: list } }, group) => `Small reads of our own are late on every one of them (${pacesOf(list, group).map((one) => (one.timedReadMs === undefined ? 'no end' : ms(one.timedReadMs))).slice(0, 8).join(', ')}).` },
        'mixed': { ifCause: 0.15, otherwise: 0.15, says: 'Small reads of our own are late on some of them.' },
        'quick': { ifCause: 0.08, otherwise: 0.8, says: 'Small reads of our own are quick on all of them.' },
      },
      group: 'reads',
    },
    {
      when: (_, { disks: members }) => members.every((one) => shingledFamily(one.model) !== undefined),
      likelihood: { ifCause: 0.005, otherwise: 0.3 },
      says: 'All of them are shingled (SMR), which crawl by themselves when much is written.',
    },
  ],
  tested: [
    {
      experiment: timedReadsByTurns,
      about: (_, group) => group.disks.map(({ object }) => object),
      table: {
        'as slow as its siblings': { ifCause: 0.8, otherwise: 0.004, decisive: true },
        'slow with little to do': { ifCause: 0.05, otherwise: 0.01 },
        'unlike its siblings': { ifCause: 0.02, otherwise: 0.02 },
        'quick': { ifCause: 0.05, otherwise: 0.85 },
        'no answer': { ifCause: 0.05, otherwise: 0.004 },
      },
    },
    {
      experiment: timedSyncedWrites,
      about: (_, { object }) => [object],
      table: {
        'very slow': { ifCause: 0.45, otherwise: 0.01 },
        'slow': { ifCause: 0.25, otherwise: 0.06 },
        'slower than its like': { ifCause: 0.07, otherwise: 0.02 },
        'slow like all': { ifCause: 0.12, otherwise: 0.02 },
        'quick': { ifCause: 0.06, otherwise: 0.88 },
        'no answer': { ifCause: 0.04, otherwise: 0.005 },
      },
    },
    {
      experiment: otherStorage,
      about: (_, { object }) => [object],
      table: {
        'only this storage is slow': { ifCause: 0.82, otherwise: 0.03 },
        'both are slow': { ifCause: 0.1, otherwise: 0.04 },
        'it keeps up': { ifCause: 0.08, otherwise: 0.93 },
      },
    },
    {
      experiment: imageCopy,
      table: {
        'slow everywhere in the pool': { ifCause: 0.65, otherwise: 0.16 },
        'slow in every pool': { ifCause: 0.12, otherwise: 0.04 },
        'slow only with the properties of the dataset': { ifCause: 0.08, otherwise: 0.15 },
        'quick everywhere': { ifCause: 0.15, otherwise: 0.65 },
      },
    },
  ],
  mechanisms: ['zfs-txg-stalled', 'hung-tasks'],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Stop what can wait (backups, scrubs, copies), so that the guests get the little that there is.', 'Make sure that the last backup is complete and off this host: a controller that fails may take all disks along.'],
  doNot: ['Do not replace a disk: none of them is slower than the others.', 'Do not restart a host whose disks hang on a failing controller before the last backup is safe.'],
  mitigations: [],
  references: ['iostat(1)', 'Linux admin-guide/iostats', 'OpenZFS documentation: Troubleshooting'],
  examples: {
    supporting: [
      { name: 'the window was too quiet to tell; reads by turns take 400 ms on both halves', given: { disks: { disks: twoDisks }, pace: { disks: [pace('sda'), pace('sdb')] } }, found: [{ experiment: timedReadsByTurns, findings: [{ object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A', outcome: 'as slow as its siblings', says: '400 ms' }, { object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-B', outcome: 'as slow as its siblings', says: '420 ms' }] }], symptoms: ['disk-latency', 'io-delay'], expect: 'identified' },
      { name: 'both halves of a mirror crawl, and an image is copied slowly to every dataset of the pool', given: { disks: { disks: twoDisks }, pace: { disks: [crawling('sda'), crawling('sdb')] } }, found: [copied('slow everywhere in the pool')], object: 'storage/tank', symptoms: ['disk-latency', 'io-delay'], expect: 'identified' },
      { name: 'both halves of a mirror do eight I/Os a second, and reads of our own take as long', given: { disks: { disks: twoDisks }, pace: { disks: [crawling('sda'), crawling('sdb')] } }, object: 'storage/tank', symptoms: ['disk-latency', 'io-delay'], expect: 'identified' },
      { name: 'stripes that leave one disk of four out; the others are slow in bursts', given: { disks: { disks: fourDisks }, pace: { disks: [notRead('sda'), notRead('sdb', { utilisationPercent: 67, iosPerSecond: 14 }), notRead('sdc'), pace('sdd')] } }, symptoms: ['disk-latency', 'io-delay'], expect: 'identified' },
      { name: 'four I/Os a second keep both halves of a mirror busy', given: { disks: { disks: twoDisks }, pace: { disks: ['sda', 'sdb'].map((name) => crawling(name, { iosPerSecond: 4, completed: 16, utilisationPercent: 80, latencyMs: 430, averageQueue: 1.7 })) } }, symptoms: ['disk-latency', 'io-delay'], expect: 'identified' },
      { name: 'nothing ends on any disk', given: { disks: { disks: twoDisks }, pace: { disks: ['sda', 'sdb'].map((name) => pace(name, { stalled: true, utilisationPercent: 100, averageQueue: 4, timedReadStuck: true })) } }, symptoms: ['io-delay', 'guest-slow'] },
    ],
    refuting: [
      { name: 'both halves crawl for a moment, but the pool takes data as it should', given: { disks: { disks: twoDisks }, pace: { disks: [pace('sda', { latencyMs: 90 }), pace('sdb', { latencyMs: 90 })] } }, found: [{ experiment: otherStorage, findings: [{ object: 'storage/tank', outcome: 'it keeps up', says: '120 MB/s' }] }, { experiment: timedSyncedWrites, findings: [{ object: 'storage/tank', outcome: 'quick', says: '20 ms' }] }], symptoms: ['disk-latency', 'io-delay'] },
      { name: 'a mirror that writes in bursts, ninety I/Os in a busy second', given: { disks: { disks: twoDisks }, pace: { disks: ['sda', 'sdb'].map((name) => crawling(name, { iosPerSecond: 45, utilisationPercent: 50, latencyMs: 90, timedReadMs: 40 })) } }, symptoms: ['disk-latency', 'io-delay'] },
      { name: 'one half crawls, the other waits for it', given: { disks: { disks: twoDisks }, pace: { disks: [crawling('sda'), pace('sdb', { latencyMs: 9, iosPerSecond: 8, bytesPerSecond: 90_000, utilisationPercent: 7, timedReadMs: 10 })] } }, symptoms: ['disk-latency', 'io-delay'] },
      { name: 'a busy pool: two hundred I/Os a second on each', given: { disks: { disks: twoDisks }, pace: { disks: ['sda', 'sdb'].map((name) => crawling(name, { iosPerSecond: 200, bytesPerSecond: 3_200_000, latencyMs: 60, averageQueue: 12 })) } }, symptoms: ['disk-latency', 'io-delay'] },
      { name: 'a copy of large files: few I/Os, much data', given: { disks: { disks: twoDisks }, pace: { disks: ['sda', 'sdb'].map((name) => crawling(name, { iosPerSecond: 30, bytesPerSecond: 60_000_000 })) } }, symptoms: ['io-delay'] },
      { name: 'a mirror of shingled disks after hours of writing', given: { disks: { disks: twoDisks.map((one) => ({ ...one, model: 'WDC WD40EFAX-68JH4N1' })) }, pace: { disks: [crawling('sda', { timedReadMs: 40 }), crawling('sdb', { timedReadMs: 30 })] } }, symptoms: ['disk-latency', 'io-delay'] },
      { name: 'solid-state disks that are busy with flushes', given: { disks: { disks: twoDisks.map((one) => ({ ...one, kind: 'ssd' as const })) }, pace: { disks: ['sda', 'sdb'].map((name) => crawling(name, { kind: 'ssd', flushPercent: 70, iosPerSecond: 120, latencyMs: 12, timedReadMs: 0.4 })) } }, symptoms: ['io-delay'] },
      { name: 'an idle pool', given: { disks: { disks: twoDisks }, pace: { disks: [pace('sda', { timedReadMs: 11 }), pace('sdb', { timedReadMs: 12 })] } }, expect: 'not-a-cause' },
      { name: 'a lone disk that crawls', given: { disks: { disks: [disk('sda')] }, pace: { disks: [crawling('sda')] } }, expect: 'ruled-out' },
    ],
  },
});
