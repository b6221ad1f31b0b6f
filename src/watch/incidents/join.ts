import type { Alarm } from '../../define/alarm.ts';
import { explained, investigationStarted, mitigated, pass } from './course.ts';
import { describe } from './describe.ts';
import { draftOf, take, type Draft, type Surroundings } from './draft.ts';
import { changed, settle } from './settle.ts';
import { memberOf, type JoinEvent, type JoinState, type Member, type Transition } from './state.ts';

const membersOf = (draft: Draft, incidentId: string): Member[] => [...draft.members.values()].filter((member) => member.incidentId === incidentId);

/** An alarm that is new waits for its place; one that is known can end once, and get worse. */
function takeIn(draft: Draft, alarm: Alarm): void {
  const came = memberOf(alarm, draft.atMs);
  const known = draft.members.get(alarm.id);
  if (known === undefined) {
    draft.members.set(came.id, came);
    return;
  }
  const resolvedAtMs = known.resolvedAtMs ?? came.resolvedAtMs;
  const worse = known.severity === 'warning' && came.severity === 'critical';
  draft.members.set(known.id, { ...known, severity: worse ? 'critical' : known.severity, ...(resolvedAtMs === undefined ? {} : { resolvedAtMs }) });
  const tracked = known.incidentId === undefined ? undefined : draft.incidents.get(known.incidentId);
  if (!worse || tracked === undefined || tracked.incident.severity === 'critical') return;
  const described = describe(membersOf(draft, tracked.incident.id), tracked.incident, tracked.bookkeeping.shared);
  const next = take(draft, tracked, { kind: 'joined', incident: described, alarmIds: [known.id], says: 'An alarm of it has become critical.' });
  if (next.incident.state !== 'resolved') changed(draft, next);
}

function handle(draft: Draft, event: JoinEvent): void {
  draft.atMs = event.atMs;
  if (event.kind === 'raised' || event.kind === 'resolved') takeIn(draft, event.alarm);
  else if (event.kind === 'investigation-started') investigationStarted(draft, event.incidentId);
  else if (event.kind === 'explained') explained(draft, event);
  else if (event.kind === 'mitigated') mitigated(draft, event.incidentId, event.by);
  const sinceMs = event.atMs - draft.lastPassAtMs;
  // A clock that was put back must not stop anything.
  if (sinceMs >= 0 && sinceMs < draft.settings.passEveryMs) return;
  draft.lastPassAtMs = event.atMs;
  settle(draft);
  pass(draft);
}

/**
 * Takes in what happened, in the order in which it was heard of, and returns the state afterwards and what others have to act on: to save, to investigate, to tell.
 *
 * An alarm waits `settleMs` for others, unless it belongs to an incident already. What belongs together then is one incident; later alarms join it, and may show that
 * two incidents are one: the older keeps its thread and has all alarms, the newer says where it went. An incident is never split and no alarm leaves one.
 * What belongs together follows from the set of alarms (`componentsOf`), by when they began, not by when they arrived. Hosts that share nothing that
 * the topology names are never joined, however many fail at once.
 */
export function join(state: JoinState, events: readonly JoinEvent[], surroundings: Surroundings): { readonly state: JoinState; readonly transitions: readonly Transition[] } {
  const draft = draftOf(state, surroundings);
  for (const event of events) handle(draft, event);
  return { state: { members: draft.members, incidents: draft.incidents, lastPassAtMs: draft.lastPassAtMs }, transitions: draft.transitions };
}
