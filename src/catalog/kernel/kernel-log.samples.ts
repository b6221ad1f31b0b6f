import { failed } from '../../define/result.ts';
import type { LogEvents } from './kernel-log-events.fact.ts';
import type { KernelLog } from './kernel-log.probe.ts';

/** A log that goes back to the boot and has these lines, each with its seconds since boot. */
export function logOf(...lines: readonly (readonly [number, string])[]): KernelLog {
  const all = lines.map(([secondsSinceBoot, text]) => ({ secondsSinceBoot, level: 4, text }));
  return { lines: all, truncated: false, source: 'ring-buffer', coversBoot: true };
}

/** What an ordinary user gets where the log is closed. */
export const denied = failed('not-permitted', 'the kernel log is open to root only');

/** The source `kernel-log-events` of a host that logged this, ten minutes ago where nothing else is said. */
export function eventsOf(...events: readonly (Partial<LogEvents> & Pick<LogEvents, 'kind'>)[]) {
  const filled = events.map((one): LogEvents => {
    const recentCount = one.recentCount ?? one.count ?? 1;
    return { count: recentCount, recentCount, lastHourCount: recentCount, lastSecondsAgo: 600, firstSecondsSinceBoot: 800_000, samples: [], ...one };
  });
  return { events: filled, coversBoot: true, uptimeSeconds: 864_000 };
}
