import { defineHypothesis } from '../../define/hypothesis.ts';
import keepCrashEvidence from './keep-crash-evidence.mitigation.ts';
import kernelLogEvents, { type LogEvents } from './kernel-log-events.fact.ts';
import { denied, eventsOf } from './kernel-log.samples.ts';
import { agoText } from '../../lib/duration-text.ts';
import updateKernel from './update-kernel.mitigation.ts';

const oopses = (log: { readonly events: readonly LogEvents[] }): LogEvents | undefined => log.events.find((events) => events.kind === 'oops');

const nullPointer = 'BUG: kernel NULL pointer dereference, address: 0000000000000008';

export default defineHypothesis({
  id: 'kernel-oops',
  subject: 'kernel',
  proven: 'documentation',
  title: 'The kernel hit an error in its own code and went on damaged',
  about: `After an oops, a "kernel BUG" or a ZFS panic, the task that ran is gone or stands still for ever, and the locks that it held stay locked. What needs them
hangs: a file system, a guest, a shutdown. The host may look well otherwise. The cause lies in the kernel, a module, or in faulty memory; the lines after the
first name the module and the call trace. Only a reboot clears it.

To be sure by hand: \`journalctl -k -b | grep -nE 'BUG:|Oops|general protection|kernel BUG|PANIC at|VERIFY'\`.`,
  needs: { log: kernelLogEvents },
  prior: 1 / 200,
  explains: { 'errors-logged': 0.9, 'high-load': 0.3, 'io-delay': 0.25, 'guest-slow': 0.3, 'guest-down': 0.3, rebooted: 0.1 },
  evidence: [
    {
      when: ({ log }) => (oopses(log)?.count ?? 0) > 0,
      likelihood: { ifCause: 0.98, otherwise: 0.004 },
      says: ({ log }) => `The kernel logged an error in its own code${oopses(log)?.lastSecondsAgo === undefined ? '' : `, the last time ${agoText(oopses(log)?.lastSecondsAgo ?? 0)} ago`}.`,
      saysNot: 'The kernel log shows no error in the kernel itself.',
      excerpt: ({ log }) => oopses(log)?.samples[0] ?? '',
    },
    {
      when: ({ log }) => (oopses(log)?.recentCount ?? 0) > 0,
      decisive: true,
      likelihood: { ifCause: 0.95, otherwise: 0.001 },
      says: 'That was within the last 24 hours, and the host has not been rebooted since.',
      group: 'recent',
    },
  ],
  ruledOut: [{ when: ({ log }) => log.coversBoot && oopses(log) === undefined, says: 'the kernel log goes back to the boot and shows no oops' }],
  broughtBy: ['kernel', 'microcode'],
  mechanisms: ['hung-tasks', 'soft-lockup'],
  urgency: 'today',
  dataAtRisk: true,
  containment: ['Save the kernel log now; it is lost with a reset.', 'Move or shut down the guests that still answer.'],
  doNot: ['Do not go on for days: what the failed code held stays locked until the reboot.'],
  mitigations: [keepCrashEvidence, updateKernel],
  references: ['Linux Documentation/admin-guide/bug-hunting.rst', 'Linux Documentation/admin-guide/tainted-kernels.rst'],
  examples: {
    supporting: [
      { name: 'a null pointer an hour ago', given: { log: eventsOf({ kind: 'oops', count: 3, recentCount: 3, lastSecondsAgo: 3_600, samples: [nullPointer] }) }, expect: 'identified' },
      { name: 'a ZFS panic', given: { log: eventsOf({ kind: 'oops', samples: ['PANIC at zio.c:3470:zio_done()'] }, { kind: 'hung-task', recentCount: 6 }) } },
    ],
    refuting: [
      { name: 'a clean log', given: { log: eventsOf() }, expect: 'ruled-out' },
      { name: 'a log that does not go back to the boot', given: { log: { ...eventsOf(), coversBoot: false } }, expect: 'not-a-cause' },
      { name: 'an oops most of a year ago, and a host that is busy today', given: { log: eventsOf({ kind: 'oops', count: 1, recentCount: 0, lastHourCount: 0, lastSecondsAgo: 25_000_000, samples: [nullPointer] }) }, symptoms: ['io-delay', 'high-load', 'guest-slow'], expect: 'not-a-cause' },
      { name: 'disk errors only', given: { log: eventsOf({ kind: 'io-error', recentCount: 30 }) }, expect: 'ruled-out' },
      { name: 'an ordinary user', given: { log: denied }, expect: 'cannot-tell' },
    ],
  },
});
