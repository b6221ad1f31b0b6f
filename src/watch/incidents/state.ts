import { z } from 'zod';
import { alarmIdentity, type Alarm, type Severity } from '../../define/alarm.ts';
import type { Incident } from '../../define/incident.ts';
import type { NotificationKind } from '../../define/notification.ts';
import { bounded } from '../../lib/hostile-text.ts';

/** What joining keeps of an alarm. */
export interface Member {
  readonly id: string;
  readonly identity: string;
  readonly host: string;
  readonly kind: string;
  readonly object: string;
  readonly severity: Severity;
  readonly says: string;
  readonly startedAtMs: number;
  readonly resolvedAtMs?: number;
  /** When it was first heard of here, whatever happened first. */
  readonly arrivedAtMs: number;
  /** Undefined while it waits for others. */
  readonly incidentId?: string;
}

/** What is kept of an incident beside what everybody sees: saved and read as a whole. */
export const bookkeepingSchema = z.object({
  /** Number of the last transition. */
  sequence: z.number(),
  reopenings: z.number(),
  /** Whether its beginning was told and its end not yet. */
  threadOpen: z.boolean(),
  lastToldAtMs: z.number().optional(),
  /** What is still to be told, since when, and whether an investigation has answered since. */
  pending: z.object({ kind: z.enum(['opened', 'reopened', 'explained', 'changed']), sinceMs: z.number(), answered: z.boolean() }).optional(),
  investigationDue: z.boolean(),
  /** An investigation was asked for and has not answered. */
  askedAtMs: z.number().optional(),
  lastAskedAtMs: z.number().optional(),
  /** What is shared by its hosts and failed, as `switch/sw1`. */
  shared: z.array(z.string()),
});
export type Bookkeeping = z.infer<typeof bookkeepingSchema>;

export interface Tracked {
  readonly incident: Incident;
  readonly bookkeeping: Bookkeeping;
}

/** All that joining knows between two events. Never changed in place. */
export interface JoinState {
  readonly members: ReadonlyMap<string, Member>;
  readonly incidents: ReadonlyMap<string, Tracked>;
  readonly lastPassAtMs: number;
}

export const emptyJoinState: JoinState = { members: new Map(), incidents: new Map(), lastPassAtMs: -Infinity };

/** Why something is sent to others, or done by them. `tell` is a message; `investigate` asks for an investigation; the rest is a record of what happened. */
export type TransitionKind = 'opened' | 'joined' | 'merged' | 'investigate' | 'investigating' | 'explained' | 'unexplained' | 'mitigated' | 'resolved' | 'reopened' | 'tell';

export interface Transition {
  /** The same for the same step of the same incident, so that what is done twice can be seen to be. */
  readonly id: string;
  readonly kind: TransitionKind;
  readonly atMs: number;
  /** As it is afterwards. */
  readonly incident: Incident;
  readonly bookkeeping: Bookkeeping;
  /** Alarms that this is about: those that came in. */
  readonly alarmIds: readonly string[];
  /** With `tell`. */
  readonly notification?: NotificationKind;
  /** One sentence. */
  readonly says: string;
}

export type JoinEvent =
  /** Both bring the whole alarm: they may arrive in either order, late, or twice. */
  | { readonly kind: 'raised' | 'resolved'; readonly atMs: number; readonly alarm: Alarm }
  | { readonly kind: 'investigation-started'; readonly atMs: number; readonly incidentId: string }
  | { readonly kind: 'explained'; readonly atMs: number; readonly incidentId: string; readonly explanation: Incident['explanations'][number] }
  | { readonly kind: 'mitigated'; readonly atMs: number; readonly incidentId: string; readonly by: string }
  /** At least once in `passEveryMs`, whatever happens. */
  | { readonly kind: 'tick'; readonly atMs: number };

/** Times of other systems may lie in the future or be no times: nothing began or ended after it was heard of. */
const timeBefore = (timeMs: number | undefined, latestMs: number): number => (timeMs !== undefined && Number.isFinite(timeMs) ? Math.min(timeMs, latestMs) : latestMs);

/** `heardAtMs` is when its end was heard of, where that was later than its arrival. */
export function memberOf(alarm: Alarm, arrivedAtMs: number, heardAtMs = arrivedAtMs, incidentId?: string): Member {
  return {
    id: alarm.id,
    identity: alarmIdentity(alarm),
    host: alarm.host,
    kind: alarm.kind,
    object: alarm.object,
    severity: alarm.severity,
    says: bounded(alarm.says, 300),
    startedAtMs: timeBefore(alarm.startedAtMs, arrivedAtMs),
    arrivedAtMs,
    ...(alarm.resolvedAtMs === undefined ? {} : { resolvedAtMs: timeBefore(alarm.resolvedAtMs, heardAtMs) }),
    ...(incidentId === undefined ? {} : { incidentId }),
  };
}

/** The state as it was, from what was saved: alarms with the time of their arrival and the incident that they are in now, and incidents that are not forgotten. */
export function restoreJoinState(alarms: readonly { readonly alarm: Alarm; readonly arrivedAtMs: number; readonly incidentId?: string }[], incidents: readonly Tracked[], lastPassAtMs = -Infinity): JoinState {
  return {
    members: new Map(alarms.map(({ alarm, arrivedAtMs, incidentId }) => [alarm.id, memberOf(alarm, arrivedAtMs, Number.MAX_SAFE_INTEGER, incidentId)])),
    incidents: new Map(incidents.map((tracked) => [tracked.incident.id, tracked])),
    lastPassAtMs,
  };
}

/** The incident in which a merged one goes on. */
export function liveIncidentId(incidents: ReadonlyMap<string, Tracked>, incidentId: string): string | undefined {
  let id = incidentId;
  for (let steps = 0; steps <= incidents.size; steps += 1) {
    const tracked = incidents.get(id);
    if (tracked === undefined) return undefined;
    if (tracked.incident.mergedInto === undefined) return id;
    id = tracked.incident.mergedInto;
  }
  return undefined;
}

type Onset = Pick<Member, 'id' | 'startedAtMs'>;

/** The order that counts: that of beginnings. */
export const byOnset = (one: Onset, other: Onset): number => one.startedAtMs - other.startedAtMs || (one.id < other.id ? -1 : Number(one.id > other.id));
