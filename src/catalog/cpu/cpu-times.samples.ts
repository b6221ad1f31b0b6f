import type { CpuTimes } from './cpu-times.probe.ts';

const since: CpuTimes = { user: 100_000, nice: 0, system: 50_000, idle: 900_000, iowait: 2_000, irq: 0, softirq: 700, steal: 0 };

/** One reading of a host with two processors. */
export const idleHost = {
  total: since,
  perCpu: [
    { cpu: 0, ...since },
    { cpu: 1, ...since },
  ],
  contextSwitches: 2_000_000,
  interrupts: 1_000_000,
  forks: 90_000,
  running: 1,
  blocked: 0,
  bootTimeSeconds: 1_795_400_383,
};

/** Two readings five seconds apart, between which both processors together did this; all of it but the idle time on the second. */
export function cpuTimesAfter(spent: Partial<CpuTimes>) {
  const add = (times: CpuTimes, more: Partial<CpuTimes>): CpuTimes => ({
    user: times.user + (more.user ?? 0),
    nice: times.nice + (more.nice ?? 0),
    system: times.system + (more.system ?? 0),
    idle: times.idle + (more.idle ?? 0),
    iowait: times.iowait + (more.iowait ?? 0),
    irq: times.irq + (more.irq ?? 0),
    softirq: times.softirq + (more.softirq ?? 0),
    steal: times.steal + (more.steal ?? 0),
  });
  const second = {
    ...idleHost,
    total: add(since, spent),
    perCpu: [
      { cpu: 0, ...add(since, { idle: 500 }) },
      { cpu: 1, ...add(since, { ...spent, idle: Math.max(0, (spent.idle ?? 0) - 500) }) },
    ],
    contextSwitches: idleHost.contextSwitches + 5_000,
    interrupts: idleHost.interrupts + 2_500,
  };
  return { first: idleHost, second, intervalSeconds: 5 };
}
