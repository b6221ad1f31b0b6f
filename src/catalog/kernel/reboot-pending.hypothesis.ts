import { defineHypothesis } from '../../define/hypothesis.ts';
import { compareDebianVersions } from '../../lib/debian-version.ts';
import { isContainer } from './container.ts';
import installedPackages from './installed-packages.probe.ts';
import operatingSystem from './os.probe.ts';
import { proxmoxHost, virtualHost } from './os.samples.ts';
import rebootInAWindow from './reboot-in-a-window.mitigation.ts';

interface Installed {
  readonly kernelImages: readonly string[];
  readonly kernelModules: readonly string[];
  readonly pinnedKernel?: string | undefined;
}

/** `6.8.12-4-pve` → `pve`: kernels of one make end alike, and only those are compared. */
const makeOf = (release: string): string => /-([a-z][a-z0-9_-]*)$/.exec(release)?.[1] ?? '';

/** The newest kernel of the running one's make that could be booted, where it is newer than the running one. */
function newerKernel(running: string, installed: Installed): string | undefined {
  const list = installed.kernelImages.length > 0 ? installed.kernelImages : installed.kernelModules;
  const newest = list.filter((release) => makeOf(release) === makeOf(running)).toSorted((a, b) => compareDebianVersions(b, a))[0];
  return newest !== undefined && compareDebianVersions(newest, running) > 0 ? newest : undefined;
}

const modulesGone = (running: string, installed: Installed): boolean => installed.kernelModules.length > 0 && !installed.kernelModules.includes(running);

const kernels = (...releases: readonly string[]) => ({ packages: [], kernelImages: [...releases], kernelModules: [...releases], rebootRequired: false });

export default defineHypothesis({
  id: 'reboot-pending',
  subject: 'kernel',
  proven: 'documentation',
  title: 'A newer kernel is installed, but an older one is running',
  about: `Updates of the kernel take effect with a reboot only. Until then a fix that is installed changes nothing, and once the running kernel's own modules have been removed,
no further module can be loaded: a file system, a card or a guest's network may then fail. A pinned kernel (\`proxmox-boot-tool kernel pin\`) is kept on purpose. It
is worth knowing, but seldom why something is slow now.

To be sure by hand: \`uname -r\`, \`ls /boot/vmlinuz-*\`, \`proxmox-boot-tool kernel list\`.`,
  needs: { system: operatingSystem, installed: installedPackages },
  prior: 0.05,
  explains: {},
  evidence: [
    {
      when: ({ system, installed }) => newerKernel(system.kernelRelease, installed) !== undefined,
      decisive: true,
      likelihood: { ifCause: 0.97, otherwise: 0.002 },
      says: ({ system, installed }) => `${system.kernelRelease} is running, and ${newerKernel(system.kernelRelease, installed) ?? ''} is installed.`,
      saysNot: 'No newer kernel is installed than the running one.',
    },
    {
      when: ({ system, installed }) => modulesGone(system.kernelRelease, installed),
      likelihood: { ifCause: 0.1, otherwise: 0.004 },
      says: ({ system }) => `The modules of the running kernel are gone (/lib/modules/${system.kernelRelease}), so none can be loaded any more.`,
    },
    {
      when: ({ installed }) => installed.rebootRequired,
      likelihood: { ifCause: 0.4, otherwise: 0.05 },
      says: 'The system itself says that it waits for a reboot (/run/reboot-required).',
    },
  ],
  ruledOut: [
    { when: ({ system, installed }) => installed.pinnedKernel === system.kernelRelease, says: ({ system }) => `${system.kernelRelease} is pinned on purpose` },
    { when: ({ system }) => isContainer(system), says: 'a container runs the kernel of its host' },
  ],
  urgency: 'window',
  dataAtRisk: false,
  mitigations: [rebootInAWindow],
  references: ['proxmox-boot-tool(8)', 'Proxmox VE Administration Guide: Host Bootloader'],
  examples: {
    supporting: [
      { name: 'updated yesterday', given: { system: proxmoxHost, installed: kernels('6.2.16-10-pve', '6.2.16-14-pve') } },
      { name: 'the running kernel was removed', given: { system: virtualHost, installed: { ...kernels('6.1.0-51-amd64'), rebootRequired: true } } },
    ],
    refuting: [
      { name: 'the newest is running', given: { system: proxmoxHost, installed: kernels('6.2.16-9-pve', '6.2.16-10-pve') }, expect: 'not-a-cause' },
      { name: 'pinned', given: { system: proxmoxHost, installed: { ...kernels('6.2.16-10-pve', '6.5.11-8-pve'), pinnedKernel: '6.2.16-10-pve' } }, expect: 'ruled-out' },
      { name: 'kernels of another make', given: { system: { ...proxmoxHost, kernelRelease: '6.18.44-fc' }, installed: kernels('6.1.0-50-amd64') }, expect: 'not-a-cause' },
      { name: 'nothing in /boot, as in many virtual machines', given: { system: virtualHost, installed: { packages: [], kernelImages: [], kernelModules: [], rebootRequired: false } }, expect: 'not-a-cause' },
    ],
  },
});
