import { defineFact } from '../../define/fact.ts';
import { hostIdentitySchema } from '../../define/report.ts';
import { optional } from '../../define/source.ts';
import cpuInfo from '../cpu/cpu-info.probe.ts';
import { intelServer } from '../cpu/processors.ts';
import memoryInfo from '../memory/memory-info.probe.ts';
import zfsVersion from '../zfs/zfs-version.probe.ts';
import installedPackages from './installed-packages.probe.ts';
import operatingSystem from './os.probe.ts';
import { proxmoxHost } from './os.samples.ts';

/** What the head of a report says about the host. */
export default defineFact({
  id: 'host-identity',
  title: 'What kind of host it is',
  needs: {
    system: operatingSystem,
    cpu: cpuInfo,
    memory: optional(memoryInfo),
    zfs: optional(zfsVersion),
    installed: optional(installedPackages),
  },
  schema: hostIdentitySchema,
  derive: ({ system, cpu, memory, zfs, installed }) => ({
    hostname: system.hostname,
    operatingSystem: system.distribution.prettyName,
    proxmox: installed?.packages.find((one) => one.name === 'pve-manager')?.version,
    kernel: system.kernelRelease,
    zfs: zfs?.module,
    cpuModel: cpu.model,
    cpuCount: cpu.cpuCount,
    memoryBytes: memory?.totalBytes ?? 0,
    uptimeSeconds: system.uptimeSeconds,
  }),
  examples: [
    {
      name: 'Proxmox VE',
      given: {
        system: proxmoxHost,
        cpu: intelServer,
        zfs: { module: '2.1.12-pve1' },
        installed: {
          packages: [{ name: 'pve-manager', version: '8.0.4' }],
          kernelImages: [],
          kernelModules: [],
          rebootRequired: false,
        },
      },
      expect: { hostname: 'pve1', proxmox: '8.0.4', kernel: '6.2.16-10-pve', zfs: '2.1.12-pve1', cpuCount: 32 },
    },
    { name: 'a plain Debian', given: { system: proxmoxHost, cpu: intelServer }, expect: { proxmox: undefined, zfs: undefined } },
    { name: 'nothing known of the processor', given: { system: proxmoxHost, cpu: { status: 'failed', reason: 'timed-out', detail: '' } }, expect: 'timed-out' },
  ],
});
