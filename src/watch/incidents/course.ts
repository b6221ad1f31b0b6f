import { note, take, type Draft } from './draft.ts';
import { listsBy } from './links.ts';
import { tellEnd, tellIfDue } from './telling.ts';
import { liveIncidentId, type JoinEvent, type Member, type Tracked } from './state.ts';

const namesCause = ({ status }: { readonly status: string }): boolean => status === 'identified' || status === 'suspected';

function live(draft: Draft, incidentId: string): Tracked | undefined {
  const id = liveIncidentId(draft.incidents, incidentId);
  return id === undefined ? undefined : draft.incidents.get(id);
}

const membersOf = (draft: Draft, incidentId: string): Member[] => [...draft.members.values()].filter((member) => member.incidentId === incidentId);

export function investigationStarted(draft: Draft, incidentId: string): void {
  const tracked = live(draft, incidentId);
  if (tracked === undefined) return;
  const asked = note(draft, tracked, { askedAtMs: draft.atMs, lastAskedAtMs: draft.atMs });
  if (!['open', 'reopened', 'explained'].includes(asked.incident.state)) return;
  take(draft, asked, { kind: 'investigating', incident: { state: 'investigating' }, says: 'It is being investigated.' });
}

/** What an investigation said. One that names no cause takes an earlier one back no more than it resolves anything. */
export function explained(draft: Draft, { incidentId, explanation }: JoinEvent & { kind: 'explained' }): void {
  const tracked = live(draft, incidentId);
  if (tracked === undefined) return;
  const { incident, bookkeeping } = tracked;
  const named = namesCause(explanation);
  const before = incident.explanations.filter(namesCause).at(-1);
  const verdict = (one: typeof explanation | undefined): string => JSON.stringify([one?.status, one?.causes[0]?.id, one?.causes[0]?.objects]);
  const isNew = named && verdict(before) !== verdict(explanation);
  const { pending, threadOpen } = bookkeeping;
  const waits = pending?.kind === 'opened' || pending?.kind === 'reopened';
  const toTell = waits ? { ...pending, answered: true } : isNew && threadOpen ? { kind: 'explained' as const, sinceMs: draft.atMs, answered: true } : pending;
  const resting = before === undefined ? 'open' : 'explained';
  const state = ['mitigated', 'resolved'].includes(incident.state) ? incident.state : named ? 'explained' : incident.state === 'investigating' ? resting : incident.state;
  const next = take(draft, tracked, {
    kind: named ? 'explained' : 'unexplained',
    incident: { state, explanations: [...incident.explanations, explanation] },
    bookkeeping: { askedAtMs: undefined, pending: toTell },
    says: explanation.summary,
  });
  tellIfDue(draft, next, membersOf(draft, next.incident.id));
}

export function mitigated(draft: Draft, incidentId: string, by: string): void {
  const tracked = live(draft, incidentId);
  if (tracked === undefined || ['resolved', 'mitigated'].includes(tracked.incident.state)) return;
  take(draft, tracked, { kind: 'mitigated', incident: { state: 'mitigated' }, says: `${by} says that it is dealt with.` });
}

/** How long nothing has to stand before it is over: longer each time that it came back, so that what flaps is neither many incidents nor many messages. */
function quietMs(tracked: Tracked, draft: Draft): number {
  const { quietMs: first, longestQuietMs } = draft.settings;
  return Math.min(longestQuietMs, first * 2 ** Math.min(tracked.bookkeeping.reopenings, 20));
}

function resolveIfOver(draft: Draft, tracked: Tracked, members: readonly Member[]): Tracked {
  const ends = members.map(({ resolvedAtMs }) => resolvedAtMs ?? Infinity);
  // Alarms that nobody heard of before count from their arrival, or one that is told late would open and end an incident at once.
  const arrivals = members.map(({ arrivedAtMs }) => arrivedAtMs);
  const lastMs = Math.max(...ends, ...arrivals.map((arrivedAtMs) => arrivedAtMs - quietMs(tracked, draft)), tracked.incident.openedAtMs - quietMs(tracked, draft));
  if (lastMs + quietMs(tracked, draft) > draft.atMs) return tracked;
  const over = take(draft, tracked, {
    kind: 'resolved',
    incident: { state: 'resolved', resolvedAtMs: draft.atMs },
    bookkeeping: { investigationDue: false },
    says: 'No alarm of it stands any more.',
  });
  return tellEnd(draft, over);
}

/** Asks for an investigation when there is reason for one, none runs, and the last is not too fresh. */
function investigateIfDue(draft: Draft, tracked: Tracked): Tracked {
  const { settings, atMs } = draft;
  const { askedAtMs, lastAskedAtMs = -Infinity, investigationDue } = tracked.bookkeeping;
  const lost = askedAtMs !== undefined && atMs >= askedAtMs + settings.investigationLimitMs;
  if ((!investigationDue && !lost) || (askedAtMs !== undefined && !lost) || atMs < lastAskedAtMs + settings.investigateEveryMs) return tracked;
  return take(draft, tracked, { kind: 'investigate', bookkeeping: { askedAtMs: atMs, lastAskedAtMs: atMs, investigationDue: false }, says: `To be investigated: ${tracked.incident.hosts.length} hosts.` });
}

/** What is over so long that nothing can belong to it any more is given up here; whoever saves transitions has it. */
function forget(draft: Draft): void {
  const { settings, atMs } = draft;
  for (const member of draft.members.values()) {
    if (member.incidentId !== undefined && member.resolvedAtMs !== undefined && Math.max(member.resolvedAtMs, member.arrivedAtMs) + settings.forgetMs <= atMs) draft.members.delete(member.id);
  }
  for (const { incident } of draft.incidents.values()) {
    if (incident.mergedInto === undefined && incident.state === 'resolved' && (incident.resolvedAtMs ?? atMs) + settings.forgetMs <= atMs) draft.incidents.delete(incident.id);
  }
  for (const { incident } of draft.incidents.values()) if (incident.mergedInto !== undefined && liveIncidentId(draft.incidents, incident.id) === undefined) draft.incidents.delete(incident.id);
}

/** All that happens because time has passed. */
export function pass(draft: Draft): void {
  const byIncident = listsBy([...draft.members.values()], ({ incidentId }) => incidentId ?? '');
  for (const tracked of draft.incidents.values()) {
    const { id, state, mergedInto } = tracked.incident;
    if (state === 'resolved' || mergedInto !== undefined) continue;
    const members = byIncident.get(id) ?? [];
    const now = resolveIfOver(draft, tracked, members);
    if (now.incident.state !== 'resolved') tellIfDue(draft, investigateIfDue(draft, now), members);
  }
  forget(draft);
}
