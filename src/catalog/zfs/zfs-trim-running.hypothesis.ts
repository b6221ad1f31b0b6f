import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import diskComparison, { type DiskPace } from '../disk/disk-comparison.fact.ts';
import { disk, paceOfDisk as pace } from '../disk/disk-examples.ts';
import disks, { type Disk } from '../disk/disks.fact.ts';
import cancelTrim from './cancel-trim.mitigation.ts';
import { healthyPool, zpool } from './zpool.samples.ts';
import type { PoolStatus } from './zpool-status.schema.ts';
import zpoolIostat from './zpool-iostat.probe.ts';
import zpools from './zpools.fact.ts';

type Leaf = PoolStatus['leaves'][number];

function trimmed(status: PoolStatus | undefined): Leaf[] {
  return status?.leaves.filter((leaf) => leaf.trim === 'running') ?? [];
}

/** True where the tool said so of at least one device: a case of an older version, or a pool that was not asked, leaves it open. */
function isKnown(status: PoolStatus | undefined): boolean {
  return status?.leaves.some((leaf) => leaf.trim !== undefined) === true;
}

function progressText(leaves: readonly Leaf[]): string {
  const percents = leaves.flatMap((leaf) => leaf.trimPercentDone ?? []);
  return percents.length === 0 ? '' : `, ${(percents.reduce((sum, one) => sum + one, 0) / percents.length).toFixed(0)} % done`;
}

/** The disk of a pool that spent most of the window on discards: a single one may take it seconds, and `zpool iostat` shows it only once it has ended. */
function mostDiscarding(pool: string, known: readonly Disk[] | undefined, paces: readonly DiskPace[] | undefined): DiskPace | undefined {
  const names = new Set((known ?? []).filter(({ uses }) => uses.some((use) => use.pool === pool)).map(({ name }) => name));
  return (paces ?? []).filter((one) => names.has(one.name) && (one.discardPercent ?? 0) >= 20).toSorted((a, b) => (b.discardPercent ?? 0) - (a.discardPercent ?? 0))[0];
}

function withTrim(trim: 'running' | 'suspended' | 'none', more: object = {}) {
  return zpool({ status: { ...healthyPool, leaves: healthyPool.leaves.map((leaf) => ({ ...leaf, trim })) }, autotrim: false, ...more });
}

function discarding(trimWaitMs: number | undefined) {
  return { vdevs: [{ name: 'tank', readsPerSecond: 10, writesPerSecond: 400, readBytesPerSecond: 1e5, writtenBytesPerSecond: 8e6, ...(trimWaitMs !== undefined && { trimWaitMs }) }] };
}

export default defineHypothesis({
  id: 'zfs-trim-running',
  subject: 'zfs',
  proven: 'documentation',
  title: 'A TRIM of a ZFS pool is running',
  about: `TRIM tells solid-state disks which blocks are free. It is wanted, and Debian and Proxmox VE start it once a month; but many disks, above all SATA ones, answer nothing else while they work
on a large discard, so that reads and writes wait for as long as it runs, minutes to hours. With \`autotrim=on\` the same happens in small portions all the time.

To be sure by hand: \`zpool status -t\` shows "(trimming)" or how far it is; \`zpool trim -s <pool>\` suspends it, and \`zpool trim <pool>\` goes on.`,
  needs: { zpools, iostat: optional(zpoolIostat), disks: optional(disks), pace: optional(diskComparison) },
  objects: ({ zpools: { pools } }) => pools,
  noObjects: 'no ZFS pool is imported',
  prior: 1 / 100,
  explains: { 'io-delay': 0.6, 'disk-latency': 0.7, 'guest-slow': 0.4, 'high-load': 0.2 },
  evidence: [
    {
      outcome: (_, { status, autotrim }) => {
        if (trimmed(status).length > 0) return 'running';
        if (!isKnown(status)) return 'not known';
        return autotrim === true ? 'automatic' : autotrim === false ? 'none' : 'not by hand';
      },
      table: {
        running: {
          ifCause: 0.85,
          otherwise: 0.002,
          decisive: true,
          says: (_, { name, status }) => `A TRIM runs on ${trimmed(status).length} of ${status?.leaves.length ?? 0} devices of pool ${name}${progressText(trimmed(status))}.`,
        },
        automatic: { ifCause: 0.13, otherwise: 0.2, says: 'No TRIM was started, but autotrim is on.' },
        'not by hand': { ifCause: 0.1, otherwise: 0.9, says: 'No TRIM was started.' },
        none: { ifCause: 0.01, otherwise: 0.79, says: 'No TRIM was started, and autotrim is off.' },
      },
      excerpt: (_, { status, autotrim }) => `${trimmed(status).map((leaf) => leaf.path).slice(0, 4).join(', ') || 'no device'} trimming; autotrim ${autotrim === undefined ? 'not known' : autotrim ? 'on' : 'off'}`,
      group: 'status',
    },
    {
      outcome: ({ iostat, disks: known, pace: paces }, { name }) => {
        if (mostDiscarding(name, known?.disks, paces?.disks) !== undefined) return 'busy';
        const wait = iostat?.vdevs.find((one) => one.name === name)?.trimWaitMs;
        return iostat === undefined ? 'not known' : wait === undefined ? 'none' : wait >= 50 ? 'slow' : 'quick';
      },
      table: {
        busy: {
          ifCause: 0.5,
          otherwise: 0.005,
          says: ({ disks: known, pace: paces }, { name }) => {
            const one = mostDiscarding(name, known?.disks, paces?.disks);
            return `Discards took ${one?.label ?? 'a disk'} ${Math.min(100, one?.discardPercent ?? 0).toFixed(0)} % of the time.`;
          },
        },
        slow: { ifCause: 0.5, otherwise: 0.01, says: 'Discards wait for the disks, 50 ms or longer each.' },
        quick: { ifCause: 0.35, otherwise: 0.1, says: 'Discards go to the disks, and are answered quickly.' },
        none: { ifCause: 0.15, otherwise: 0.89, says: 'No discard went to the disks within that second.' },
      },
      group: 'discards',
    },
  ],
  ruledOut: [{ when: (_, { status, autotrim }) => isKnown(status) && trimmed(status).length === 0 && autotrim === false, says: 'no TRIM is running, and autotrim is off' }],
  mechanisms: ['disk-saturated'],
  urgency: 'none',
  dataAtRisk: false,
  containment: ['If guests suffer, suspend it and go on at night: `zpool trim -s <pool>`, later `zpool trim <pool>`.'],
  mitigations: [cancelTrim],
  references: ['zpool-trim(8)', 'zpoolprops(7), autotrim', 'zpool-status(8), option -t'],
  examples: {
    supporting: [
      { name: 'the monthly TRIM', given: { zpools: withTrim('running'), iostat: discarding(120) }, object: 'storage/tank', expect: 'identified' },
      {
        name: 'discards of seconds each: none ended while zpool iostat looked, and hardly anything else gets done',
        given: { zpools: withTrim('running'), iostat: discarding(undefined), disks: { disks: [disk('sda', { kind: 'ssd' })] }, pace: { disks: [pace('sda', { kind: 'ssd', discardPercent: 161, utilisationPercent: 97 })] } },
        object: 'storage/tank',
        symptoms: ['io-delay'],
        expect: 'identified',
      },
      { name: 'a TRIM, and nothing is known of single requests', given: { zpools: withTrim('running') }, symptoms: ['disk-latency', 'io-delay'] },
    ],
    refuting: [
      {
        name: 'fstrim of a guest, with no TRIM of the pool',
        given: { zpools: withTrim('none'), disks: { disks: [disk('sda', { kind: 'ssd' })] }, pace: { disks: [pace('sda', { kind: 'ssd', discardPercent: 60, utilisationPercent: 60 })] } },
        expect: 'ruled-out',
      },
      { name: 'none runs', given: { zpools: withTrim('none'), iostat: discarding(undefined) }, expect: 'ruled-out' },
      { name: 'one that is suspended costs nothing', given: { zpools: withTrim('suspended') }, expect: 'ruled-out' },
      { name: 'autotrim does its quick discards beside other work', given: { zpools: withTrim('none', { autotrim: true }), iostat: discarding(2) } },
      { name: 'a recorded host that was not asked for it', given: { zpools: zpool() } },
    ],
  },
});
