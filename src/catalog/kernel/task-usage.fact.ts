import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import operatingSystem from './os.probe.ts';
import { proxmoxHost } from './os.samples.ts';
import { taskFamily } from './task-family.ts';
import taskIo from './task-io.probe.ts';
import tasks, { type Task } from './tasks.probe.ts';
import { tasksAfter } from './tasks.samples.ts';

const usedSchema = z.object({
  pid: z.number().int(),
  name: z.string(),
  /** Where it was another at the beginning of the window: a worker of the kernel is called after what it did last. */
  nameBefore: z.string().optional(),
  kernelThread: z.boolean(),
  /** Of one processor: a task with three busy threads has 300. */
  cpuPercent: z.number(),
  systemPercent: z.number(),
  /** Time of virtual processors; part of `cpuPercent`. */
  guestPercent: z.number(),
  state: z.string(),
});

const schema = z.object({
  /** Those that used most processor time within the window, at most 40. */
  tasks: z.array(usedSchema),
  /** The same over all tasks of a kind, at most 30. */
  families: z.array(z.object({ name: z.string(), kernelThreads: z.boolean(), tasks: z.number().int(), cpuPercent: z.number(), busiestPercent: z.number() })),
  kernelThreadsPercent: z.number(),
  processesPercent: z.number(),
  /** In uninterruptible sleep at both ends of the window: stuck, or waiting again. */
  blockedAtBothEnds: z.array(z.object({ pid: z.number().int(), name: z.string(), kernelThread: z.boolean() })),
  /** Those that read and wrote most, at most 20; empty where it was not permitted to see. */
  io: z.array(z.object({ pid: z.number().int(), name: z.string(), readBytesPerSecond: z.number(), writeBytesPerSecond: z.number() })),
});
export type TaskUsage = z.infer<typeof schema>;

const identity = (task: Task): string => `${task.pid} ${task.startTicks}`;

/** What each task did within the sampling window. */
export default defineFact({
  id: 'task-usage',
  title: 'Processor time and I/O of each task within the sampling window',
  needs: { tasks, system: optional(operatingSystem), io: optional(taskIo) },
  schema,
  derive: ({ tasks: { first, second, intervalSeconds }, system, io }) => {
    const before = new Map(first.tasks.map((task) => [identity(task), task]));
    const percent = (ticks: number): number => Math.max(0, (100 * ticks) / (intervalSeconds * (system?.clockTicksPerSecond ?? 100)));
    const used = second.tasks
      .filter((task) => before.has(identity(task)) || !first.truncated)
      .map((task) => {
        const earlier = before.get(identity(task));
        const systemPercent = percent(task.systemTicks - (earlier?.systemTicks ?? 0));
        const userPercent = percent(task.userTicks - (earlier?.userTicks ?? 0));
        const guestPercent = percent(task.guestTicks - (earlier?.guestTicks ?? 0));
        const { pid, name, kernelThread, state } = task;
        return { pid, name, ...(earlier === undefined || earlier.name === name ? {} : { nameBefore: earlier.name }), kernelThread, cpuPercent: userPercent + systemPercent, systemPercent, guestPercent, state };
      })
      .toSorted((a, b) => b.cpuPercent - a.cpuPercent);
    const families = new Map<string, TaskUsage['families'][number]>();
    for (const task of used) {
      const name = taskFamily(task.name, task.kernelThread);
      const key = `${task.kernelThread} ${name}`;
      const family = families.get(key) ?? { name, kernelThreads: task.kernelThread, tasks: 0, cpuPercent: 0, busiestPercent: 0 };
      family.tasks += 1;
      family.cpuPercent += task.cpuPercent;
      family.busiestPercent = Math.max(family.busiestPercent, task.cpuPercent);
      families.set(key, family);
    }
    const sumOf = (kernelThread: boolean): number => used.reduce((sum, task) => sum + (task.kernelThread === kernelThread ? task.cpuPercent : 0), 0);
    const nameOf = new Map(second.tasks.map((task) => [task.pid, task.name]));
    const ioBefore = new Map((io?.first.tasks ?? []).map((task) => [task.pid, task]));
    const ioRates = (io?.second.tasks ?? [])
      .map((task) => {
        const earlier = ioBefore.get(task.pid);
        const rate = (kind: 'readBytes' | 'writeBytes'): number => Math.max(0, task[kind] - (earlier?.[kind] ?? 0)) / (io?.intervalSeconds ?? 1);
        return { pid: task.pid, name: nameOf.get(task.pid) ?? `process ${task.pid}`, readBytesPerSecond: rate('readBytes'), writeBytesPerSecond: rate('writeBytes') };
      })
      .filter((task) => task.readBytesPerSecond + task.writeBytesPerSecond > 0)
      .toSorted((a, b) => b.readBytesPerSecond + b.writeBytesPerSecond - a.readBytesPerSecond - a.writeBytesPerSecond);
    return {
      tasks: used.filter((task) => task.cpuPercent > 0).slice(0, 40),
      families: [...families.values()].filter((family) => family.cpuPercent > 0).toSorted((a, b) => b.cpuPercent - a.cpuPercent).slice(0, 30),
      kernelThreadsPercent: sumOf(true),
      processesPercent: sumOf(false),
      blockedAtBothEnds: second.tasks
        .filter((task) => task.state === 'D' && before.get(identity(task))?.state === 'D')
        .map(({ pid, name, kernelThread }) => ({ pid, name, kernelThread })),
      io: ioRates.slice(0, 20),
    };
  },
  examples: [
    {
      name: 'ZFS threads that keep a processor busy',
      given: { tasks: tasksAfter([{ pid: 812, name: 'z_wr_iss', kernelThread: true, systemTicks: 485 }, { pid: 813, name: 'z_wr_iss', kernelThread: true, systemTicks: 15 }]), system: proxmoxHost },
      expect: {
        tasks: [{ pid: 812, name: 'z_wr_iss', cpuPercent: 97, systemPercent: 97 }, { pid: 813, cpuPercent: 3 }],
        families: [{ name: 'z_wr_iss', kernelThreads: true, tasks: 2, cpuPercent: 100, busiestPercent: 97 }],
        kernelThreadsPercent: 100,
        io: [],
      },
    },
    {
      name: 'a worker that encrypted a disk, and did something else in the end',
      given: {
        tasks: {
          ...tasksAfter([{ pid: 36, name: 'kworker/u8:2-writeback', kernelThread: true, systemTicks: 215 }]),
          first: tasksAfter([{ pid: 36, name: 'kworker/u8:2-kcryptd-253:0-1', kernelThread: true }]).first,
        },
        system: proxmoxHost,
      },
      expect: { tasks: [{ pid: 36, name: 'kworker/u8:2-writeback', nameBefore: 'kworker/u8:2-kcryptd-253:0-1', cpuPercent: 43 }] },
    },
    {
      name: 'a guest, a task that is stuck, and what was written',
      given: {
        tasks: tasksAfter([{ pid: 1207, name: 'kvm', userTicks: 500, guestTicks: 450 }, { pid: 900, name: 'cp', state: 'D' }]),
        io: { first: { tasks: [{ pid: 1207, readBytes: 0, writeBytes: 1_000 }] }, second: { tasks: [{ pid: 1207, readBytes: 0, writeBytes: 51_000 }, { pid: 77, readBytes: 5, writeBytes: 0 }] }, intervalSeconds: 5 },
      },
      expect: {
        tasks: [{ pid: 1207, cpuPercent: 100, guestPercent: 90 }],
        blockedAtBothEnds: [{ pid: 900, name: 'cp' }],
        io: [{ pid: 1207, name: 'kvm', writeBytesPerSecond: 10_000 }, { name: 'process 77', readBytesPerSecond: 1 }],
      },
    },
  ],
});
