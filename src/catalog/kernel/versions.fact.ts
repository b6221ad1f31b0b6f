import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import { runningVersionsSchema } from '../../define/versions.ts';
import { kernelVersionOf } from '../../lib/kernel-version.ts';
import guestProcesses from '../guests/guest-processes.probe.ts';
import zfsVersion from '../zfs/zfs-version.probe.ts';
import { proxmoxHost } from './os.samples.ts';
import operatingSystem from './os.probe.ts';

/** Versions of what runs, as opposed to what is installed. */
export default defineFact({
  id: 'versions',
  title: 'Versions of the running kernel, ZFS and QEMU',
  needs: { system: operatingSystem, zfs: optional(zfsVersion), guests: optional(guestProcesses) },
  schema: runningVersionsSchema,
  derive: ({ system, zfs, guests }) => ({
    kernel: { release: system.kernelRelease, ...kernelVersionOf(system.kernelRelease, system.kernelBuild) },
    zfs: zfs === undefined ? undefined : { module: zfs.module },
    qemu: (guests?.guests ?? []).flatMap(({ object, qemuVersion, binaryReplaced }) =>
      qemuVersion === undefined ? [] : [{ guest: object, version: qemuVersion, deletedBinary: binaryReplaced }],
    ),
  }),
  examples: [
    {
      name: 'Proxmox VE with ZFS',
      given: { system: proxmoxHost, zfs: { module: '2.1.12-pve1' } },
      expect: {
        kernel: { release: '6.2.16-10-pve', version: '6.2.16-10', flavour: 'proxmox' },
        zfs: { module: '2.1.12-pve1' },
        qemu: [],
      },
    },
    {
      name: 'Debian without ZFS',
      given: {
        system: {
          ...proxmoxHost,
          kernelRelease: '6.1.0-50-amd64',
          kernelBuild: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-07-02)',
        },
      },
      expect: { kernel: { version: '6.1.176-1', flavour: 'debian' }, zfs: undefined },
    },
  ],
});
