import { defineHypothesis } from '../../define/hypothesis.ts';
import kernelLogEvents, { type LogEvents } from './kernel-log-events.fact.ts';
import keepCrashEvidence from './keep-crash-evidence.mitigation.ts';
import { denied, eventsOf } from './kernel-log.samples.ts';
import { countText } from './number-text.ts';
import { agoText } from '../../lib/duration-text.ts';

type Log = { readonly events: readonly LogEvents[] };

const lockups = (log: Log): readonly LogEvents[] => log.events.filter(({ kind }) => kind === 'soft-lockup' || kind === 'rcu-stall');
const recentLockups = (log: Log): number => lockups(log).reduce((sum, events) => sum + events.recentCount, 0);

const line = 'watchdog: BUG: soft lockup - CPU#5 stuck for 26s! [z_wr_iss:812]';

export default defineHypothesis({
  id: 'soft-lockup',
  subject: 'kernel',
  role: 'mechanism',
  proven: 'documentation',
  title: 'A processor was stuck in the kernel for many seconds',
  about: `The watchdog found a processor that for more than 20 seconds ran nothing but one piece of kernel code, or that did not answer the others (RCU stall). Meanwhile all that
waits for this processor stands still. It is a link in a chain: a slow or dead device, much too much work in the kernel, a bug, or, in a virtual machine, a
hypervisor that did not let this processor run.

To be sure by hand: \`journalctl -k -b | grep -E 'soft lockup|hard LOCKUP|detected stalls'\`; the name in brackets is the task, the call trace below the place.`,
  needs: { log: kernelLogEvents },
  prior: 0.01,
  explains: { 'errors-logged': 0.95, 'high-load': 0.5, 'cpu-pressure': 0.3, 'guest-slow': 0.5, 'target-missing': 0.3 },
  evidence: [
    {
      when: ({ log }) => recentLockups(log) > 0,
      decisive: true,
      likelihood: { ifCause: 0.97, otherwise: 0.001 },
      says: ({ log }) => `In the last 24 hours the kernel reported ${countText(recentLockups(log), 'time', 'times')} that a processor was stuck, the last time ${agoText(Math.min(...lockups(log).map((events) => events.lastSecondsAgo ?? 0)))} ago.`,
      saysNot: 'In the last 24 hours no processor was reported as stuck.',
      excerpt: ({ log }) => lockups(log)[0]?.samples.at(-1) ?? '',
    },
  ],
  ruledOut: [{ when: ({ log }) => log.coversBoot && lockups(log).length === 0, says: 'the kernel log goes back to the boot and reports no stuck processor' }],
  broughtBy: ['kernel', 'microcode'],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [keepCrashEvidence],
  references: ['Linux Documentation/admin-guide/lockup-watchdogs.rst', 'Linux Documentation/RCU/stallwarn.rst'],
  examples: {
    supporting: [
      { name: 'a thread of ZFS', given: { log: eventsOf({ kind: 'soft-lockup', recentCount: 4, samples: [line] }) }, expect: 'identified' },
      { name: 'stalls of RCU', given: { log: eventsOf({ kind: 'rcu-stall', recentCount: 2, samples: ['rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:'] }) } },
    ],
    refuting: [
      { name: 'a clean log', given: { log: eventsOf() }, expect: 'ruled-out' },
      { name: 'one of last week', given: { log: eventsOf({ kind: 'soft-lockup', count: 1, recentCount: 0, lastSecondsAgo: 600_000, samples: [line] }) }, expect: 'not-a-cause' },
      { name: 'an ordinary user', given: { log: denied }, expect: 'cannot-tell' },
    ],
  },
});
