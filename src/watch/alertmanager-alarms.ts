import type { Alarm } from '../define/alarm.ts';
import { boundedAlarm } from '../store/bounds.ts';
import type { JoinEvent } from './incidents/state.ts';
import type { ReceivedAlarm } from './sources/alertmanager-webhook/webhook.ts';

const fingerprintOf = ({ id }: Pick<Alarm, 'id'>): string => id.split('-')[1] ?? '';
/** Alerts that are ours: pushed to that Alertmanager, and come back. */
const isOurs = ({ labels }: Alarm): boolean => labels['source'] === 'culprit' && labels['culprit_incident'] !== undefined;

/** Alerts of an Alertmanager that stand, so that one whose end was missed ends when it fires again. */
export class AlertmanagerAlarms {
  readonly #standing = new Map<string, Alarm>();

  constructor(standing: readonly Alarm[]) {
    for (const alarm of standing) if (alarm.source === 'alertmanager') this.#standing.set(fingerprintOf(alarm), alarm);
  }

  /** What received alerts are to the joining of incidents. */
  events(received: readonly ReceivedAlarm[], atMs: number): JoinEvent[] {
    return received.flatMap(({ fingerprint, firing, alarm: whole }): JoinEvent[] => {
      if (isOurs(whole)) return [];
      const alarm = boundedAlarm(whole);
      const before = this.#standing.get(fingerprint);
      if (!firing) {
        this.#standing.delete(fingerprint);
        return [{ kind: 'resolved', atMs, alarm }];
      }
      this.#standing.set(fingerprint, alarm);
      const missed: JoinEvent[] = before === undefined || before.id === alarm.id ? [] : [{ kind: 'resolved', atMs, alarm: { ...before, resolvedAtMs: Math.max(before.startedAtMs, alarm.startedAtMs) } }];
      return [...missed, { kind: 'raised', atMs, alarm }];
    });
  }
}
