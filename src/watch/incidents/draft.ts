import type { Incident, IncidentState } from '../../define/incident.ts';
import type { NotificationKind } from '../../define/notification.ts';
import type { Suppression } from '../../define/suppression.ts';
import type { Topology } from '../../define/topology.ts';
import type { JoinSettings } from './settings.ts';
import type { Bookkeeping, JoinState, Member, Tracked, Transition, TransitionKind } from './state.ts';

/** What is known of the watched hosts, and what is wanted, while events are taken in. */
export interface Surroundings {
  readonly topology: Topology;
  readonly suppressions: readonly Suppression[];
  readonly settings: JoinSettings;
}

/** The state while one batch of events is taken in. */
export interface Draft extends Surroundings {
  readonly members: Map<string, Member>;
  readonly incidents: Map<string, Tracked>;
  readonly transitions: Transition[];
  atMs: number;
  lastPassAtMs: number;
}

/** What may follow what. Everything else is refused. */
export const legalSteps: Readonly<Record<IncidentState, readonly IncidentState[]>> = {
  open: ['investigating', 'explained', 'mitigated', 'resolved'],
  investigating: ['open', 'explained', 'mitigated', 'resolved'],
  explained: ['investigating', 'mitigated', 'resolved'],
  mitigated: ['resolved'],
  resolved: ['reopened'],
  reopened: ['open', 'investigating', 'explained', 'mitigated', 'resolved'],
};

export function draftOf(state: JoinState, surroundings: Surroundings): Draft {
  return { ...surroundings, members: new Map(state.members), incidents: new Map(state.incidents), transitions: [], atMs: 0, lastPassAtMs: state.lastPassAtMs };
}

/** What a transition changes and says. */
export interface Step {
  readonly kind: TransitionKind;
  readonly says: string;
  readonly incident?: Partial<Incident>;
  readonly bookkeeping?: Partial<Bookkeeping>;
  readonly alarmIds?: readonly string[];
  readonly notification?: NotificationKind;
}

/** Changes an incident and records it as its next transition. A state that must not follow the present one is left out. */
export function take(draft: Draft, { incident, bookkeeping }: Tracked, step: Step): Tracked {
  const wanted = step.incident?.state;
  const legal = wanted === undefined || wanted === incident.state || legalSteps[incident.state].includes(wanted);
  const silent = step.kind === 'tell' || step.kind === 'investigate';
  const next: Tracked = {
    incident: { ...incident, ...step.incident, state: legal ? (wanted ?? incident.state) : incident.state, updatedAtMs: silent ? incident.updatedAtMs : draft.atMs },
    bookkeeping: { ...bookkeeping, ...step.bookkeeping, sequence: bookkeeping.sequence + 1 },
  };
  draft.incidents.set(incident.id, next);
  draft.transitions.push({
    id: `${incident.id}/${next.bookkeeping.sequence}`,
    kind: step.kind,
    atMs: draft.atMs,
    ...next,
    alarmIds: step.alarmIds ?? [],
    ...(step.notification === undefined ? {} : { notification: step.notification }),
    says: step.says,
  });
  return next;
}

/** Changes the bookkeeping alone: nothing that others would have to act on. */
export function note(draft: Draft, { incident, bookkeeping }: Tracked, change: Partial<Bookkeeping>): Tracked {
  const next = { incident, bookkeeping: { ...bookkeeping, ...change } };
  draft.incidents.set(incident.id, next);
  return next;
}
