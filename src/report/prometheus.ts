import type { Report } from '../define/report.ts';
import { failureReasons } from '../define/result.ts';
import { cleanReport } from './clean-report.ts';

type Labels = Readonly<Record<string, string>>;
interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

const statuses = ['healthy', 'identified', 'suspected', 'inconclusive', 'unreachable'] as const;

/** Label values escape the backslash, the double quote and the line end; nothing else. */
function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, text]) => `${name}="${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** One family of gauges. A series occurs once, the first of those with equal labels. */
function family(name: string, help: string, samples: readonly Sample[]): string[] {
  const series = new Map<string, number>();
  for (const { labels, value } of samples) {
    const key = labelText(labels);
    if (!series.has(key) && Number.isFinite(value)) series.set(key, value);
  }
  if (series.size === 0) return [];
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...[...series].map(([labels, value]) => `${name}${labels} ${value}`)];
}

/** Text exposition format 0.0.4, for the textfile collector of node_exporter. All are gauges of the last investigation of one target. */
export function renderPrometheus(report: Report): string {
  const clean = cleanReport(report);
  const { target } = clean;
  const one = (value: number): Sample[] => [{ labels: { target }, value }];
  const causeSamples = clean.causes.flatMap((cause) =>
    (cause.objects.length > 0 ? cause.objects : ['']).map((object) => ({
      labels: { target, cause: cause.id, object, status: cause.status },
      value: cause.probability,
    })),
  );
  const symptomSamples = clean.symptoms.flatMap(({ id, object, unit = '', value }) =>
    value === undefined ? [] : [{ labels: { target, symptom: id, object, unit }, value }],
  );
  const lines = [
    ...family('culprit_investigation_info', 'The last investigation: its id, the version of Culprit, the kernel of the host.', [
      { labels: { target, id: clean.id, version: clean.culpritVersion, kernel: clean.host.kernel ?? '' }, value: 1 },
    ]),
    ...family('culprit_investigation_timestamp_seconds', 'When the last investigation began, in Unix time.', one(Date.parse(clean.startedAt) / 1_000)),
    ...family('culprit_investigation_duration_seconds', 'How long the last investigation took.', one(clean.durationMs / 1_000)),
    ...family('culprit_verdict', 'One for the status of the last verdict, zero for the others.',
      statuses.map((status) => ({ labels: { target, status }, value: Number(status === clean.verdict.status) }))),
    ...family('culprit_cause_probability', 'Probability of a cause that was found, from 0 to 1.', causeSamples),
    ...family('culprit_symptom_value', 'What was measured of a symptom, in the unit of its label.', symptomSamples),
    ...family('culprit_causes_ruled_out', 'Number of causes that were ruled out.', one(clean.ruledOut.length)),
    ...family('culprit_causes_unknown', 'Number of causes that could not be told.', one(clean.unknown.length)),
    ...family('culprit_sources_not_read', 'Number of sources that could not be read, by reason.',
      failureReasons.map((reason) => ({ labels: { target, reason }, value: clean.notRead.filter((source) => source.reason === reason).length }))),
  ];
  return `${lines.join('\n')}\n`;
}
