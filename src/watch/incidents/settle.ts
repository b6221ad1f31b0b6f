import { componentsOf, type Component } from './components.ts';
import { describe, incidentIdOf } from './describe.ts';
import { note, take, type Draft } from './draft.ts';
import { byOnset, type Member, type Tracked } from './state.ts';

const stands = (member: Member): boolean => member.resolvedAtMs === undefined;

function put(draft: Draft, members: readonly Member[], incidentId: string): void {
  for (const member of members) draft.members.set(member.id, { ...member, incidentId });
}

function open(draft: Draft, { members, shared }: Component): void {
  const id = incidentIdOf(members[0]!, (known) => draft.incidents.has(known));
  put(draft, members, id);
  const { atMs } = draft;
  const described = describe(members, undefined, shared);
  const tracked: Tracked = {
    incident: { id, state: 'open', ...described, openedAtMs: atMs, updatedAtMs: atMs, explanations: [] },
    bookkeeping: {
      sequence: 0,
      reopenings: 0,
      threadOpen: false,
      investigationDue: true,
      shared: [...shared],
      ...(members.some(stands) ? { pending: { kind: 'opened', sinceMs: atMs, answered: false } } : {}),
    },
  };
  take(draft, tracked, { kind: 'opened', alarmIds: described.alarmIds, says: described.title });
}

const older = (one: Tracked, other: Tracked): number =>
  one.incident.openedAtMs - other.incident.openedAtMs || one.incident.startedAtMs - other.incident.startedAtMs || (one.incident.id < other.incident.id ? -1 : 1);

/** The newer incident says where it went, where its beginning was told, and ends. */
function giveUp(draft: Draft, newer: Tracked, into: string): void {
  const { resolvedAtMs, ...incident } = newer.incident;
  const { pending: _, askedAtMs: __, ...bookkeeping } = newer.bookkeeping;
  const told = bookkeeping.threadOpen;
  const ended = { incident: { ...incident, resolvedAtMs: resolvedAtMs ?? draft.atMs }, bookkeeping: { ...bookkeeping, threadOpen: false, investigationDue: false } };
  const says = `This is one trouble with incident ${into} and goes on there.`;
  const merged = take(draft, ended, { kind: 'merged', incident: { state: 'resolved', mergedInto: into }, says });
  if (told) take(draft, merged, { kind: 'tell', notification: 'changed', bookkeeping: { lastToldAtMs: draft.atMs }, says });
}

/** Whether what came in is more than another of what was there. */
function isNews(before: readonly Member[], came: readonly Member[]): boolean {
  const hosts = new Set(before.map(({ host }) => host));
  const kinds = new Set(before.map(({ kind }) => kind));
  const worst = before.some(({ severity }) => severity === 'critical');
  return came.some(({ host, kind, severity }) => !hosts.has(host) || !kinds.has(kind) || (severity === 'critical' && !worst));
}

/** The bookkeeping of an incident that has changed: told and investigated when it is time. */
export function changed(draft: Draft, tracked: Tracked): Tracked {
  const { pending, threadOpen } = tracked.bookkeeping;
  const toTell = pending === undefined && threadOpen ? { pending: { kind: 'changed' as const, sinceMs: draft.atMs, answered: false } } : {};
  return note(draft, tracked, { investigationDue: true, ...toTell });
}

function reopen(draft: Draft, tracked: Tracked, alarmIds: readonly string[]): Tracked {
  const { resolvedAtMs: _, ...incident } = tracked.incident;
  const { bookkeeping } = tracked;
  return take(
    draft,
    { incident, bookkeeping },
    {
      kind: 'reopened',
      incident: { state: 'reopened' },
      bookkeeping: { reopenings: bookkeeping.reopenings + 1, investigationDue: true, pending: { kind: 'reopened', sinceMs: draft.atMs, answered: false } },
      alarmIds,
      says: 'What belongs to it came back.',
    },
  );
}

/** Alarms that came in join the oldest incident that they belong to; others that they show to be the same are merged into it. */
function extend(draft: Draft, component: Component): void {
  const came = component.members.filter(({ incidentId }) => incidentId === undefined);
  const ids = new Set(component.members.flatMap(({ incidentId }) => incidentId ?? []));
  const incidents = [...ids].flatMap((id) => draft.incidents.get(id) ?? []).sort(older);
  const [oldest, ...newer] = incidents;
  if (oldest === undefined) return;
  const { id } = oldest.incident;
  const ofOldest = component.members.filter(({ incidentId }) => incidentId === id);
  const others = component.members.filter(({ incidentId }) => incidentId !== id);
  put(draft, others, id);
  for (const one of newer) giveUp(draft, one, id);
  const shared = [...new Set([...oldest.bookkeeping.shared, ...component.shared])].sort();
  const alarmIds = others.map((member) => member.id);
  // Alarms of a merged incident that are forgotten here stay among its own.
  const forgotten = newer.flatMap(({ incident }) => incident.alarmIds).filter((alarm) => !draft.members.has(alarm));
  const before = { ...oldest.incident, alarmIds: [...new Set([...forgotten, ...oldest.incident.alarmIds])], hosts: [...oldest.incident.hosts, ...newer.flatMap(({ incident }) => incident.hosts)] };
  const worst = newer.some(({ incident }) => incident.severity === 'critical') ? 'critical' : before.severity;
  const described = describe(component.members, { ...before, severity: worst }, shared);
  const explanations = [...new Map([...oldest.incident.explanations, ...newer.flatMap(({ incident }) => incident.explanations)].map((one) => [JSON.stringify([one.caseName, one.atMs, one.host]), one])).values()].sort((one, other) => one.atMs - other.atMs);
  const says = newer.length > 0 ? `Incident ${newer.map(({ incident }) => incident.id).join(', ')} is the same trouble.` : came.length === 1 ? 'Another alarm belongs to it.' : `${came.length} more alarms belong to it.`;
  let tracked = take(draft, oldest, { kind: 'joined', incident: { ...described, explanations }, bookkeeping: { shared }, alarmIds, says });
  const mayReopen = others.some(stands) && tracked.incident.state === 'resolved';
  if (mayReopen) tracked = reopen(draft, tracked, others.filter(stands).map((member) => member.id));
  else if (tracked.incident.state !== 'resolved' && (newer.length > 0 || isNews(ofOldest, came))) tracked = changed(draft, tracked);
  const { pending, threadOpen } = tracked.bookkeeping;
  if (tracked.incident.state !== 'resolved' && pending === undefined && !threadOpen && others.some(stands)) note(draft, tracked, { pending: { kind: 'opened', sinceMs: draft.atMs, answered: false } });
}

/** Puts waiting alarms where they belong. Those that belong to no incident wait for others, so long as the first of them has not waited `settleMs`, and open one together. */
export function settle(draft: Draft): void {
  if (![...draft.members.values()].some(({ incidentId }) => incidentId === undefined)) return;
  for (const component of componentsOf(draft.members.values(), draft.topology, draft.settings, draft.atMs)) {
    const waiting = component.members.filter(({ incidentId }) => incidentId === undefined);
    const incidents = new Set(component.members.flatMap(({ incidentId }) => incidentId ?? []));
    if (incidents.size > 1 || (incidents.size === 1 && waiting.length > 0)) extend(draft, { ...component, members: [...component.members].sort(byOnset) });
    else if (incidents.size === 0 && Math.min(...waiting.map(({ arrivedAtMs }) => arrivedAtMs)) + draft.settings.settleMs <= draft.atMs) open(draft, component);
  }
}
