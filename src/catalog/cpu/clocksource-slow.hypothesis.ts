import { defineHypothesis } from '../../define/hypothesis.ts';
import { eventsOf } from '../kernel/kernel-log.samples.ts';
import clockCost from '../kernel/clock-cost.experiment.ts';
import kernelLogEvents from '../kernel/kernel-log-events.fact.ts';
import { taskUsageOf } from '../kernel/task-usage.samples.ts';
import taskUsage, { type TaskUsage } from '../kernel/task-usage.fact.ts';
import { optional } from '../../define/source.ts';
import { percentText } from '../kernel/number-text.ts';
import clocksource from './clocksource.probe.ts';
import cpuInfo from './cpu-info.probe.ts';
import cpuUsage from './cpu-usage.fact.ts';
import { cpuUsage as usageOf } from './cpu-usage.samples.ts';
import { ampleCpu } from '../zfs/crypto.samples.ts';
import repairClock from './repair-clock.mitigation.ts';

/** Clocks that are read from a device, which takes a thousand times as long as reading a counter of the processor. */
const slow = /^(hpet|acpi_pm|jiffies|pit|refined-jiffies)$/;

type Events = { readonly events: readonly { readonly kind: string; readonly samples: readonly string[] }[] };

/** The line in which the watchdog gave up a clock while the system ran. At boot, virtual machines give up unsynchronised counters without harm. */
function givenUp(log: Events): string | undefined {
  return log.events.find((events) => events.kind === 'clock-unstable')?.samples.find((line) => line.includes('skew') || line.includes('watchdog'));
}

interface Spent {
  readonly usage: { readonly systemPercent: number; readonly cpuCount: number };
  readonly tasks: TaskUsage | undefined;
}

/** At most so many per cent of all processors: kernel threads that compute (ciphers, checksums, compression) hardly read the clock. */
function forPrograms({ usage, tasks }: Spent): number {
  return Math.max(0, usage.systemPercent - (tasks?.kernelThreadsPercent ?? 0) / Math.max(1, usage.cpuCount));
}

/** At least so many, for programs that were there during the whole window. What came and went within it (ZFS starts and ends its threads as it needs them) is in neither. */
function seenOfPrograms(spent: Spent): number {
  if (spent.tasks === undefined) return forPrograms(spent);
  const ofCore = spent.tasks.tasks.reduce((sum, task) => sum + (task.kernelThread ? 0 : task.systemPercent), 0);
  return Math.min(forPrograms(spent), ofCore / Math.max(1, spent.usage.cpuCount));
}

const watchdogLine = "clocksource: timekeeping watchdog on CPU3: Marking clocksource 'tsc' as unstable because the skew is too large:";
const onHpet = { current: 'hpet', available: ['hpet', 'acpi_pm'] };

export default defineHypothesis({
  id: 'clocksource-slow',
  subject: 'cpu',
  proven: 'documentation',
  title: 'The kernel reads the time from a slow clock',
  about: `When the watchdog of the kernel finds the processor's counter (tsc) unreliable, it falls back to a clock of the board (hpet, acpi_pm) that takes microseconds to
read and that all processors share. Databases, guests and ZFS read the time very often, so system time goes up everywhere. The name \`hpet\` alone is no fault:
healthy machines and virtual machines run on it as well, and the watchdog has given false alarms under extreme load.

To be sure by hand: \`cat /sys/devices/system/clocksource/clocksource0/current_clocksource\`, and \`perf top\`, which then shows \`read_hpet\` or \`acpi_pm_read\` near the top.`,
  needs: { clock: clocksource, usage: cpuUsage, log: kernelLogEvents, tasks: optional(taskUsage), cpu: optional(cpuInfo) },
  prior: 1 / 500,
  explains: { 'high-load': 0.3, 'cpu-pressure': 0.3, 'guest-slow': 0.5 },
  evidence: [
    {
      when: ({ clock }) => slow.test(clock.current),
      likelihood: { ifCause: 0.98, otherwise: 0.1 },
      says: ({ clock }) => `The kernel reads the time from ${clock.current}.`,
      excerpt: ({ clock }) => `current ${clock.current}, available ${clock.available.join(' ')}`,
    },
    {
      // A host at its limit may be too late to look at its clocks, and take the right one for wrong; so may a virtual machine whose processors were not let run.
      outcome: ({ clock, log, usage, cpu }) => {
        if (!slow.test(clock.current) || givenUp(log) === undefined) return 'kept';
        return usage.busyPercent >= 95 ? 'given up under load' : cpu?.hypervisor === true ? 'given up in a virtual machine' : 'given up';
      },
      table: {
        'given up in a virtual machine': {
          ifCause: 0.1,
          otherwise: 0.01,
          says: 'The watchdog gave up the quick clock while the system ran; in a virtual machine it does so by mistake, too, when the host is busy.',
        },
        'given up': { ifCause: 0.55, otherwise: 0.003, says: 'The watchdog gave up the quick clock while the system ran.' },
        'given up under load': { ifCause: 0.25, otherwise: 0.01, says: 'The watchdog gave up the quick clock while the system ran; under a load as now it does so by mistake, too.' },
        'kept': { ifCause: 0.1, otherwise: 0.977, says: 'The watchdog gave up no clock while the system ran.' },
      },
      excerpt: ({ log }) => givenUp(log) ?? '',
      group: 'watchdog',
    },
    {
      outcome: (facts) => (seenOfPrograms(facts) >= 40 ? 'much' : seenOfPrograms(facts) >= 20 ? 'some' : 'little'),
      table: {
        much: { ifCause: 0.6, otherwise: 0.2, says: (facts) => `What programs ask of the kernel takes ${percentText(seenOfPrograms(facts))} of the processors' time.` },
        some: { ifCause: 0.25, otherwise: 0.25, says: '' },
        little: { ifCause: 0.15, otherwise: 0.55, says: (facts) => `What the programs that run ask of the kernel takes ${percentText(seenOfPrograms(facts))} of the processors' time.` },
      },
    },
  ],
  tested: [
    {
      // Of the hosts in question many read such a clock without harm, and for them it costs the same.
      experiment: clockCost,
      table: {
        'the clock is dear': { ifCause: 0.95, otherwise: 0.3 },
        'the clock takes a system call': { ifCause: 0.02, otherwise: 0.05 },
        'the clock is cheap': { ifCause: 0.004, otherwise: 0.65 },
      },
    },
  ],
  ruledOut: [
    { when: ({ clock }) => !slow.test(clock.current), says: ({ clock }) => `the kernel reads the time from ${clock.current}, which is quick` },
    { when: (facts) => forPrograms(facts) < 12, says: (facts) => `what programs ask of the kernel takes only ${percentText(forPrograms(facts))} of the processors' time: reading the clock cannot cost much` },
  ],
  broughtBy: ['kernel', 'kernel-settings', 'firmware'],
  settledBy: 'a profile of the kernel (perf top), which shows how often the clock is read',
  mechanisms: ['cpu-saturated'],
  urgency: 'window',
  dataAtRisk: false,
  mitigations: [repairClock],
  references: ['Linux kernel/time/clocksource.c', 'Linux Documentation/timers/hpet.rst'],
  examples: {
    supporting: [
      { name: 'a board whose counters drift', given: { clock: onHpet, usage: usageOf({ systemPercent: 55, busyPercent: 70, idlePercent: 30 }), log: eventsOf({ kind: 'clock-unstable', samples: [watchdogLine] }) }, expect: 'suspected' },
      {
        name: 'a board whose counters drift, and whose clock was timed',
        given: { clock: onHpet, usage: usageOf({ systemPercent: 55, busyPercent: 70, idlePercent: 30 }), log: eventsOf({ kind: 'clock-unstable', samples: [watchdogLine] }) },
        found: [{ experiment: clockCost, findings: [{ object: 'host', outcome: 'the clock is dear', says: 'Reading the clock (hpet) costs 1590 ns, 6.50 times a cheap system call.' }] }],
        expect: 'suspected',
      },
    ],
    refuting: [
      {
        name: 'a virtual machine whose host was busy for a while: the watchdog was late itself',
        given: {
          clock: onHpet,
          cpu: { ...ampleCpu, hypervisor: true },
          usage: usageOf({ cpuCount: 2, systemPercent: 56, busyPercent: 61, idlePercent: 39 }),
          log: eventsOf({ kind: 'clock-unstable', samples: [watchdogLine] }),
          tasks: taskUsageOf({ name: 'z_wr_iss', kernelThread: true, cpuPercent: 45 }, { name: 'fio', cpuPercent: 24, systemPercent: 22 }),
        },
      },
      {
        name: 'a clock of the board by its name, which is read as quickly as a counter of the processor',
        given: { clock: onHpet, usage: usageOf({ systemPercent: 25, busyPercent: 70, idlePercent: 30 }), log: eventsOf({ kind: 'clock-unstable', samples: [watchdogLine] }) },
        found: [{ experiment: clockCost, findings: [{ object: 'host', outcome: 'the clock is cheap', says: 'Reading the clock (hpet) costs 40 ns, 0.16 times a cheap system call.' }] }],
        expect: 'not-a-cause',
      },
      {
        name: 'the watchdog gave a false alarm while a thread of ZFS took a whole processor to encrypt',
        given: {
          clock: onHpet,
          usage: usageOf({ cpuCount: 2, systemPercent: 68, busyPercent: 75, idlePercent: 20 }),
          log: eventsOf({ kind: 'clock-unstable', samples: [watchdogLine] }),
          tasks: taskUsageOf({ name: 'z_wr_iss', kernelThread: true, cpuPercent: 96 }, { name: 'z_wr_int', kernelThread: true, cpuPercent: 18 }, { name: 'fio', cpuPercent: 9 }),
        },
        expect: 'ruled-out',
      },
      {
        name: 'the watchdog gave a false alarm while ZFS kept all processors busy, with threads that come and go',
        given: {
          clock: onHpet,
          usage: usageOf({ cpuCount: 2, systemPercent: 98, busyPercent: 99, idlePercent: 1 }),
          log: eventsOf({ kind: 'clock-unstable', samples: [watchdogLine] }),
          tasks: taskUsageOf({ name: 'z_wr_iss', kernelThread: true, cpuPercent: 66 }, { name: 'fio', cpuPercent: 12, systemPercent: 11 }, { name: 'cat', cpuPercent: 16, systemPercent: 16 }),
        },
        symptoms: ['high-load', 'cpu-pressure'],
        expect: 'not-a-cause',
      },
      { name: 'a virtual machine on hpet since its boot, with busy ZFS threads', given: { clock: onHpet, usage: usageOf({ systemPercent: 60, busyPercent: 70, idlePercent: 0, iowaitPercent: 30 }), log: eventsOf({ kind: 'clock-unstable', samples: ['tsc: Marking TSC unstable due to TSCs unsynchronized'] }) }, expect: 'not-a-cause' },
      { name: 'a compile on a board whose counters drift: the programs compute, not the kernel', given: { clock: onHpet, usage: usageOf({ userPercent: 91, systemPercent: 8, busyPercent: 99, idlePercent: 1 }), log: eventsOf({ kind: 'clock-unstable', samples: [watchdogLine] }) }, symptoms: ['high-load', 'cpu-pressure'], expect: 'ruled-out' },
      { name: 'the processor’s own counter', given: { clock: { current: 'tsc', available: ['tsc', 'hpet', 'acpi_pm'] }, usage: usageOf({ systemPercent: 60, busyPercent: 90, idlePercent: 10 }), log: eventsOf() }, expect: 'ruled-out' },
      { name: 'a guest on kvm-clock', given: { clock: { current: 'kvm-clock', available: ['kvm-clock'] }, usage: usageOf() }, expect: 'ruled-out' },
    ],
  },
});
