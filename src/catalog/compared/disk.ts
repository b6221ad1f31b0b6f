import type { ComparisonRule } from '../../define/comparison.ts';
import ataLinks from '../disk/ata-links.probe.ts';
import blockDevices from '../disk/block-devices.probe.ts';
import blockQueues from '../disk/block-queues.probe.ts';
import diskComparison from '../disk/disk-comparison.fact.ts';
import diskHealth from '../disk/disk-health.fact.ts';
import disksFact from '../disk/disks.fact.ts';
import mdArrays from '../disk/md-arrays.probe.ts';
import nvme from '../disk/nvme.probe.ts';
import raidCaches from '../disk/raid-caches.probe.ts';
import smart from '../disk/smart.probe.ts';
import timedReads from '../disk/timed-reads.probe.ts';
import filesystemUsage from '../filesystem/filesystem-usage.probe.ts';
import fstab from '../filesystem/fstab.probe.ts';
import lvm from '../filesystem/lvm.probe.ts';
import mountsProbe from '../filesystem/mounts.probe.ts';
import networkMounts from '../filesystem/network-mounts.probe.ts';
import space from '../filesystem/space.fact.ts';
import { about, hardware, ignored } from './rule.ts';

const disks = about(disksFact);
const queue = about(blockQueues);
const health = about(diskHealth);
const mounts = about(mountsProbe);
const volumes = about(lvm);
const more = { ratio: 1, atLeast: 1, only: 'more' } as const;

export const diskRules: readonly ComparisonRule[] = [
  disks('disks/*', 'hardware', { lost: 92, gained: 45, changed: 92 }, 'the disk {1}', { shows: ['model', 'sizeBytes', 'name'], ofTheMachine: true }),
  disks('disks/*/firmware', 'version', 64, 'the firmware of {1}'),
  disks('disks/*/model', 'hardware', 60, 'the model of {1}'),
  disks('disks/*/sizeBytes', 'hardware', 60, 'the size of {1}'),
  disks('disks/*/transport', 'hardware', { lost: 20, gained: 20, changed: 58 }, 'the way in which {1} is attached'),
  disks('disks/*/state', 'health', { lost: 80, gained: 32, changed: 80 }, 'the state of {1}', { best: ['live', 'running'] }),
  disks('disks/*/rebuilding', 'health', { lost: 12, gained: 60, changed: 60 }, 'that {1} is being rebuilt'),
  ...ignored(blockDevices),

  queue('queues/*', 'hardware', 0, 'the queue of {1}', { ofDisks: true }),
  queue('queues/*/writeCache', 'setting', { lost: 86, gained: 50, changed: 86 }, 'the write cache of {1}', { best: ['write back'] }),
  queue('queues/*/scheduler', 'setting', 62, 'the I/O scheduler of {1}'),
  queue('queues/*/writebackThrottleMicroseconds', 'setting', 46, 'the latency target of writes to {1}', { label: 'wbt_lat_usec' }),
  queue('queues/*/requests', 'setting', 38, 'the length of the queue of {1}', { label: 'nr_requests' }),
  queue('queues/*/queueDepth', 'setting', 48, 'the number of commands that {1} takes at a time'),
  queue('queues/*/discardMaxBytes', 'setting', 34, 'the largest discard that {1} takes'),
  queue('queues/*/state', 'health', { lost: 82, gained: 32, changed: 82 }, 'the state of {1}', { best: ['live', 'running'] }),
  queue('queues/*/commandTimeoutSeconds', 'setting', 38, 'the time limit of commands to {1}'),
  ...ignored(blockQueues, 'queues/*/rotational', 'queues/*/physicalBlockBytes', 'queues/*/logicalBlockBytes'),

  health('disks/*/passed', 'health', { lost: 94, gained: 12, changed: 94 }, 'what {1} says of its own health', { lost: '{1} no longer passes its own health check' }),
  health('disks/*/pendingSectors', 'health', 88, 'the number of unreadable sectors of {1}', { noise: more }),
  health('disks/*/reallocatedSectors', 'health', 82, 'the number of replaced sectors of {1}', { noise: more }),
  health('disks/*/grownDefects', 'health', 82, 'the number of grown defects of {1}', { noise: more }),
  health('disks/*/uncorrectedErrors', 'health', 86, 'the number of uncorrected errors of {1}', { noise: more }),
  health('disks/*/mediaErrors', 'health', 86, 'the number of media errors of {1}', { noise: more }),
  health('disks/*/cableErrors', 'health', 72, 'the number of transfer errors of {1}', { noise: more }),
  health('disks/*/criticalWarning', 'health', 88, 'the critical warning of {1}'),
  health('disks/*/wearPercent', 'health', 40, 'the wear of {1}', { noise: { ratio: 1, atLeast: 5, unit: '%', only: 'more' } }),
  health('disks/*/availableSparePercent', 'health', 70, 'the spare of {1}', { noise: { ratio: 1, atLeast: 5, unit: '%', only: 'less' } }),
  ...ignored(smart),

  about(diskComparison)('disks/*/latencyMs', 'measured', { lost: 12, gained: 52, changed: 52 }, 'the mean time of a request to {1}', { noise: { ratio: 4, atLeast: 3, unit: 'ms' }, enough: { of: 'completed', atLeast: 20 } }),
  about(diskComparison)('disks/*/timedReadMs', 'measured', { lost: 12, gained: 52, changed: 52 }, 'the time of a single read from {1}', { noise: { ratio: 4, atLeast: 20, unit: 'ms' } }),
  ...ignored(timedReads),

  about(nvme)('powerSavingLatencyMicroseconds', 'setting', 44, 'the latency that NVMe drives may have for saving power', { label: 'default_ps_max_latency_us' }),
  about(nvme)('controllers', 'hardware', 0, 'NVMe drives'),
  about(nvme)('controllers/*', 'hardware', 0, 'the NVMe drive {1}'),
  about(nvme)('controllers/*/state', 'health', 84, 'the state of the NVMe drive {1}', { best: ['live'] }),
  ...ignored(nvme, 'controllers/*/*'),
  about(raidCaches)('volumes/*/policy', 'setting', 90, 'the cache policy of the RAID volume {1}'),
  about(raidCaches)('volumes/*/configured', 'setting', 72, 'the cache policy that was asked for, of the RAID volume {1}'),
  about(raidCaches)('volumes/*', 'hardware', hardware(80), 'the RAID volume {1}', { ofTheMachine: true }),
  about(ataLinks)('links/*/gbps', 'hardware', { lost: 82, gained: 34, changed: 82 }, 'the speed of the SATA link of port {1}'),
  about(ataLinks)('links/*/limitGbps', 'setting', { lost: 72, gained: 34, changed: 72 }, 'the limit of the SATA link of port {1}'),
  about(ataLinks)('links/*', 'hardware', 0, 'the SATA link of port {1}'),
  about(mdArrays)('arrays/*', 'hardware', hardware(80), 'the software RAID {1}', { ofTheMachine: true }),
  about(mdArrays)('arrays/*/working', 'health', { lost: 90, gained: 34, changed: 90 }, 'the number of working members of the software RAID {1}'),
  about(mdArrays)('arrays/*/action', 'health', { lost: 12, gained: 56, changed: 40 }, 'work on the software RAID {1}', { shows: ['kind'] }),
  ...ignored(mdArrays, 'arrays/*/action/*'),

  about(space)('filesystems/*/usedPercent', 'measured', { lost: 12, gained: 44, changed: 44 }, 'the space in use on {1}', { noise: { ratio: 1, atLeast: 10, unit: '%' } }),
  ...ignored(filesystemUsage),
  about(fstab)('entries/*', 'setting', 42, 'the entry of {1} in /etc/fstab', { ofTheMachine: true }),
  about(fstab)('entries/*/options', 'setting', 56, 'mount options of {1} in /etc/fstab'),
  ...ignored(mountsProbe, 'mounts/%run%user%*', 'mounts/*/superOptions', 'mounts/*/device', 'mounts/*/root'),
  mounts('mounts/*', 'setting', 18, 'what is mounted on {1}', { shows: ['type', 'device'], ofTheMachine: true }),
  mounts('mounts/*/options', 'setting', 68, 'mount options of {1}'),
  mounts('mounts/*/type', 'setting', 50, 'the type of the file system on {1}'),
  about(networkMounts)('mounts/*', 'setting', hardware(56), 'the network storage on {1}', { shows: ['type', 'server'], ofTheMachine: true }),
  about(networkMounts)('servers/*/outcome', 'health', { lost: 76, gained: 20, changed: 76 }, 'the answer of the server of {1}', { best: ['answers'] }),
  about(networkMounts)('servers/*', 'health', 0, 'the server of {1}'),
  ...ignored(networkMounts, 'servers/*/*', 'transports', 'mounts/*/device'),
  volumes('volumes/*/health', 'health', 86, 'the health of the logical volume {1}'),
  volumes('volumes/*/sizeBytes', 'setting', 36, 'the size of the logical volume {1}'),
  volumes('volumes/*/dataPercent', 'measured', { lost: 12, gained: 44, changed: 44 }, 'the space in use in the thin volume {1}', { noise: { ratio: 1, atLeast: 10, unit: '%' } }),
  volumes('volumes/*', 'setting', 20, 'the logical volume {1}', { shows: ['sizeBytes'], ofTheMachine: true }),
  volumes('groups/*/missingDevices', 'health', 90, 'the number of missing disks of the volume group {1}'),
  ...ignored(lvm, 'volumes/*/attributes', 'groups/*/freeBytes'),
];
