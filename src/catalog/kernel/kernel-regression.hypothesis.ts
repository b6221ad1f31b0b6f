import { defineHypothesis } from '../../define/hypothesis.ts';
import bootPreviousKernel from '../zfs/boot-previous-kernel.mitigation.ts';
import { agoText } from '../../lib/duration-text.ts';
import operatingSystem from './os.probe.ts';
import { proxmoxHost } from './os.samples.ts';
import timedSyncedWrites from '../disk/timed-synced-writes.experiment.ts';
import otherStorage from '../disk/other-storage.experiment.ts';

const recentSeconds = 7 * 86_400;

export default defineHypothesis({
  id: 'kernel-regression',
  subject: 'kernel',
  proven: 'examples',
  title: 'The running kernel brought the trouble with it',
  about: `A newer kernel may do something worse than the one before. That is easily suspected and hard to show: an update and the trouble after it may have met by chance, and a
reboot changes much besides the kernel. Culprit never says it without a known defect of the running version that shows its own signs, or a record of the time
before.

To be sure by hand: boot the previous kernel (\`proxmox-boot-tool kernel list\`, \`proxmox-boot-tool kernel pin <version> --next-boot\`) with everything else unchanged, and
look whether the trouble is gone, then boot the newer one again and look whether it comes back.`,
  needs: { system: operatingSystem },
  prior: 1 / 400,
  explains: { 'io-delay': 0.2, 'high-load': 0.2, 'cpu-pressure': 0.2, 'errors-logged': 0.2, 'guest-slow': 0.2, 'network-errors': 0.1, rebooted: 0.1 },
  evidence: [
    {
      when: ({ system }) => system.uptimeSeconds <= recentSeconds,
      likelihood: { ifCause: 0.6, otherwise: 0.35 },
      says: ({ system }) => `The host started its kernel ${agoText(system.uptimeSeconds)} ago.`,
      saysNot: ({ system }) => `The same kernel has been running for ${agoText(system.uptimeSeconds)}.`,
      excerpt: ({ system }) => system.kernelRelease,
    },
  ],
  tested: [
    {
      experiment: timedSyncedWrites,
      about: () => ['host'],
      table: {
        'slow like all': { ifCause: 0.09, otherwise: 0.04 },
        'slow on some': { ifCause: 0.08, otherwise: 0.12 },
        'quick': { ifCause: 0.83, otherwise: 0.84 },
      },
    },
    {
      experiment: otherStorage,
      about: () => ['host'],
      table: {
        'both are slow': { ifCause: 0.09, otherwise: 0.04 },
        'only this storage is slow': { ifCause: 0.04, otherwise: 0.08 },
        'it keeps up': { ifCause: 0.87, otherwise: 0.88 },
      },
    },
  ],
  broughtBy: ['kernel'],
  settledBy: 'a history of which kernel ran before the trouble began, or a known defect of this version',
  urgency: 'window',
  mitigations: [bootPreviousKernel],
  references: ['Linux Documentation/admin-guide/reporting-regressions.rst'],
  examples: {
    supporting: [],
    refuting: [
      { name: 'a new kernel, and all storages are slow: that is not enough', given: { system: { ...proxmoxHost, uptimeSeconds: 86_400 } }, found: [{ experiment: otherStorage, findings: [{ object: 'host', outcome: 'both are slow', says: '8 MB/s and 9 MB/s' }] }], expect: 'not-a-cause' },
      { name: 'a new kernel since yesterday, and no more than that', given: { system: { ...proxmoxHost, uptimeSeconds: 86_400 } }, expect: 'not-a-cause' },
      { name: 'the same kernel for months', given: { system: { ...proxmoxHost, uptimeSeconds: 9_000_000 } }, expect: 'not-a-cause' },
    ],
  },
});
