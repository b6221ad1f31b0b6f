import type { Change, Ledger } from '../define/change.ts';
import type { Onset } from '../define/onset.ts';

const dayMs = 86_400_000;
/** What a report tells of: changes since so long before the trouble began, or before the look where nobody knows when it began. */
const horizonMs = 30 * dayMs;
/** What touches nothing that a cause lives in is told only when it is as young as this. */
const nearMs = dayMs;
const mostEvents = 60;

const isMinor = ({ components, kind }: Change): boolean => components.every((one) => one === 'other' || one === 'people' || one === 'services') && kind !== 'boot';

/** What is done again and again (a nightly backup) is told by its last times. */
const mostRepeats = 3;

function withoutRoutine(changes: readonly Change[]): Change[] {
  const later = new Map<string, number>();
  return changes
    .toReversed()
    .filter(({ says }) => {
      const count = (later.get(says) ?? 0) + 1;
      later.set(says, count);
      return count <= mostRepeats;
    })
    .toReversed();
}

/** The part of the ledger that a report tells, in the order of time: what touches what causes live in for thirty days, all else for one. */
export function tellingChanges({ changes, nowMs }: Ledger, onset: Pick<Onset, 'fromMs'> | undefined): Change[] {
  const beginMs = onset?.fromMs ?? nowMs;
  const telling = changes.filter((change) => {
    const isLater = change.components.length === 0 && change.kind === 'package';
    const reachMs = isMinor(change) && !isLater ? nearMs : horizonMs;
    return change.atMs >= beginMs - reachMs;
  });
  return withoutRoutine(telling).slice(-mostEvents);
}
