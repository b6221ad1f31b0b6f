import type { DiskPace } from './disk-comparison.fact.ts';
import { busyBytesPerSecond, leastIosPerSecond } from './disk-limits.ts';

/** Many disks answer nothing else while they work on a large discard, which need not fall into the window. */
export function discards(pace: DiskPace): boolean {
  return (pace.discardPercent ?? 0) >= 10;
}

/** `crawls`: busy all the time with very little, not for large I/Os, and not where flushes or discards take the time. */
export function workOf(pace: DiskPace | undefined): 'not measured' | 'crawls' | 'rests' | 'in between' | 'works' {
  if (pace === undefined) return 'not measured';
  const few = pace.iosPerSecond < leastIosPerSecond[pace.kind] && pace.bytesPerSecond < busyBytesPerSecond;
  if (pace.stalled || (pace.utilisationPercent >= 90 && few && pace.averageQueue >= 0.9 && pace.flushPercent < 30 && !discards(pace))) return 'crawls';
  if (pace.utilisationPercent < 50) return 'rests';
  return few ? 'in between' : 'works';
}
