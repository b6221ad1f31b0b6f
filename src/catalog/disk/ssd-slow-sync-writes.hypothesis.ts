import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import blockQueues from './block-queues.probe.ts';
import diskActivity, { type DeviceActivity } from './disk-activity.fact.ts';
import { activity, busy, disk, during, nvmeDisk } from './disk-examples.ts';
import { byName, ms } from './disk-limits.ts';
import disks, { type Disk } from './disks.fact.ts';
import useDiskWithPowerLossProtection from './use-disk-with-power-loss-protection.mitigation.ts';
import timedSyncedWrites from './timed-synced-writes.experiment.ts';
import { storagesOf } from './storages-of-disk.ts';

const enoughFlushes = 10;

/** Share of the window in which a flush was under way, in percent. */
function flushShare(own: DeviceActivity, seconds: number): number {
  return (own.flushes * (own.flushLatencyMs ?? 0)) / seconds / 10;
}

function flushing(own: DeviceActivity | undefined, seconds: number): string {
  if (own === undefined || !own.countsFlushes) return 'not counted';
  if (own.flushLatencyMs === undefined || own.flushes < enoughFlushes) return 'few';
  if (own.flushLatencyMs < 1) return 'quick';
  if (own.flushLatencyMs < 2) return 'fair';
  if (flushShare(own, seconds) < 20) return 'seldom';
  return own.flushLatencyMs >= 8 ? 'very slow' : 'slow';
}

export default defineHypothesis({
  id: 'ssd-slow-sync-writes',
  subject: 'disk',
  proven: 'documentation',
  title: 'A solid-state disk without power-loss protection is slow at synchronous writes',
  about: `Databases, guests and ZFS ask the disk again and again to make what was written safe. A disk with capacitors (power-loss protection) answers from its memory at once; a consumer disk
has to write flash each time, which takes milliseconds, and more when its quick cache is full. Such a disk is quick in every benchmark of plain writes and still brings a host with some guests to IO delay.

It is told by the time of a flush in the kernel's own counters: above 2 ms on average, and a fifth of the time spent on flushes. Below 1 ms this is not the cause. A flush also takes
long when the disk is overloaded or failing, so other causes come first.

To be sure by hand: \`iostat -x 5\` (f_await), \`pveperf /<path>\` (FSYNCS/SECOND below 500 for a solid-state disk), the data sheet of the disk.`,
  needs: { disks, activity: diskActivity, queues: optional(blockQueues) },
  objects: ({ disks: { disks: list } }) => list.filter((disk) => disk.kind === 'ssd' || disk.kind === 'nvme'),
  noObjects: 'this host has no solid-state disk of its own',
  prior: 1 / 100,
  explains: { 'io-delay': 0.7, 'disk-latency': 0.25, 'high-load': 0.3, 'guest-slow': 0.5 },
  evidence: [
    {
      outcome: ({ activity: { devices, intervalSeconds } }, disk: Disk) => flushing(byName(devices, disk), intervalSeconds),
      table: {
        'very slow': {
          ifCause: 0.4,
          otherwise: 0.002,
          decisive: true,
          says: ({ activity: { devices } }, disk) => `Making written data safe takes ${ms(byName(devices, disk)?.flushLatencyMs)} each time, and the disk does little else: ${disk.label}.`,
        },
        'slow': { ifCause: 0.45, otherwise: 0.01, says: ({ activity: { devices } }, disk) => `Making written data safe takes ${ms(byName(devices, disk)?.flushLatencyMs)} each time, and a good part of the time goes into it: ${disk.label}.` },
        'seldom': { ifCause: 0.08, otherwise: 0.15, says: ({ activity: { devices } }, disk) => `A flush takes ${ms(byName(devices, disk)?.flushLatencyMs)}, but few are asked for.` },
        'fair': { ifCause: 0.06, otherwise: 0.2, says: ({ activity: { devices } }, disk) => `A flush takes ${ms(byName(devices, disk)?.flushLatencyMs)}.` },
        'few': { ifCause: 0.02, otherwise: 0.4, says: 'Hardly anything had to be made safe at once within the window.' },
        'quick': { ifCause: 0.01, otherwise: 0.6, says: ({ activity: { devices } }, disk) => `A flush takes only ${ms(byName(devices, disk)?.flushLatencyMs)}.` },
      },
      group: 'flush',
      excerpt: ({ activity: { devices } }, disk) => `${disk.name}: ${byName(devices, disk)?.flushes ?? 0} flushes, ${ms(byName(devices, disk)?.flushLatencyMs)} each`,
    },
    {
      outcome: ({ activity: { devices } }, disk) => {
        const own = byName(devices, disk);
        if (own?.flushLatencyMs === undefined || own.flushes < enoughFlushes || own.writeLatencyMs === undefined) return 'too few';
        return own.flushLatencyMs >= 3 * own.writeLatencyMs ? 'flushes only' : 'all writes';
      },
      table: {
        'flushes only': { ifCause: 0.8, otherwise: 0.3, says: ({ activity: { devices } }, disk) => `Plain writes are much quicker than flushes (${ms(byName(devices, disk)?.writeLatencyMs)}).` },
        'all writes': { ifCause: 0.2, otherwise: 0.7, says: ({ activity: { devices } }, disk) => `Plain writes are slow as well (${ms(byName(devices, disk)?.writeLatencyMs)}).` },
      },
      group: 'writes',
    },
  ],
  tested: [
    {
      experiment: timedSyncedWrites,
      about: (_, disk) => storagesOf(disk),
      table: {
        'slow': { ifCause: 0.72, otherwise: 0.05 },
        'very slow': { ifCause: 0.1, otherwise: 0.015 },
        'slower than its like': { ifCause: 0.08, otherwise: 0.02 },
        'slow like all': { ifCause: 0.05, otherwise: 0.03 },
        'quick': { ifCause: 0.04, otherwise: 0.88 },
      },
    },
  ],
  ruledOut: [
    { when: ({ queues }, disk) => byName(queues?.queues ?? [], disk)?.writeCache === 'write through', says: 'the disk has no volatile cache that would have to be flushed' },
    {
      when: ({ activity: { devices } }, disk) => {
        const own = byName(devices, disk);
        return (own?.writeLatencyMs ?? 0) > (own?.flushLatencyMs ?? Infinity) && (own?.writeLatencyMs ?? 0) >= 5;
      },
      says: ({ activity: { devices } }, disk) => `plain writes of ${disk.name} are even slower (${ms(byName(devices, disk)?.writeLatencyMs)}) than flushes`,
    },
  ],
  mechanisms: ['zfs-txg-stalled'],
  urgency: 'window',
  dataAtRisk: false,
  doNot: ['Do not set `sync=disabled` as a cure: the guests’ last seconds of data would be lost when power fails.'],
  mitigations: [useDiskWithPowerLossProtection],
  references: ['Linux admin-guide/iostats (flush fields)', 'OpenZFS documentation: Hardware', 'pve-docs: local ZFS'],
  examples: {
    supporting: [
      { name: 'a window with few flushes; synced writes by turns take 7 ms', given: { disks: { disks: [disk('sda', { kind: 'ssd' })] }, activity: during(busy('sda', 60, 0.8, 30, { flushes: 40, flushLatencyMs: 6 })) }, found: [{ experiment: timedSyncedWrites, findings: [{ object: 'storage/tank', outcome: 'slow', says: '7 ms' }] }], symptoms: ['io-delay', 'guest-slow'], expect: 'suspected' },
      { name: '4 ms for each flush, and 7 ms for each synced write', given: { disks: { disks: [disk('sda', { kind: 'ssd' })] }, activity: during(busy('sda', 500, 0.4, 80, { flushes: 600, flushLatencyMs: 4 })) }, found: [{ experiment: timedSyncedWrites, findings: [{ object: 'storage/tank', outcome: 'slow', says: '7 ms' }] }], symptoms: ['io-delay', 'guest-slow'], expect: 'suspected' },
      { name: '12 ms for each flush, two thirds of the time', given: { disks: { disks: [disk('sda', { kind: 'ssd' })] }, activity: during(busy('sda', 240, 0.8, 90, { flushes: 220, flushLatencyMs: 12 })), queues: { queues: [{ name: 'sda', writeCache: 'write back' }] } }, symptoms: ['io-delay'], expect: 'identified' },
      { name: '4 ms for each flush of an NVMe disk', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, activity: during(busy('nvme0n1', 500, 0.4, 80, { flushes: 600, flushLatencyMs: 4 })) }, symptoms: ['io-delay', 'guest-slow'], expect: 'suspected' },
    ],
    refuting: [
      { name: 'flushes that were late for a moment; synced writes by turns are quick', given: { disks: { disks: [disk('sda', { kind: 'ssd' })] }, activity: during(busy('sda', 240, 0.8, 60, { flushes: 220, flushLatencyMs: 4 })) }, found: [{ experiment: timedSyncedWrites, findings: [{ object: 'storage/tank', outcome: 'quick', says: '0.2 ms' }] }], symptoms: ['io-delay'] },
      { name: 'flushes are quick', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, activity: during(busy('nvme0n1', 5_000, 0.2, 95, { flushes: 900, flushLatencyMs: 0.05 })) } },
      { name: 'a few slow flushes on a quiet disk', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, activity: during(busy('nvme0n1', 20, 0.6, 5, { flushes: 12, flushLatencyMs: 5 })) } },
      { name: 'an idle disk', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, activity: during(activity('nvme0n1')) } },
      { name: 'a disk that needs no flushes', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, activity: during(busy('nvme0n1', 500, 0.4, 80, { flushes: 600, flushLatencyMs: 4 })), queues: { queues: [{ name: 'nvme0n1', writeCache: 'write through' }] } }, expect: 'ruled-out' },
      { name: 'a disk that is slow at everything', given: { disks: { disks: [disk('sda', { kind: 'ssd' })] }, activity: during(busy('sda', 100, 60, 100, { flushes: 30, flushLatencyMs: 40 })) }, expect: 'ruled-out' },
    ],
  },
});
