import { optional } from '../../define/source.ts';
import { defineSymptom, type Detection } from '../../define/symptom.ts';
import { isContainer } from '../kernel/container.ts';
import operatingSystem from '../kernel/os.probe.ts';
import { proxmoxHost } from '../kernel/os.samples.ts';
import taskUsage, { type TaskUsage } from '../kernel/task-usage.fact.ts';
import { taskUsageOf } from '../kernel/task-usage.samples.ts';
import cpuInfo from './cpu-info.probe.ts';
import cpuUsage from './cpu-usage.fact.ts';
import { cpuUsage as usageOf, loadOf, pressureNow as pressureOf } from './cpu-usage.samples.ts';
import loadAverage from './load-average.probe.ts';
import pressureNow, { type Stall } from './pressure-now.fact.ts';
import { intelServer, virtualCpu } from './processors.ts';

/** More than one and a half tasks for each processor; on very small machines a little room above. */
const limitFor = (cpuCount: number): number => 1.5 * cpuCount + 0.5;

interface Present {
  readonly usage: { busyPercent: number; iowaitPercent: number; running: number; cpuCount: number } | undefined;
  readonly pressure: { cpu: Stall; io: Stall; memory: Stall } | undefined;
  readonly tasks: TaskUsage | undefined;
  readonly system: { readonly virtualization?: string | undefined } | undefined;
}

/** Whether anything loads the host at this moment. The average remembers minutes, and goes on after a burst has ended. */
function loadedNow({ usage, pressure, tasks, system }: Present): boolean {
  const blocked = (tasks?.blockedAtBothEnds.length ?? 0) > 0;
  if (isContainer(system)) return usage !== undefined && (usage.busyPercent >= 70 || blocked);
  if (usage === undefined) return true;
  const held = pressure === undefined ? 0 : Math.max(pressure.cpu.somePercent, pressure.io.somePercent, pressure.memory.somePercent);
  return usage.busyPercent >= 70 || usage.iowaitPercent >= 3 || usage.running > usage.cpuCount || held >= 10 || blocked;
}

/** A burst of one minute beside processors with time to spare is everyday life; what stays, or is twice too high, or leaves no processor idle, is not. */
function isBurst({ oneMinute, fiveMinutes }: { oneMinute: number; fiveMinutes: number }, limit: number, { usage, tasks, system }: Present): boolean {
  if (usage === undefined || isContainer(system)) return false;
  return fiveMinutes < limit / 2 && oneMinute < 2 * limit && usage.busyPercent < 70 && usage.iowaitPercent < 10 && (tasks?.blockedAtBothEnds.length ?? 0) === 0;
}

export default defineSymptom({
  id: 'high-load',
  title: 'High load',
  about: `The load average counts tasks that run, wait for a processor, or wait for a disk and cannot be interrupted. It is high here when its mean over one minute
is above one and a half tasks for each processor. A high load with idle processors means waiting for disks or locks; with busy ones, too much work. After a
short burst it takes some minutes to come down; what is over already does not count, nor does a burst of the last minute while processors are idle and the mean over five minutes is far below. In a container the load average and the pressure are mostly those of its host, so
there its own processors must be busy, or its own tasks blocked.`,
  leak: 0.2,
  needs: { load: loadAverage, cpu: cpuInfo, usage: optional(cpuUsage), pressure: optional(pressureNow), tasks: optional(taskUsage), system: optional(operatingSystem) },
  detect: ({ load, cpu, usage, pressure, tasks, system }): readonly Detection[] => {
    const limit = limitFor(cpu.cpuCount);
    const present = { usage, pressure, tasks, system };
    if (load.oneMinute <= limit || !loadedNow(present) || isBurst(load, limit, present)) return [];
    const course = `${load.oneMinute.toFixed(1)} over one minute, ${load.fiveMinutes.toFixed(1)} over five and ${load.fifteenMinutes.toFixed(1)} over fifteen`;
    return [
      {
        object: 'host',
        value: load.oneMinute,
        limit,
        unit: 'tasks',
        says: `The load average is ${course}, on ${cpu.cpuCount} processors (limit ${limit.toFixed(1)}).`,
      },
    ];
  },
  examples: {
    present: [
      { name: 'many blocked tasks on a large host', given: { load: loadOf(88), cpu: intelServer }, objects: ['host'] },
      { name: 'a small virtual machine', given: { load: loadOf(5.2), cpu: virtualCpu, usage: usageOf({ busyPercent: 96, idlePercent: 4 }) } },
      {
        name: 'the same bursts for a quarter of an hour',
        given: { load: loadOf(3.8), cpu: virtualCpu, usage: usageOf({ cpuCount: 2, busyPercent: 55, idlePercent: 43, iowaitPercent: 2 }), pressure: pressureOf({ cpu: { somePercent: 56 } }), tasks: taskUsageOf() },
      },
      {
        name: 'tasks that hang on a dead network share, with idle processors',
        given: { load: loadOf(60), cpu: intelServer, usage: usageOf(), pressure: pressureOf(), tasks: { ...taskUsageOf(), blockedAtBothEnds: [{ pid: 4_711, name: 'ls', kernelThread: false }] } },
      },
    ],
    absent: [
      { name: 'all 32 processors in use', given: { load: loadOf(32), cpu: intelServer } },
      {
        name: 'guests that write in bursts since a minute, with processors idle half of the time',
        given: { load: { ...loadOf(3.8), fiveMinutes: 1.2, fifteenMinutes: 0.5 }, cpu: virtualCpu, usage: usageOf({ cpuCount: 2, busyPercent: 55, idlePercent: 43, iowaitPercent: 2 }), pressure: pressureOf({ cpu: { somePercent: 56 } }), tasks: taskUsageOf() },
      },
      { name: 'a burst that is over', given: { load: loadOf(8), cpu: virtualCpu, usage: usageOf({ cpuCount: 2, busyPercent: 30, idlePercent: 70 }), pressure: pressureOf(), tasks: taskUsageOf() } },
      {
        name: 'an idle container that sees the load average and the pressure of its host',
        given: { load: loadOf(14), cpu: virtualCpu, usage: usageOf({ cpuCount: 2 }), pressure: pressureOf({ cpu: { somePercent: 40 } }), tasks: taskUsageOf(), system: { ...proxmoxHost, virtualization: 'lxc' } },
      },
      { name: 'a small machine that does a little', given: { load: loadOf(1.9), cpu: virtualCpu } },
    ],
  },
});
