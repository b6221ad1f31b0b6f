import type { Stall } from '../cpu/pressure-now.fact.ts';
import type { SwapActivity } from './swap-activity.fact.ts';

/** `1.5 GiB`, `62 GiB`, `700 MiB`. */
export function gibibytesText(bytes: number): string {
  const gibibytes = bytes / 1024 ** 3;
  if (gibibytes < 1) return `${Math.round(bytes / 1024 ** 2)} MiB`;
  return `${gibibytes < 10 ? Math.round(gibibytes * 10) / 10 : Math.round(gibibytes)} GiB`;
}

const bothWaysPagesPerSecond = 200;
const ioWaitingPercent = 20;

/**
 * Memory goes to swap and comes back at once, and tasks wait for that. Kernels count a page that comes back as pressure on memory only where it was in use shortly before
 * it went (mm/page_io.c, PageWorkingset); otherwise the wait counts as one for I/O.
 */
export function swapsBothWays(pressure: { readonly io: Pick<Stall, 'somePercent'> } | undefined, activity: SwapActivity | undefined): boolean {
  if (activity === undefined || activity.swapInPagesPerSecond < bothWaysPagesPerSecond || activity.swapOutPagesPerSecond < bothWaysPagesPerSecond) return false;
  return pressure === undefined || pressure.io.somePercent >= ioWaitingPercent;
}

/** Programs were held up by the search for memory, by pressure stall information or, without it, by the kernel's counters. */
export function reclaimHolds(pressure: { readonly memory: Pick<Stall, 'somePercent'>; readonly io: Pick<Stall, 'somePercent'> } | undefined, activity: SwapActivity | undefined): boolean {
  if (pressure !== undefined) return pressure.memory.somePercent >= 10 || swapsBothWays(pressure, activity);
  return activity !== undefined && (activity.allocationStallsPerSecond >= 10 || activity.swapInPagesPerSecond >= 500);
}
