const idle = { userPercent: 1, systemPercent: 1, idlePercent: 98, iowaitPercent: 0, irqPercent: 0, softirqPercent: 0, stealPercent: 0, busyPercent: 2 };

/** A host with 16 processors that does next to nothing, as the source `cpu-usage` has it; `more` changes it. */
export function cpuUsage(more: Partial<typeof idle> & { cpuCount?: number; running?: number; blocked?: number; contextSwitchesPerSecond?: number; interruptsPerSecond?: number; busiest?: Partial<typeof idle> } = {}) {
  const { busiest, ...shares } = more;
  return {
    ...idle,
    cpuCount: 16,
    contextSwitchesPerSecond: 4_000,
    interruptsPerSecond: 3_000,
    forksPerSecond: 4,
    running: 1,
    blocked: 0,
    intervalSeconds: 5,
    collectorPercent: 0.3,
    ...shares,
    busiestCpu: { ...idle, cpu: 3, busyPercent: Math.min(100, (more.busyPercent ?? 2) + 3), ...busiest },
  };
}

const calm = { somePercent: 0.4, fullPercent: 0.2, someAvg10: 0.4, someAvg60: 0.3, someAvg300: 0.3, fullAvg60: 0.2 };

/** A host that hardly ever waits, as the source `pressure-now` has it. */
export function pressureNow(more: { cpu?: Partial<typeof calm>; io?: Partial<typeof calm>; memory?: Partial<typeof calm> } = {}) {
  return { cpu: { ...calm, ...more.cpu }, io: { ...calm, ...more.io }, memory: { ...calm, ...more.memory } };
}

/** A load average of so much over the last minute, and the same before. */
export function loadOf(oneMinute: number) {
  return { oneMinute, fiveMinutes: oneMinute, fifteenMinutes: oneMinute, runnable: 2, tasks: 900 };
}
