import { defineHypothesis } from '../../define/hypothesis.ts';
import blockedTasks from './blocked-tasks.probe.ts';
import keepCrashEvidence from './keep-crash-evidence.mitigation.ts';
import kernelLogEvents, { type LogEvents } from './kernel-log-events.fact.ts';
import { denied, eventsOf } from './kernel-log.samples.ts';
import { countText } from './number-text.ts';
import { agoText } from '../../lib/duration-text.ts';
import taskUsage, { type TaskUsage } from './task-usage.fact.ts';
import { taskUsageOf } from './task-usage.samples.ts';

const hung = (log: { readonly events: readonly LogEvents[] }): LogEvents | undefined => log.events.find((events) => events.kind === 'hung-task');

const names = (usage: TaskUsage): string => [...new Set(usage.blockedAtBothEnds.map((task) => task.name))].slice(0, 5).join(', ');

const line = 'INFO: task txg_sync:812 blocked for more than 120 seconds.';
const stuck = { ...taskUsageOf(), blockedAtBothEnds: [{ pid: 812, name: 'txg_sync', kernelThread: true }, { pid: 9_120, name: 'kvm', kernelThread: false }] };
const txgSync = { tasks: [{ tid: 812, pid: 812, name: 'txg_sync', kernelThread: true, waitsIn: 'cv_wait_common', stack: ['cv_wait_common', 'zio_wait'] }], count: 1 };

export default defineHypothesis({
  id: 'hung-tasks',
  subject: 'kernel',
  role: 'mechanism',
  proven: 'documentation',
  title: 'Tasks hang in the kernel',
  about: `A task in uninterruptible sleep (state D) waits for a device or a lock and cannot be ended, not even by \`kill -9\`. The kernel logs it once it has waited for two minutes.
Each such task adds 1 to the load average. It is a sign on the way, never the root: look at what it waits for, which the call trace and the name of the
function tell. A line about \`txg_sync\` means that the pool's disks, or what lies between, did not answer.

To be sure by hand: \`ps -eo pid,state,wchan:32,comm | grep ' D '\` and \`journalctl -k -b | grep 'blocked for more than'\`.`,
  needs: { log: kernelLogEvents, usage: taskUsage, blocked: blockedTasks },
  prior: 0.02,
  explains: { 'errors-logged': 0.8, 'io-delay': 0.5, 'high-load': 0.6, 'guest-slow': 0.5, 'guest-down': 0.2 },
  evidence: [
    {
      when: ({ log }) => (hung(log)?.recentCount ?? 0) > 0,
      decisive: true,
      likelihood: { ifCause: 0.9, otherwise: 0.002 },
      says: ({ log }) => `The kernel reported ${countText(hung(log)?.recentCount ?? 0, 'time', 'times')} in the last 24 hours that a task hung for minutes, the last time ${agoText(hung(log)?.lastSecondsAgo ?? 0)} ago.`,
      saysNot: 'No task was reported as hanging in the last 24 hours.',
      excerpt: ({ log }) => hung(log)?.samples.at(-1) ?? '',
    },
    {
      when: ({ usage }) => usage.blockedAtBothEnds.length > 0,
      likelihood: { ifCause: 0.7, otherwise: 0.06 },
      says: ({ usage }) => `At both ends of the sampling window ${countText(usage.blockedAtBothEnds.length, 'task was', 'tasks were')} in uninterruptible sleep: ${names(usage)}.`,
    },
    {
      when: ({ blocked }) => blocked.count > 0,
      likelihood: { ifCause: 0.75, otherwise: 0.15 },
      says: ({ blocked }) => `At this moment ${countText(blocked.count, 'thread is', 'threads are')} in uninterruptible sleep.`,
      excerpt: ({ blocked }) => blocked.tasks.slice(0, 5).map((task) => `${task.name} in ${task.waitsIn ?? 'an unknown function'}`).join(', '),
    },
  ],
  ruledOut: [{ when: ({ log, blocked }) => log.coversBoot && hung(log) === undefined && blocked.count === 0, says: 'no task hangs now, and none was reported since the boot' }],
  urgency: 'today',
  mitigations: [keepCrashEvidence],
  references: ['Linux Documentation/admin-guide/sysctl/kernel.rst: hung_task_timeout_secs', 'proc_pid_stat(5)'],
  examples: {
    supporting: [
      { name: 'a pool that does not answer', given: { log: eventsOf({ kind: 'hung-task', recentCount: 3, samples: [line] }), usage: stuck, blocked: txgSync }, expect: 'identified' },
      { name: 'reported an hour ago, and one still hangs', given: { log: eventsOf({ kind: 'hung-task', recentCount: 1, lastSecondsAgo: 3_600, samples: [line] }), blocked: txgSync } },
    ],
    refuting: [
      { name: 'a disk is being written, nothing hangs', given: { log: eventsOf(), usage: taskUsageOf(), blocked: txgSync }, expect: 'not-a-cause' },
      { name: 'nothing at all', given: { log: eventsOf(), usage: taskUsageOf(), blocked: { tasks: [], count: 0 } }, expect: 'ruled-out' },
      { name: 'an ordinary user', given: { log: denied }, expect: 'cannot-tell' },
    ],
  },
});
