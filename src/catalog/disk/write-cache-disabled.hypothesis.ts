import { defineHypothesis } from '../../define/hypothesis.ts';
import blockQueues, { type BlockQueue } from './block-queues.probe.ts';
import diskComparison from './disk-comparison.fact.ts';
import { disk, paceOfDisk as pace, twoDisks } from './disk-examples.ts';
import { byName, ms } from './disk-limits.ts';
import disks, { type Disk } from './disks.fact.ts';
import enableWriteCache from './enable-write-cache.mitigation.ts';

const cache = (name: string, writeCache: 'write back' | 'write through') => ({ name, writeCache });

function cacheOf(queues: readonly BlockQueue[], list: readonly Disk[], disk: Disk): string {
  const own = byName(queues, disk)?.writeCache;
  if (own === undefined) return 'not told';
  if (own === 'write back') return 'on';
  const alike = list.filter((one) => one.name !== disk.name && (one.model === disk.model || disk.siblings.includes(one.name)));
  return alike.some((one) => byName(queues, one)?.writeCache === 'write back') ? 'off, others on' : 'off';
}

export default defineHypothesis({
  id: 'write-cache-disabled',
  subject: 'disk',
  proven: 'documentation',
  title: 'The write cache of a SATA disk is switched off',
  about: `With its cache off, a disk answers a write only when it is on the platter or in flash. A mechanical disk then writes at a tenth of its pace, a consumer solid-state disk at a hundredth. It happens by
/etc/hdparm.conf, a udev rule, a controller that was in RAID mode before, or the setting of a maker. It does not make data safer under ZFS, ext4 or XFS, which flush the cache when it matters.

Solid-state disks with power-loss protection, SAS disks, NVMe disks without a volatile cache and RAID volumes rightly say "write through": they are not judged here, unless their own siblings say otherwise.

To be sure by hand: \`cat /sys/block/<disk>/queue/write_cache\`, \`hdparm -W /dev/<disk>\`.`,
  needs: { disks, queues: blockQueues, pace: diskComparison },
  objects: ({ disks: { disks: list } }) => list.filter((disk) => disk.transport === 'sata' && disk.kind === 'hdd'),
  noObjects: 'this host has no mechanical SATA disk of its own',
  prior: 1 / 500,
  explains: { 'disk-latency': 0.6, 'io-delay': 0.6, 'guest-slow': 0.4, 'high-load': 0.2 },
  evidence: [
    {
      outcome: ({ disks: { disks: list }, queues: { queues } }, disk: Disk) => cacheOf(queues, list, disk),
      table: {
        'off, others on': { ifCause: 0.5, otherwise: 0.002, decisive: true, says: (_, disk) => `The write cache is off, unlike that of its siblings: ${disk.label}.` },
        'off': { ifCause: 0.49, otherwise: 0.05, says: (_, disk) => `The write cache is off: ${disk.label}.` },
        'on': { ifCause: 0.005, otherwise: 0.96, says: 'The write cache is on.' },
      },
      group: 'cache',
      excerpt: ({ queues: { queues } }, disk) => `/sys/block/${disk.name}/queue/write_cache: ${byName(queues, disk)?.writeCache ?? 'missing'}`,
    },
    {
      outcome: ({ pace: { disks: list } }, disk) => {
        const own = byName(list, disk);
        if (own?.writeLatencyMs === undefined) return 'few writes';
        return own.writeLatencyMs >= 80 ? 'slow' : own.writeLatencyMs >= 20 ? 'fair' : 'quick';
      },
      table: {
        'slow': { ifCause: 0.6, otherwise: 0.06, says: ({ pace: { disks: list } }, disk) => `A write takes ${ms(byName(list, disk)?.writeLatencyMs)}.` },
        'quick': { ifCause: 0.05, otherwise: 0.5, says: ({ pace: { disks: list } }, disk) => `A write takes only ${ms(byName(list, disk)?.writeLatencyMs)}.` },
        'few writes': { ifCause: 0.03, otherwise: 0.4, says: 'Hardly anything is written to it.' },
      },
      group: 'writes',
    },
  ],
  ruledOut: [{ when: ({ queues: { queues } }, disk) => byName(queues, disk)?.writeCache === 'write back', says: 'its write cache is on' }],
  broughtBy: ['disk', 'firmware'],
  mechanisms: ['disk-saturated'],
  urgency: 'window',
  dataAtRisk: false,
  mitigations: [enableWriteCache],
  references: ['Linux ABI: sysfs-block, queue/write_cache', 'hdparm(8), option -W'],
  examples: {
    supporting: [
      { name: 'one half of a mirror has it off, and its writes are slow', given: { disks: { disks: twoDisks }, queues: { queues: [cache('sda', 'write through'), cache('sdb', 'write back')] }, pace: { disks: [pace('sda', { latencyMs: 150, writeLatencyMs: 180 }), pace('sdb', { latencyMs: 18, writeLatencyMs: 9 })] } }, object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A', symptoms: ['disk-latency', 'io-delay'], expect: 'identified' },
    ],
    refuting: [
      { name: 'the cache is on', given: { disks: { disks: [disk('sda')] }, queues: { queues: [cache('sda', 'write back')] }, pace: { disks: [pace('sda', { latencyMs: 150, writeLatencyMs: 180 })] } }, expect: 'ruled-out' },
      { name: 'off on purpose and not felt', given: { disks: { disks: [disk('sda')] }, queues: { queues: [cache('sda', 'write through')] }, pace: { disks: [pace('sda')] } } },
      { name: 'a solid-state disk with power-loss protection', given: { disks: { disks: [disk('sda', { kind: 'ssd' })] }, queues: { queues: [cache('sda', 'write through')] }, pace: { disks: [pace('sda', { latencyMs: 0.3 })] } }, expect: 'ruled-out' },
    ],
  },
});
