import type { TaskUsage } from './task-usage.fact.ts';
import { taskFamily } from './task-family.ts';

type Used = Partial<TaskUsage['tasks'][number]> & { name: string; cpuPercent: number };

/** The source `task-usage` of a host where these tasks use the processors, and nothing else does. */
export function taskUsageOf(...used: readonly Used[]): TaskUsage {
  const tasks = used.map((task, index) => ({ pid: 1_000 + index, kernelThread: false, systemPercent: task.kernelThread === true ? task.cpuPercent : 0, guestPercent: 0, state: 'R', ...task }));
  const sumOf = (kernelThread: boolean): number => tasks.reduce((sum, task) => sum + (task.kernelThread === kernelThread ? task.cpuPercent : 0), 0);
  return {
    tasks,
    families: tasks.map((task) => ({ name: taskFamily(task.name, task.kernelThread), kernelThreads: task.kernelThread, tasks: 1, cpuPercent: task.cpuPercent, busiestPercent: task.cpuPercent })),
    kernelThreadsPercent: sumOf(true),
    processesPercent: sumOf(false),
    blockedAtBothEnds: [],
    io: [],
  };
}
