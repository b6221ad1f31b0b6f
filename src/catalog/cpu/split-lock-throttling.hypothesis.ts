import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { eventsOf } from '../kernel/kernel-log.samples.ts';
import kernelLogEvents from '../kernel/kernel-log-events.fact.ts';
import { agoText } from '../../lib/duration-text.ts';
import splitLockSetting from './split-lock-setting.probe.ts';
import stopSplitLockSlowdown from './stop-split-lock-slowdown.mitigation.ts';

type Events = { readonly events: readonly { readonly kind: string; readonly recentCount: number; readonly lastHourCount: number; readonly lastSecondsAgo?: number | undefined; readonly samples: readonly string[] }[] };

const locks = (log: Events) => log.events.find((events) => events.kind === 'split-lock');

/** QEMU names the threads of virtual processors "CPU 3/KVM". */
const ofGuest = (log: Events): string | undefined => locks(log)?.samples.find((line) => line.includes('/KVM/'));

const line = 'x86/split lock detection: #AC: CPU 1/KVM/20917 took a split_lock trap at address: 0x7ffb2d63';

export default defineHypothesis({
  id: 'split-lock-throttling',
  subject: 'cpu',
  proven: 'documentation',
  title: 'A guest is slowed down because its programs use split locks',
  about: `A split lock is an atomic access that crosses a cache line; it holds up all processors. Newer processors detect it, and since Linux 5.19 the kernel punishes the
program: it sleeps for 10 ms and then runs alone. A game, an old Windows program or an emulator in one guest can make that guest stutter, while others are fine.
Some lines in days are harmless; each thread is named once only.

To be sure by hand: \`dmesg | grep 'split lock'\` names threads such as \`CPU 1/KVM\`, and after \`sysctl kernel.split_lock_mitigate=0\` the guest is quick at once.`,
  needs: { log: kernelLogEvents, setting: optional(splitLockSetting) },
  prior: 1 / 800,
  explains: { 'guest-slow': 0.8 },
  evidence: [
    {
      when: ({ log }) => ofGuest(log) !== undefined && (locks(log)?.recentCount ?? 0) > 0,
      likelihood: { ifCause: 0.95, otherwise: 0.01 },
      says: ({ log }) => `Within the last 24 hours a virtual processor used split locks, the last time ${agoText(locks(log)?.lastSecondsAgo ?? 0)} ago.`,
      saysNot: 'No split lock of a guest was logged in the last 24 hours.',
      excerpt: ({ log }) => ofGuest(log) ?? '',
    },
    {
      when: ({ log }) => ofGuest(log) !== undefined && (locks(log)?.lastHourCount ?? 0) >= 3,
      decisive: true,
      likelihood: { ifCause: 0.6, otherwise: 0.0005 },
      says: ({ log }) => `${locks(log)?.lastHourCount ?? 0} such lines were logged within the last hour.`,
      group: 'last hour',
    },
  ],
  ruledOut: [
    { when: ({ setting }) => setting?.slowsDown === false, says: 'the kernel is set not to slow down programs for split locks' },
    { when: ({ log }) => log.coversBoot && locks(log) === undefined, says: 'no split lock was logged since the boot' },
  ],
  broughtBy: ['kernel', 'kernel-settings', 'guest'],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [stopSplitLockSlowdown],
  references: ['Linux Documentation/arch/x86/buslock.rst'],
  examples: {
    supporting: [
      { name: 'a guest with a program that does it all the time', given: { log: eventsOf({ kind: 'split-lock', recentCount: 18, lastHourCount: 8, lastSecondsAgo: 40, samples: [line] }), setting: { slowsDown: true } }, expect: 'identified' },
      { name: 'the setting cannot be read', given: { log: eventsOf({ kind: 'split-lock', recentCount: 5, lastHourCount: 4, samples: [line] }) } },
    ],
    refuting: [
      { name: 'one line of this morning', given: { log: eventsOf({ kind: 'split-lock', recentCount: 1, lastHourCount: 0, lastSecondsAgo: 30_000, samples: [line] }), setting: { slowsDown: true } }, expect: 'not-a-cause' },
      { name: 'a clean log', given: { log: eventsOf(), setting: { slowsDown: true } }, expect: 'ruled-out' },
      { name: 'switched off', given: { log: eventsOf({ kind: 'split-lock', recentCount: 40, samples: [line] }), setting: { slowsDown: false } }, expect: 'ruled-out' },
    ],
  },
});
