import type { DependencyNode } from '../../define/dependency-graph.ts';
import type { CpuTimes } from '../cpu/cpu-times.probe.ts';
import type { GuestCgroup } from '../guests/guest-cgroups.probe.ts';
import { isLongEnough } from './load-before.ts';

const busyOf = ({ user, nice, system, irq, softirq }: CpuTimes): number => user + nice + system + irq + softirq;
const allOf = (times: CpuTimes): number => busyOf(times) + times.idle + times.iowait + times.steal;

/** All that works on the host outside of guests. */
export const hostItself = 'the host itself';

export interface ProcessorReadings {
  readonly first: CpuTimes;
  readonly second: CpuTimes;
  readonly cpuCount: number;
  readonly guestsFirst: readonly GuestCgroup[];
  readonly guestsSecond: readonly GuestCgroup[];
  readonly guestWindowSeconds: number;
  readonly runningSecondsOf: ReadonlyMap<string, number>;
  readonly uptimeSeconds: number;
}

/** The processors of the host (`host`, in processors that work) and the guests that they work for, by the means since the boot and since the guests' starts. Empty where these are too short. */
export function processorNodes(given: ProcessorReadings): DependencyNode[] {
  const { first, second, cpuCount, guestsFirst, guestsSecond, guestWindowSeconds, runningSecondsOf, uptimeSeconds } = given;
  const passed = allOf(second) - allOf(first);
  if (!isLongEnough(uptimeSeconds, guestWindowSeconds) || !(passed > 0) || allOf(first) <= 0) return [];
  const [busyBefore, busyAfter] = [Math.min(1, busyOf(first) / allOf(first)), Math.min(1, Math.max(0, busyOf(second) - busyOf(first)) / passed)];
  const host: DependencyNode = { id: 'host', dependsOn: [], before: { workPerSecond: busyBefore * cpuCount }, after: { workPerSecond: busyAfter * cpuCount }, beforeFrom: 'since boot' };
  const earlier = new Map(guestsFirst.map((guest) => [guest.object, guest]));
  const guests = guestsSecond.flatMap((guest): DependencyNode[] => {
    const then = earlier.get(guest.object);
    const runningSeconds = runningSecondsOf.get(guest.object);
    if (then === undefined || runningSeconds === undefined) return [];
    const after = { workPerSecond: Math.max(0, guest.cpu.usageMicroseconds - then.cpu.usageMicroseconds) / 1e6 / guestWindowSeconds };
    const known = isLongEnough(runningSeconds, guestWindowSeconds);
    const before = { workPerSecond: known ? then.cpu.usageMicroseconds / 1e6 / runningSeconds : 0 };
    return [{ id: guest.object, dependsOn: ['host'], before, after, beforeFrom: known ? 'since its start' : 'not running' }];
  });
  const rest = (of: 'before' | 'after'): { workPerSecond: number } => ({ workPerSecond: Math.max(0, host[of].workPerSecond - guests.reduce((sum, guest) => sum + guest[of].workPerSecond, 0)) });
  return [host, { id: hostItself, dependsOn: ['host'], before: rest('before'), after: rest('after'), beforeFrom: 'since boot' }, ...guests];
}
