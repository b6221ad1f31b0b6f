import type { Change, Ledger } from '../define/change.ts';
import type { Catalog } from '../define/catalog.ts';
import type { Onset } from '../define/onset.ts';
import type { EvidenceTerm, Report } from '../define/report.ts';
import { agoText } from '../lib/duration-text.ts';
import { oddsOfChange } from '../timeline/change-weight.ts';
import { tellingChanges } from '../timeline/events.ts';
import type { Readings } from './readings.ts';
import type { Weighed } from './weigh.ts';

/** What is known of changes, with the odds of each that is suspected. */
export interface ChangesRead {
  readonly ledger: Ledger | undefined;
  readonly onset: Onset | undefined;
  /** The most suspicious first. */
  readonly suspects: readonly { readonly change: Change; readonly odds: number }[];
}

/** Odds below this say nothing. */
const leastOdds = 1.2;

/** "24 minutes before the trouble began", or "26 minutes ago". */
function whenText({ atMs }: Change, ledger: Ledger, onset: Onset | undefined): string {
  if (onset === undefined) return `${agoText((ledger.nowMs - atMs) / 1_000)} ago`;
  const beginMs = (onset.fromMs + onset.toMs) / 2;
  return atMs <= beginMs ? `${agoText((beginMs - atMs) / 1_000)} before the trouble began` : 'while the trouble began';
}

function termOf({ change, odds }: ChangesRead['suspects'][number], ledger: Ledger, onset: Onset | undefined): EvidenceTerm {
  const says = `${whenText(change, ledger, onset)} ${change.says}.`;
  return { text: says.slice(0, 1).toUpperCase() + says.slice(1), logOdds: Math.log(odds), decisive: false, source: { kind: 'fact', id: 'changes', vantage: 'host' }, excerpt: `${new Date(change.atMs).toISOString()} ${change.source}` };
}

/**
 * Adds to each cause that a change can bring the most suspicious such change. It raises the cause, but is no evidence of its own: two things that meet in time convict
 * nobody.
 */
export function withChanges(catalog: Catalog, readings: Readings): ChangesRead & { readonly adjust: (weighed: readonly Weighed[]) => readonly Weighed[] } {
  const ledgerRead = catalog.changes === undefined ? undefined : readings.read(catalog.changes);
  const onsetRead = catalog.onset === undefined ? undefined : readings.read(catalog.onset);
  const ledger = ledgerRead?.status === 'ok' ? ledgerRead.value : undefined;
  const onset = onsetRead?.status === 'ok' ? onsetRead.value : undefined;
  const suspects = (ledger?.changes ?? []).map((change) => ({ change, odds: oddsOfChange(change, ledger!, onset) })).filter(({ odds }) => odds >= leastOdds).toSorted((a, b) => b.odds - a.odds);
  const adjust = (weighed: readonly Weighed[]): readonly Weighed[] =>
    weighed.map((one) => {
      const { broughtBy = [] } = one.hypothesis;
      if (ledger === undefined || one.ruledOut !== undefined || broughtBy.length === 0) return one;
      const best = suspects.find(({ change }) => change.components.some((component) => broughtBy.includes(component)));
      if (best === undefined) return one;
      const term = termOf(best, ledger, onset);
      return { ...one, terms: [...one.terms, term], evidenceLogOdds: one.evidenceLogOdds + term.logOdds, circumstantialLogOdds: term.logOdds };
    });
  return { ledger, onset, suspects, adjust };
}

/** A name keeps its small letter. */
function sentenceOf({ says, what, clockUncertain }: Change): string {
  const text = `${says}${clockUncertain === true ? ' (the clock was not set then)' : ''}.`;
  return says.startsWith(what) ? text : text.slice(0, 1).toUpperCase() + text.slice(1);
}

const clockText = (atMs: number): string => new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');

/** Told at the end of the interval: from then on it was there. */
function onsetText({ fromMs, toMs, probability, says }: Onset): string {
  const sameDay = clockText(fromMs).slice(0, 10) === clockText(toMs).slice(0, 10);
  return `The trouble began between ${sameDay ? clockText(fromMs).slice(11) : clockText(fromMs)} and ${sameDay ? clockText(toMs).slice(11) : clockText(toMs)} UTC (${Math.round(probability * 100)} %). ${says.join(' ')}`.trim();
}

/** Changes, the beginning of the trouble and what Culprit tried, on one axis. */
export function timelineOf({ ledger, onset }: ChangesRead, { host, experiments }: { readonly host: string; readonly experiments: readonly { readonly at: string; readonly title: string }[] }): Report['timeline'] {
  const tried = experiments.map(({ at, title }) => ({ at, kind: 'experiment', text: `Culprit tried: ${title}.`, object: host }));
  const changes = (ledger === undefined ? [] : tellingChanges(ledger, onset)).map((change) => ({ at: new Date(change.atMs).toISOString(), kind: change.kind, text: sentenceOf(change), object: host }));
  const began = onset === undefined ? [] : [{ at: new Date(onset.toMs).toISOString(), kind: 'onset', text: onsetText(onset), object: host }];
  return [...changes, ...began, ...tried].toSorted((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
}

/** The packages that a boot into another kernel put into effect: those that came since the boot before it. */
function broughtByBoot(boot: Change, { changes }: Ledger): Change[] {
  if (boot.kind !== 'boot' || boot.from === undefined) return [];
  const before = changes.findLast(({ kind, atMs }) => kind === 'boot' && atMs < boot.atMs);
  return changes.filter(({ kind, components, atMs }) => kind === 'package' && components.length === 0 && atMs < boot.atMs && atMs > (before?.atMs ?? -Infinity)).slice(-5);
}

/** The changes that came suspiciously shortly before the trouble, the most suspicious first. */
export function suspiciousOf({ ledger, suspects }: ChangesRead): Report['changes'] {
  if (ledger === undefined) return [];
  const told = suspects
    .filter(({ change }) => change.components.some((component) => component !== 'other' && component !== 'people'))
    .slice(0, 10)
    .map(({ change }) => change);
  return [...told, ...told.flatMap((change) => broughtByBoot(change, ledger))].map((change) => ({ at: new Date(change.atMs).toISOString(), kind: change.kind, text: sentenceOf(change) }));
}
