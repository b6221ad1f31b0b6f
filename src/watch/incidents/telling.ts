import type { Suppression } from '../../define/suppression.ts';
import type { Topology } from '../../define/topology.ts';
import { note, take, type Draft } from './draft.ts';
import type { Member, Tracked } from './state.ts';

/** Whether nobody is to be told of an alarm now. Who covers a node covers its guests. */
export function isSuppressed(member: Pick<Member, 'host' | 'kind' | 'object'>, suppressions: readonly Suppression[], topology: Topology, atMs: number): boolean {
  const nodes = topology.guests.filter(({ host }) => host === member.host).map(({ runsOn }) => runsOn);
  return suppressions.some(
    ({ startsAtMs, endsAtMs, hosts, alarmKinds, objects }) =>
      startsAtMs <= atMs &&
      atMs < endsAtMs &&
      (hosts.length === 0 || hosts.includes(member.host) || nodes.some((node) => hosts.includes(node))) &&
      (alarmKinds.length === 0 || alarmKinds.includes(member.kind)) &&
      (objects.length === 0 || objects.includes(member.object)),
  );
}

/** Whether all that stands, or all that stood where nothing does any more, is suppressed. */
function isHeldBack(draft: Draft, members: readonly Member[]): boolean {
  const standing = members.filter(({ resolvedAtMs }) => resolvedAtMs === undefined);
  const shown = standing.length > 0 ? standing : members;
  return draft.suppressions.length > 0 && shown.length > 0 && shown.every((member) => isSuppressed(member, draft.suppressions, draft.topology, draft.atMs));
}

/**
 * Tells what is to be told and is due. The beginning waits for the verdict, at most `verdictWaitMs`; a verdict is told at once; other changes are gathered over
 * `changedEveryMs`. While a silence or maintenance covers all that stands, it waits, and is told when that ends, if the incident still stands.
 */
export function tellIfDue(draft: Draft, tracked: Tracked, members: readonly Member[]): Tracked {
  const { incident, bookkeeping } = tracked;
  const { pending } = bookkeeping;
  if (pending === undefined || incident.mergedInto !== undefined) return tracked;
  const { settings, atMs } = draft;
  const begins = pending.kind === 'opened' || pending.kind === 'reopened';
  const isDue =
    pending.kind === 'explained' ||
    (begins && (pending.answered || atMs >= pending.sinceMs + settings.verdictWaitMs)) ||
    (pending.kind === 'changed' && atMs >= Math.max(pending.sinceMs, (bookkeeping.lastToldAtMs ?? -Infinity) + settings.changedEveryMs));
  if (!isDue || isHeldBack(draft, members)) return tracked;
  const told = take(draft, tracked, { kind: 'tell', notification: pending.kind, bookkeeping: { lastToldAtMs: atMs, threadOpen: true }, says: incident.title });
  return note(draft, told, { pending: undefined });
}

/** That it is over is told wherever its beginning was, whatever is suppressed. What was never told needs no end. */
export function tellEnd(draft: Draft, tracked: Tracked): Tracked {
  const quiet = note(draft, tracked, { pending: undefined });
  return quiet.bookkeeping.threadOpen
    ? take(draft, quiet, { kind: 'tell', notification: 'resolved', bookkeeping: { threadOpen: false, lastToldAtMs: draft.atMs }, says: quiet.incident.title })
    : quiet;
}
