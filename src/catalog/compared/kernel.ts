import type { ComparisonRule } from '../../define/comparison.ts';
import blockedTasks from '../kernel/blocked-tasks.probe.ts';
import bootHistory from '../kernel/boot-history.probe.ts';
import clock from '../kernel/clock.probe.ts';
import commandLine from '../kernel/command-line.probe.ts';
import failedUnits from '../kernel/failed-units.probe.ts';
import installedKernels from '../kernel/installed-kernels.probe.ts';
import installedPackages from '../kernel/installed-packages.probe.ts';
import kernelLogEvents from '../kernel/kernel-log-events.fact.ts';
import kernelLog from '../kernel/kernel-log.probe.ts';
import managementLog from '../kernel/management-log.probe.ts';
import moduleParameters from '../kernel/module-parameters.probe.ts';
import os from '../kernel/os.probe.ts';
import versions from '../kernel/versions.fact.ts';
import ioUringWaiters from '../meter/io-uring-waiters.probe.ts';
import { about, ignored } from './rule.ts';

const version = about(versions);
const system = about(os);
const packages = about(installedPackages);
const kernels = about(installedKernels);

export const kernelRules: readonly ComparisonRule[] = [
  version('kernel/version', 'version', 69, 'the running kernel'),
  version('kernel/flavour', 'version', 60, 'the maker of the running kernel'),
  version('zfs', 'version', 50, 'the module of ZFS', { shows: ['module'] }),
  version('zfs/module', 'version', 68, 'the ZFS that runs in the kernel'),
  version('zfs/userland', 'version', 58, 'the ZFS of the commands'),
  version('qemu/*/version', 'version', 56, 'the QEMU of {1}'),

  system('hardware/vendor', 'hardware', 60, 'the maker of the machine'),
  system('hardware/product', 'hardware', 60, 'the model of the machine'),
  system('hardware/firmwareVersion', 'version', 64, 'the firmware of the machine'),
  system('onlineCpus', 'hardware', 82, 'the list of CPUs in use'),
  system('presentCpus', 'hardware', 60, 'the list of CPUs that are there'),
  system('virtualization', 'hardware', 40, 'the hypervisor below this machine'),
  system('kernelRelease', 'version', 25, 'the release of the running kernel'),
  system('distribution/versionId', 'version', 60, 'the version of the distribution'),
  system('distribution/prettyName', 'version', 25, 'the distribution'),
  ...ignored(os, 'hostname', 'kernelBuild', 'uptimeSeconds', 'hardware/firmwareDate', 'clockTicksPerSecond'),

  about(commandLine)('parameters', 'setting', 74, 'the kernel command line', {
    setOf: ['name', 'value'],
    without: ['BOOT_IMAGE=', 'initrd=', 'root=', 'resume=', 'boot='],
    lost: 'The kernel command line no longer has {items}',
    gained: 'The kernel command line newly has {items}',
    label: '/proc/cmdline',
  }),
  ...ignored(commandLine, 'text'),
  about(moduleParameters)('*', 'setting', 15, 'the module {1}'),
  about(moduleParameters)('*/*', 'setting', 64, 'the parameter {2} of the module {1}', { label: '/sys/module/{1}/parameters/{2}' }),

  packages('packages/linux-image-*', 'version', 20, 'the package {1}', { shows: ['version'] }),
  packages('packages/proxmox-kernel-*', 'version', 20, 'the package {1}', { shows: ['version'] }),
  packages('packages/pve-kernel-*', 'version', 20, 'the package {1}', { shows: ['version'] }),
  packages('packages/*', 'version', 38, 'the package {1}', { shows: ['version'] }),
  packages('packages/*/version', 'version', 48, 'the package {1}'),
  packages('pinnedKernel', 'setting', 42, 'the kernel that is pinned'),
  packages('nextBootKernel', 'setting', 42, 'the kernel of the next boot'),
  packages('rebootRequired', 'other', 22, 'that the system asks for a reboot'),
  ...ignored(installedPackages, 'kernelImages', 'kernelModules'),
  kernels('kernels/*', 'version', 15, 'the installed kernel {1}'),
  kernels('kernels/*/zfs', 'version', 34, 'the ZFS of the installed kernel {1}'),
  kernels('pinned', 'setting', 42, 'the kernel that is pinned'),
  kernels('bootsWith', 'setting', 34, 'the boot loader'),
  ...ignored(installedKernels, 'running', 'grubEntries'),

  about(failedUnits)('units/*', 'health', { lost: 12, gained: 70, changed: 70 }, 'the unit {1}', { lost: 'The unit {1} is no longer marked as failed', gained: 'The unit {1} has failed' }),
  about(clock)('synchronised', 'health', { lost: 48, gained: 20, changed: 48 }, 'that the clock is set by a time server'),
  about(clock)('services', 'setting', 34, 'services that set the clock', { lost: 'These services no longer set the clock: {items}', gained: 'These services newly set the clock: {items}' }),
  ...ignored(clock, 'measured'),
  about(kernelLogEvents)('events/*', 'health', { lost: 0, gained: 45, changed: 45 }, 'messages of the kind {1}', { gained: 'The kernel newly logs messages of the kind {1}' }),
  ...ignored(kernelLog),
  ...ignored(managementLog),
  ...ignored(bootHistory),
  ...ignored(blockedTasks),
  ...ignored(ioUringWaiters),
];
