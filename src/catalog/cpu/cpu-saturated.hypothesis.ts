import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { percentText } from '../kernel/number-text.ts';
import taskUsage, { type TaskUsage } from '../kernel/task-usage.fact.ts';
import { taskUsageOf } from '../kernel/task-usage.samples.ts';
import cpuUsage from './cpu-usage.fact.ts';
import { cpuUsage as usageOf, loadOf, pressureNow as pressureOf } from './cpu-usage.samples.ts';
import loadAverage from './load-average.probe.ts';
import pressureNow from './pressure-now.fact.ts';
import spreadTheLoad from './spread-the-load.mitigation.ts';

const limitPercent = 90;

/** Who uses the processors, in words: `kvm 1200 %, z_wr_iss 190 %`, of one processor's time. */
function biggest(usage: TaskUsage | undefined): string {
  return (usage?.families ?? []).slice(0, 3).map((family) => `${family.name} ${Math.round(family.cpuPercent)} %`).join(', ');
}

export default defineHypothesis({
  id: 'cpu-saturated',
  subject: 'cpu',
  role: 'mechanism',
  proven: 'documentation',
  title: 'All processors are busy',
  about: `The processors have more work than they can do, so tasks wait for their turn: load average above the number of processors, pressure in \`/proc/pressure/cpu\`, guests that
stutter. This is a state, not a cause: it may be honest work (a compile, a backup that compresses, guests at full use), or the result of something that
makes work dear, such as encryption without the right instructions.

To be sure by hand: \`top\` shows hardly any idle time (\`id\`) and no I/O wait; sort by processor time to see who works.`,
  needs: { usage: cpuUsage, pressure: optional(pressureNow), load: loadAverage, tasks: optional(taskUsage) },
  prior: 0.05,
  explains: { 'high-load': 0.9, 'cpu-pressure': 0.9, 'guest-slow': 0.5, 'target-missing': 0.1 },
  evidence: [
    {
      when: ({ usage }) => usage.busyPercent >= limitPercent,
      decisive: true,
      likelihood: { ifCause: 0.95, otherwise: 0.01 },
      says: ({ usage, tasks }) => `The processors were busy ${percentText(usage.busyPercent)} of the time.${biggest(tasks) === '' ? '' : ` Of one processor's time, the most was taken by ${biggest(tasks)}.`}`,
      saysNot: ({ usage }) => `The processors were busy only ${percentText(usage.busyPercent)} of the time.`,
    },
    {
      when: ({ pressure, usage }) => (pressure === undefined ? usage.running > usage.cpuCount : pressure.cpu.somePercent >= 30),
      likelihood: { ifCause: 0.9, otherwise: 0.08 },
      says: 'Tasks that were ready to run had to wait for a processor.',
    },
    {
      when: ({ load, usage }) => load.oneMinute > 1.2 * usage.cpuCount,
      likelihood: { ifCause: 0.75, otherwise: 0.1 },
      says: ({ load, usage }) => `The load average is ${load.oneMinute} on ${usage.cpuCount} processors.`,
    },
  ],
  ruledOut: [{ when: ({ usage }) => usage.idlePercent + usage.iowaitPercent >= 30, says: ({ usage }) => `the processors had nothing to compute ${percentText(usage.idlePercent + usage.iowaitPercent)} of the time` }],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Stop or limit what is least needed.'],
  mitigations: [spreadTheLoad],
  references: ['proc_stat(5)', 'Linux Documentation/accounting/psi.rst'],
  examples: {
    supporting: [
      {
        name: 'a compile on all processors',
        given: { usage: usageOf({ busyPercent: 99, userPercent: 88, systemPercent: 11, idlePercent: 1, running: 24 }), pressure: pressureOf({ cpu: { somePercent: 71 } }), load: loadOf(26), tasks: taskUsageOf({ name: 'cc1plus', cpuPercent: 1_500 }) },
        expect: 'identified',
      },
      { name: 'a kernel without pressure stall information', given: { usage: usageOf({ busyPercent: 97, idlePercent: 3, running: 30 }), load: loadOf(31) } },
    ],
    refuting: [
      { name: 'waiting for disks', given: { usage: usageOf({ iowaitPercent: 45, idlePercent: 20, busyPercent: 35 }), pressure: pressureOf({ io: { somePercent: 80 } }), load: loadOf(40) }, expect: 'ruled-out' },
      { name: 'idle', given: { usage: usageOf(), pressure: pressureOf(), load: loadOf(0.4) }, expect: 'ruled-out' },
      { name: 'well used, with some room', given: { usage: usageOf({ busyPercent: 78, idlePercent: 22 }), pressure: pressureOf({ cpu: { somePercent: 12 } }), load: loadOf(13) }, expect: 'not-a-cause' },
    ],
  },
});
