import type { Alarm } from '../define/alarm.ts';
import { ownAlarmKinds, ownHost } from '../define/own-alarm.ts';
import { bounded } from '../lib/hostile-text.ts';
import type { AlarmHappening } from '../watch/alarms/host-alarms.ts';
import type { SelfProblem } from './self-watch.ts';

/** So long a problem must be away before its alarm is over: what comes and goes is one. */
const clearMs = 60_000;

interface Standing {
  readonly alarm: Alarm;
  awaySinceMs?: number | undefined;
}

function isAlarming(id: SelfProblem['id']): id is keyof typeof ownAlarmKinds {
  return Object.hasOwn(ownAlarmKinds, id);
}

/** Makes alarms of what is wrong with the server itself, so that it is told like any other trouble. */
export class OwnAlarms {
  readonly #standing = new Map<string, Standing>();

  /** What began and what is over, by what is wrong now. */
  look(problems: readonly SelfProblem[], nowMs: number): AlarmHappening[] {
    const happened: AlarmHappening[] = [];
    const seen = new Set<string>();
    for (const { id, says, object = 'server' } of problems) {
      if (!isAlarming(id)) continue;
      const key = JSON.stringify([id, object]);
      if (seen.has(key)) continue;
      seen.add(key);
      const known = this.#standing.get(key);
      if (known !== undefined) {
        known.awaySinceMs = undefined;
        continue;
      }
      const { kind, severity } = ownAlarmKinds[id];
      const alarm: Alarm = { id: `${kind}-${nowMs}-${this.#standing.size}`, kind, host: ownHost, object: bounded(object, 200), severity, source: 'culprit', startedAtMs: nowMs, raisedAtMs: nowMs, says: bounded(says, 500), labels: {} };
      this.#standing.set(key, { alarm });
      happened.push({ kind: 'raised', alarm });
    }
    for (const [key, one] of this.#standing) {
      if (seen.has(key)) continue;
      one.awaySinceMs ??= nowMs;
      if (nowMs - one.awaySinceMs < clearMs) continue;
      this.#standing.delete(key);
      happened.push({ kind: 'resolved', alarm: { ...one.alarm, resolvedAtMs: nowMs } });
    }
    return happened;
  }
}
