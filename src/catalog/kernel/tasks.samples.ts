import type { Task } from './tasks.probe.ts';

const idle: Omit<Task, 'pid' | 'name'> = {
  state: 'S',
  kernelThread: false,
  userTicks: 0,
  systemTicks: 0,
  guestTicks: 0,
  startTicks: 900,
  blockIoDelayTicks: 0,
  threads: 1,
  majorFaults: 0,
};

/** Two readings five seconds apart, between which these tasks used so many clock ticks; all had used 1000 before. */
export function tasksAfter(used: readonly (Pick<Task, 'pid' | 'name'> & Partial<Task>)[]) {
  const first = used.map((task): Task => ({ ...idle, ...task, userTicks: 1_000, systemTicks: 1_000, guestTicks: 500 }));
  const second = used.map((task): Task => ({
    ...idle,
    ...task,
    userTicks: 1_000 + (task.userTicks ?? 0),
    systemTicks: 1_000 + (task.systemTicks ?? 0),
    guestTicks: 500 + (task.guestTicks ?? 0),
  }));
  const reading = (tasks: Task[]) => ({ tasks, count: 200, truncated: false });
  return { first: reading(first), second: reading(second), intervalSeconds: 5 };
}
