import type { ComparisonRule } from '../../define/comparison.ts';
import backupFreezes from '../guests/backup-freezes.probe.ts';
import backupJobs from '../guests/backup-jobs.probe.ts';
import backupProgress from '../guests/backup-progress.probe.ts';
import cephHealth from '../guests/ceph-health.probe.ts';
import guestCgroups from '../guests/guest-cgroups.probe.ts';
import guestConfigs from '../guests/guest-configs.probe.ts';
import guestProcesses from '../guests/guest-processes.probe.ts';
import guestRoles from '../guests/guest-roles.probe.ts';
import guestTasks from '../guests/guest-tasks.probe.ts';
import guestVolumes from '../guests/guest-volumes.probe.ts';
import guestsFact from '../guests/guests.fact.ts';
import managerReports from '../guests/manager-reports.probe.ts';
import pmxcfs from '../guests/pmxcfs.probe.ts';
import proxmoxLog from '../guests/proxmox-log.probe.ts';
import proxmoxProbe from '../guests/proxmox.probe.ts';
import runningTasks from '../guests/running-tasks.probe.ts';
import { about, hardware, ignored } from './rule.ts';

const guest = about(guestsFact);
const config = about(guestConfigs);
const limits = about(guestCgroups);
const proxmox = about(proxmoxProbe);

export const guestRules: readonly ComparisonRule[] = [
  guest('guests/*', 'guest', { lost: 36, gained: 54, changed: 54 }, 'the guest {1}', { shows: ['name', 'memoryBytes'], ofTheMachine: true }),
  guest('guests/*/running', 'guest', { lost: 36, gained: 50, changed: 50 }, 'that the guest {1} runs', { lost: 'The guest {1} no longer runs', gained: 'The guest {1} runs now', ofTheMachine: true }),
  guest('guests/*/lock', 'guest', 56, 'the lock of the guest {1}', { ofTheMachine: true }),

  config('guests/*', 'guest', 0, 'the settings of the guest {1}'),
  config('guests/*/cpuType', 'guest', 66, 'the CPU type of the guest {1}', { ofTheMachine: true }),
  config('guests/*/disks/*', 'guest', 44, 'the disk {2} of the guest {1}', { shows: ['storage', 'sizeBytes'], ofTheMachine: true }),
  config('guests/*/disks/*/sizeBytes', 'guest', 34, 'the size of the disk {2} of the guest {1}', { ofTheMachine: true }),
  config('guests/*/disks/*/*', 'guest', 60, '{3:words} of the disk {2} of the guest {1}', { ofTheMachine: true }),
  config('guests/*/nets/*', 'guest', 38, 'the network card {2} of the guest {1}', { ofTheMachine: true }),
  config('guests/*/nets/*/*', 'guest', 44, '{3:words} of the network card {2} of the guest {1}', { ofTheMachine: true }),
  config('guests/*/passthrough', 'guest', 62, 'devices handed through to the guest {1}', { ofTheMachine: true }),
  ...ignored(guestConfigs, 'guests/*/label', 'guests/*/name', 'guests/*/lock'),
  config('guests/*/disks', 'guest', 0, 'disks of the guest {1}'),
  config('guests/*/nets', 'guest', 0, 'network cards of the guest {1}'),
  config('guests/*/*', 'guest', 52, '{2:words} of the guest {1}', { ofTheMachine: true }),
  limits('second/guests/*/cpu/limitCpus', 'guest', 56, 'the limit of CPU time of the guest {1}', { ofTheMachine: true }),
  limits('second/guests/*/cpu/weight', 'guest', 40, 'the CPU weight of the guest {1}', { ofTheMachine: true }),
  limits('second/guests/*/memory/maxBytes', 'guest', 56, 'the limit of memory of the guest {1}', { ofTheMachine: true }),
  ...(['readBytesPerSecond', 'writeBytesPerSecond', 'readsPerSecond', 'writesPerSecond'] as const).map((name) => limits(`second/guests/*/ioLimits/${name}`, 'guest', 58, `the I/O limit of the guest {1} (${name})`, { ofTheMachine: true })),
  about(guestProcesses)('guests/*', 'guest', 0, 'the process of the guest {1}'),
  about(guestProcesses)('guests/*/qemuVersion', 'version', 54, 'the QEMU of the guest {1}', { ofTheMachine: true }),
  ...ignored(guestProcesses, 'guests/*/*'),
  about(guestRoles)('guests/*', 'guest', 0, 'the roles of the guest {1}'),
  ...ignored(guestRoles, 'guests/*/tags', 'guests/*/addresses', 'guests/*/hardwareAddresses', 'needed'),

  about(backupJobs)('jobs/*', 'setting', 44, 'the backup job {1}', { shows: ['schedule', 'storage'], ofTheMachine: true }),
  about(backupJobs)('jobs/*/*', 'setting', 44, '{2:words} of the backup job {1}', { ofTheMachine: true }),
  ...ignored(backupJobs, 'results', 'oldestTaskAt', 'now'),
  proxmox('storages/*', 'setting', hardware(58), 'the storage {1}', { shows: ['type'], ofTheMachine: true }),
  proxmox('storages/*/*', 'setting', 54, '{2:words} of the storage {1}', { ofTheMachine: true }),
  proxmox('cluster/quorate', 'health', { lost: 90, gained: 20, changed: 90 }, 'that the cluster has its quorum'),
  proxmox('cluster/nodes/*', 'setting', 48, 'the cluster node {1}', { ofTheMachine: true }),
  proxmox('cluster/nodes/*/online', 'health', { lost: 80, gained: 20, changed: 80 }, 'that the cluster node {1} is online'),
  ...ignored(proxmoxProbe, 'nodeName'),
  about(cephHealth)('status', 'health', { lost: 86, gained: 32, changed: 86 }, 'the health of Ceph', { best: ['HEALTH_OK'] }),
  about(cephHealth)('checks/*', 'health', { lost: 12, gained: 66, changed: 66 }, 'the warning {1} of Ceph', { shows: ['severity'] }),
  about(pmxcfs)('mounted', 'health', { lost: 88, gained: 20, changed: 88 }, 'that the file system of the cluster is mounted'),
  ...ignored(pmxcfs, 'process', 'answer', 'seconds'),
  ...ignored(backupFreezes),
  ...ignored(backupProgress),
  ...ignored(guestTasks),
  ...ignored(guestVolumes),
  ...ignored(managerReports),
  ...ignored(proxmoxLog),
  ...ignored(runningTasks),
];
