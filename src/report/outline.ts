import type { Cause, EvidenceTerm, Report } from '../define/report.ts';
import type { Mitigation } from '../define/mitigation.ts';
import { subjects, type Subject } from '../define/ids.ts';

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups];
}

/** Evidence for the cause first, the heaviest first; what speaks against it at the end. */
export function byWeight(evidence: readonly EvidenceTerm[]): EvidenceTerm[] {
  return [...evidence].sort((one, other) => other.logOdds - one.logOdds);
}

/** Causes that end a chain before mechanisms; within them the order of the report, which is by probability. */
export function leadingCauses(report: Report): Cause[] {
  return [...report.causes].sort((one, other) => Number(one.role === 'mechanism') - Number(other.role === 'mechanism'));
}

export interface RuledOutGroup {
  readonly subject: Subject;
  readonly count: number;
  /** Reasons that rule out most come first. */
  readonly reasons: readonly { readonly because: string; readonly ids: readonly string[] }[];
}

/** What was ruled out by subject, and within it by reason, so that one reason is said once. */
export function ruledOutBySubject(report: Report): RuledOutGroup[] {
  return subjects
    .map((subject) => {
      const entries = report.ruledOut.filter((entry) => entry.subject === subject);
      const reasons = grouped(entries, (entry) => entry.because).map(([because, same]) => ({ because, ids: same.map(({ id }) => id) }));
      return { subject, count: entries.length, reasons: reasons.sort((one, other) => other.ids.length - one.ids.length) };
    })
    .filter((group) => group.count > 0);
}

/** By default the reasons that rule out most, and the rest by name only. */
export function shownReasons({ reasons }: RuledOutGroup, all: boolean): { shown: RuledOutGroup['reasons']; rest: string[] } {
  const shown = all || reasons.length <= 3 ? reasons : reasons.slice(0, 2);
  return { shown, rest: reasons.slice(shown.length).flatMap(({ ids }) => ids) };
}

/** What is felt, each kind once. */
export function symptomTitles(report: Report): string[] {
  return [...new Set(report.symptoms.map(({ title }) => title))];
}

/** Names in a row, at most so many, and how many more there are. */
export function listed(names: readonly string[], limit: number): string {
  return names.length <= limit + 1 ? names.join(', ') : `${names.slice(0, limit).join(', ')} and ${names.length - limit} more`;
}

/** Changes and events in the order of time. A change that the timeline tells too is told once. */
export function eventsInOrder(report: Report): { readonly at: string; readonly kind: string; readonly text: string }[] {
  const told = new Set(report.timeline.map(({ at, text }) => at + text));
  const events = [...report.timeline, ...report.changes.filter(({ at, text }) => !told.has(at + text))];
  return events.sort((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)));
}

/** What may have to do with it, and boots; where nothing is suspected, the last that happened. */
export function keyEvents(report: Report, most: number): ReturnType<typeof eventsInOrder> {
  const events = eventsInOrder(report);
  const suspected = new Set(report.changes.map(({ at, text }) => at + text));
  const key = events.filter(({ at, text, kind }) => kind === 'boot' || kind === 'onset' || suspected.has(at + text));
  return (key.length === 0 ? events : key).slice(-most);
}

export interface MissingGroup {
  readonly missing: string;
  readonly ids: readonly string[];
}

/** What could not be told by what is missing; what would decide most comes first. */
export function unknownByMissing(report: Report): MissingGroup[] {
  return grouped(report.unknown, (entry) => entry.missing)
    .map(([missing, same]) => ({ missing, ids: same.map(({ id }) => id) }))
    .sort((one, other) => other.ids.length - one.ids.length);
}

export interface WayOut {
  readonly mitigation: Mitigation;
  readonly causes: readonly string[];
}

/** Every way out once, with the causes that it would end. */
export function waysOut(report: Report): WayOut[] {
  const pairs = leadingCauses(report).flatMap((cause) => cause.mitigations.map((mitigation) => ({ mitigation, cause: cause.id })));
  return grouped(pairs, ({ mitigation }) => mitigation.id).flatMap(([, same]) =>
    same[0] ? [{ mitigation: same[0].mitigation, causes: [...new Set(same.map(({ cause }) => cause))] }] : [],
  );
}

/** What known issues advise, each once. */
export function knownAdvice(report: Report): { readonly issue: string; readonly says: string }[] {
  const advice = report.causes.flatMap((cause) => cause.knownIssues.flatMap(({ id, mitigations }) => mitigations.map((says) => ({ issue: id, says }))));
  return grouped(advice, ({ issue, says }) => `${issue} ${says}`).flatMap(([, same]) => same.slice(0, 1));
}

/** The biggest weight in a cause's sum, the prior included: the full length of its bars. */
export function heaviest(cause: Cause): number {
  return Math.max(1, ...[cause.priorLogOdds, ...cause.evidence.map(({ logOdds }) => logOdds)].map(Math.abs).filter(Number.isFinite));
}
