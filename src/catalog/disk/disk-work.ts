import type { DiskPace } from './disk-comparison.fact.ts';
import { busyBytesPerSecond, latencyLimitMs, leastIosPerSecond } from './disk-limits.ts';

/** Many disks answer nothing else while they work on a large discard, which need not fall into the window. */
export function discards(pace: DiskPace): boolean {
  return (pace.discardPercent ?? 0) >= 10;
}

/** Flushes or discards take the time. */
function isOccupied(pace: DiskPace): boolean {
  return pace.flushPercent >= 30 || discards(pace);
}

/** Fewer I/Os and bytes than such a disk gets done in this share of the time. */
function doesLittle(pace: DiskPace, share: number): boolean {
  return pace.iosPerSecond < leastIosPerSecond[pace.kind] * share && pace.bytesPerSecond < busyBytesPerSecond * share;
}

/** It is late, and gets little done even for the time in which it is busy. */
export function crawlsWhileBusy(pace: DiskPace): boolean {
  return (pace.latencyMs ?? 0) >= latencyLimitMs[pace.kind] && doesLittle(pace, Math.max(pace.utilisationPercent / 100, 0.01)) && !isOccupied(pace);
}

/** `crawls`: busy all the time with very little, not for large I/Os, and not where flushes or discards take the time. */
export function workOf(pace: DiskPace | undefined): 'not measured' | 'crawls' | 'rests' | 'in between' | 'works' {
  if (pace === undefined) return 'not measured';
  const few = doesLittle(pace, 1);
  if (pace.stalled || (pace.utilisationPercent >= 90 && few && pace.averageQueue >= 0.9 && !isOccupied(pace))) return 'crawls';
  if (pace.utilisationPercent < 50) return 'rests';
  return few ? 'in between' : 'works';
}
