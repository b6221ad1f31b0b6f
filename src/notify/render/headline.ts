import type { Alarm } from '../../define/alarm.ts';
import type { Incident } from '../../define/incident.ts';
import type { Report } from '../../define/report.ts';
import { agoText } from '../../lib/duration-text.ts';
import { bounded, forTerminal } from '../../lib/hostile-text.ts';
import { leadingCauses } from '../../report/outline.ts';
import { count, percent, withUnit } from '../../report/words.ts';
import type { AlarmWords, IncidentNews } from './story.ts';

/** One line of hostile text. */
export const line = (text: string, most = 300): string => bounded(forTerminal(text), most).trim();

/** `IO delay` from `io-delay`, for kinds that nobody has a title for. */
function titleOf(kind: string, words: AlarmWords | undefined): string {
  const known = words?.title?.(kind);
  if (known !== undefined) return line(known, 80);
  const spaced = line(kind, 80).replaceAll('-', ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** `IO delay 34 % (usual 2 %)`, or what its limit is where nobody knows what is usual. */
export function alarmHeadline(alarm: Alarm, words?: AlarmWords): string {
  const title = titleOf(alarm.kind, words);
  const unit = line(alarm.unit ?? '', 20);
  // `(1 = answers)` explains a code, and the title says what it means.
  if (alarm.value === undefined || unit.startsWith('(')) return title;
  const usual = words?.usual?.(alarm);
  const beside = usual !== undefined ? ` (usual ${withUnit(usual, unit)})` : alarm.limit !== undefined ? ` (limit ${withUnit(alarm.limit, unit)})` : '';
  return `${title} ${withUnit(alarm.value, unit)}${beside}`;
}

/** Alarms as they began; where two began together, the more severe first. */
export function inOrder(alarms: readonly Alarm[]): Alarm[] {
  const rank = ({ severity }: Alarm): number => (severity === 'critical' ? 0 : 1);
  return [...alarms].sort((one, other) => one.startedAtMs - other.startedAtMs || rank(one) - rank(other) || (one.id < other.id ? -1 : 1));
}

/** `pve1`, `pve1 and pve2`, `pve1 and 3 more hosts`. */
export function hostsWords(hosts: readonly string[]): string {
  const [first = 'unknown host', second, ...more] = hosts.map((host) => line(host, 80));
  if (second === undefined) return first;
  return more.length === 0 ? `${first} and ${second}` : `${first} and ${more.length + 1} more hosts`;
}

export interface Verdict {
  readonly status: Report['verdict']['status'];
  readonly summary: string;
  readonly causes: readonly { readonly title: string; readonly probability: number }[];
}

/** What the newest investigation said: its report, or what the incident keeps of it. */
export function verdictOf({ report, incident }: Pick<IncidentNews, 'report' | 'incident'>): Verdict | undefined {
  if (report !== undefined) return { ...report.verdict, causes: leadingCauses(report) };
  return incident.explanations.at(-1);
}

/** The cause with its probability: `ZFS encrypts on a slower path than this CPU offers (97 %)`. */
export function causeWords({ causes }: Verdict): string | undefined {
  const [first, ...more] = causes;
  return first && `${line(first.title, 160)} (${percent(first.probability)})${more.length === 0 ? '' : ` and ${count(more.length, 'further cause')}`}`;
}

/** Symptoms in short: that of the first alarm, and how many more. A host that gives no answer at all comes before others. */
export function symptomWords(alarms: readonly Alarm[], incident: Incident, words?: AlarmWords): string {
  const ordered = inOrder(alarms);
  const lead = ordered.find(({ severity }) => severity === incident.severity) ?? ordered[0];
  if (lead === undefined) return line(incident.title, 160);
  return `${alarmHeadline(lead, words)}${ordered.length > 1 ? ` and ${count(ordered.length - 1, 'more alarm')}` : ''}`;
}

const lookWords: Readonly<Partial<Record<Verdict['status'], string>>> = { healthy: 'nothing found to blame', inconclusive: 'no cause found', unreachable: 'no answer' };

/** The subject without the mark: host, then the verdict where there is one, else the symptom. */
export function headline({ kind, incident, alarms, report, words }: IncidentNews): string {
  const verdict = verdictOf({ report, incident });
  const cause = verdict && causeWords(verdict);
  const symptom = symptomWords(alarms, incident, words);
  const hosts = hostsWords(incident.hosts);
  if (kind === 'resolved') return `${hosts}: over after ${agoText(Math.max(0, ((incident.resolvedAtMs ?? incident.updatedAtMs) - incident.startedAtMs) / 1_000))}: ${cause ?? symptom}`;
  const looked = verdict === undefined || incident.state === 'investigating' || incident.state === 'open' ? 'investigating' : (lookWords[verdict.status] ?? 'no cause found');
  const what = cause ?? `${symptom}, ${looked}`;
  return `${hosts}: ${kind === 'reopened' ? 'again: ' : ''}${what}`;
}
