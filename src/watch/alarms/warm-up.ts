import type { AlarmKind } from '../../define/alarm-kind.ts';
import type { History } from '../../define/history.ts';
import { LearnedLimits } from './learned-limits.ts';
import { pastReadings, type PastReadings } from './past-readings.ts';

const dayMs = 86_400_000;
/** Four weeks: what is usual at an hour of the week needs several of them. */
const reachMs = 28 * dayMs;
const stepSeconds = 60;

/** Teaches one day of one kind; false where there was nothing to read. */
function teach(learned: LearnedLimits, { id, bad, forSeconds }: AlarmKind, { timesMs, byObject }: PastReadings): boolean {
  const lasting = { side: bad, forMs: forSeconds * 1_000 };
  for (const [object, values] of byObject) {
    for (const [index, value] of values.entries()) if (value !== undefined && Number.isFinite(value)) learned.learn(id, object, timesMs[index]!, value, lasting);
  }
  return byObject.size > 0;
}

/**
 * Learns what is usual on a host from what was measured of it before it was watched, day by day, so that neither memory nor other work waits for all of it. `labels` say which series are of the host. Undefined
 * where the history has nothing. Errors are the history's own.
 */
export async function learnFromHistory(kinds: readonly AlarmKind[], history: History, labels: Readonly<Record<string, string>>, nowMs: number, signal?: AbortSignal): Promise<LearnedLimits | undefined> {
  const learned = new LearnedLimits();
  let found = false;
  for (let fromMs = nowMs - reachMs; fromMs < nowMs; fromMs += dayMs) {
    for (const kind of kinds.filter((one) => one.learned)) {
      const readings = await pastReadings(kind, history, labels, fromMs, Math.min(nowMs, fromMs + dayMs) - 1, stepSeconds, signal);
      found = teach(learned, kind, readings) || found;
    }
    signal?.throwIfAborted();
  }
  return found ? learned : undefined;
}
