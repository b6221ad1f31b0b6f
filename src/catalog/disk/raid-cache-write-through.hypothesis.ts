import { optional } from '../../define/source.ts';
import { defineHypothesis } from '../../define/hypothesis.ts';
import diskComparison from './disk-comparison.fact.ts';
import { disk, paceOfDisk as pace } from './disk-examples.ts';
import { ms } from './disk-limits.ts';
import disks from './disks.fact.ts';
import raidCaches from './raid-caches.probe.ts';
import type { RaidCaches, RaidVolume } from './raid-caches-text.ts';
import restoreRaidCache from './restore-raid-cache.mitigation.ts';
import timedSyncedWrites from './timed-synced-writes.experiment.ts';
import { storagesOf } from './storages-of-disk.ts';

interface Volume extends RaidVolume {
  readonly object: string;
}

function caches(more: Partial<RaidVolume>, complaints: string[] = []): RaidCaches {
  return { volumes: [{ name: 'controller 0, volume 0', deviceName: 'sda', raidLevel: 'RAID1', policy: 'write through', configured: 'write back', media: 'hdd', ...more }], complaints };
}

const known = { disks: [disk('sda', { kind: 'unknown' })] };
const slowWrites = { disks: [pace('sda', { latencyMs: 60, writeLatencyMs: 70 })] };

export default defineHypothesis({
  id: 'raid-cache-write-through',
  subject: 'disk',
  proven: 'documentation',
  title: 'A RAID controller writes through instead of using its cache',
  about: `A RAID controller with a battery or capacitor answers writes from its own memory. When the battery is dead, missing or in its learning cycle, or when somebody set it so, it writes through: each write
waits for the disks, and hard disks then manage a tenth of what they did. It often begins at night, when the battery fails its test. For volumes on solid-state disks writing through is a usual choice, and not judged here.

To be sure by hand: \`storcli /call/vall show all\` or \`perccli\` (column Cache: WT instead of WB; "Write Cache(initial setting)" is what it was set to), \`megacli -LDInfo -Lall -aAll\` (default and current policy),
\`ssacli ctrl all show status\`. These tools come from the makers; without them it cannot be told.`,
  needs: { caches: raidCaches, disks: optional(disks), pace: optional(diskComparison) },
  objects: ({ caches: { volumes }, disks: list }) =>
    volumes.map((volume): Volume => ({ ...volume, object: list?.disks.find((one) => one.name === volume.deviceName)?.object ?? `disk/raid-${volume.name.replaceAll(/[^a-z0-9]+/gi, '-')}` })),
  noObjects: 'this host has no volume of a RAID controller',
  prior: 1 / 200,
  explains: { 'disk-latency': 0.6, 'io-delay': 0.6, 'guest-slow': 0.4, 'high-load': 0.2 },
  evidence: [
    {
      outcome: (_, { policy, configured, media }) => {
        if (policy === 'write back') return 'back';
        if (configured === 'write back') return 'lost';
        return media === 'ssd' ? 'through on solid state' : 'through';
      },
      table: {
        lost: { ifCause: 0.7, otherwise: 0.0005, decisive: true, says: (_, { name, deviceName }) => `Volume ${name}${deviceName === undefined ? '' : ` (${deviceName})`} is set to write back, but the controller writes through.` },
        through: { ifCause: 0.27, otherwise: 0.06, says: (_, { name, deviceName }) => `Volume ${name}${deviceName === undefined ? '' : ` (${deviceName})`} is set to write through.` },
        'through on solid state': { ifCause: 0.02, otherwise: 0.2, says: 'The volume is on solid-state disks and set to write through, which is usual.' },
        back: { ifCause: 0.005, otherwise: 0.73, says: 'The controller uses its write cache.' },
      },
      excerpt: (_, { name, policy, configured }) => `${name}: ${policy}, set to ${configured ?? 'not told'}`,
      group: 'policy',
    },
    {
      when: ({ caches: { complaints } }) => complaints.length > 0,
      likelihood: { ifCause: 0.6, otherwise: 0.01 },
      says: ({ caches: { complaints } }) => `The controller complains: ${complaints.slice(0, 2).join('; ')}.`,
      group: 'battery',
    },
    {
      outcome: ({ pace: list }, { deviceName }) => {
        const writes = list?.disks.find((one) => one.name === deviceName)?.writeLatencyMs;
        return writes === undefined ? 'not known' : writes >= 20 ? 'slow' : writes >= 3 ? 'fair' : 'quick';
      },
      table: {
        slow: { ifCause: 0.6, otherwise: 0.08, says: ({ pace: list }, { deviceName }) => `A write takes ${ms(list?.disks.find((one) => one.name === deviceName)?.writeLatencyMs)}.` },
        quick: { ifCause: 0.05, otherwise: 0.6, says: ({ pace: list }, { deviceName }) => `A write takes only ${ms(list?.disks.find((one) => one.name === deviceName)?.writeLatencyMs)}.` },
      },
      group: 'writes',
    },
  ],
  tested: [
    {
      experiment: timedSyncedWrites,
      about: ({ disks: list }, { deviceName }) => storagesOf(list?.disks.find((one) => one.name === deviceName)),
      table: {
        'slow': { ifCause: 0.35, otherwise: 0.06 },
        'very slow': { ifCause: 0.15, otherwise: 0.012 },
        'slower than its like': { ifCause: 0.15, otherwise: 0.02 },
        'slow like all': { ifCause: 0.05, otherwise: 0.02 },
        'quick': { ifCause: 0.3, otherwise: 0.88 },
      },
    },
  ],
  ruledOut: [{ when: (_, { policy }) => policy === 'write back', says: 'the RAID controllers use their write cache' }],
  mechanisms: ['disk-saturated'],
  urgency: 'today',
  dataAtRisk: false,
  doNot: ['Do not force write back without a good battery: the last seconds of writes are lost when power fails, and file systems with them.'],
  mitigations: [restoreRaidCache],
  references: ['Broadcom StorCLI Reference Manual', 'HPE Smart Storage Administrator User Guide'],
  examples: {
    supporting: [
      { name: 'it fell back, and synced writes are slow', given: { caches: caches({}), disks: known }, found: [{ experiment: timedSyncedWrites, findings: [{ object: 'storage/tank', outcome: 'slow', says: '80 ms' }] }], object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A', symptoms: ['io-delay'], expect: 'identified' },
      { name: 'the battery is dead and the writes are slow', given: { caches: caches({}, ['controller 0: battery Failed']), disks: known, pace: slowWrites }, object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A', symptoms: ['disk-latency', 'io-delay'], expect: 'identified' },
      { name: 'it fell back, and its disk is not known by name', given: { caches: caches({ deviceName: undefined, media: undefined }) }, object: 'disk/raid-controller-0-volume-0', symptoms: ['io-delay'] },
    ],
    refuting: [
      { name: 'write through on purpose, and synced writes are quick', given: { caches: caches({ configured: 'write through' }), disks: known }, found: [{ experiment: timedSyncedWrites, findings: [{ object: 'storage/tank', outcome: 'quick', says: '12 ms' }] }] },
      { name: 'the cache is in use', given: { caches: caches({ policy: 'write back' }), disks: known, pace: slowWrites }, expect: 'ruled-out' },
      { name: 'solid-state disks, write through on purpose', given: { caches: caches({ configured: 'write through', media: 'ssd' }), disks: known, pace: { disks: [pace('sda', { latencyMs: 0.4, writeLatencyMs: 0.5 })] } } },
      { name: 'hard disks, write through on purpose, and not felt', given: { caches: caches({ configured: 'write through' }), disks: known, pace: { disks: [pace('sda')] } } },
      { name: 'a capacitor that is charging after a cold start', given: { caches: caches({ policy: 'write back' }, []), disks: known }, expect: 'ruled-out' },
    ],
  },
});
