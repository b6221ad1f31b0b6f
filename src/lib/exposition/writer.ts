import { plainLabelName, plainMetricName, type ExpositionFormat, type MetricType } from './format.ts';
import { numberText } from './numbers.ts';

/** A metric and all its series. */
export interface MetricFamily {
  /** With the unit as its end, and for a counter with `_total`: the name that its series have. */
  readonly name: string;
  readonly type: MetricType;
  /** What it is, in a sentence. */
  readonly help: string;
  readonly samples: readonly FamilySample[];
}

export interface FamilySample {
  /** `_bucket`, `_sum`, `_count` of histograms and summaries. */
  readonly suffix?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
  /** Milliseconds since 1970, UTC; only where it is not that of the asking. */
  readonly timeMs?: number;
}

const escaped = (text: string): string => text.toWellFormed().replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
const quoted = (text: string): string => `"${escaped(text)}"`;

/** Types that the text format does not know are `untyped` there. */
const textTypes: Readonly<Partial<Record<MetricType, string>>> = { unknown: 'untyped', info: 'gauge', stateset: 'gauge', gaugehistogram: 'untyped' };

function seriesText(metric: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${plainLabelName.test(name) ? name : quoted(name)}=${quoted(value)}`);
  if (plainMetricName.test(metric)) return pairs.length === 0 ? metric : `${metric}{${pairs.join(',')}}`;
  return `{${[quoted(metric), ...pairs].join(',')}}`;
}

/** The page of these families, in their order. A name that is not plain is put in quotes, as Prometheus 3 reads it. */
export function expositionText(families: readonly MetricFamily[], format: ExpositionFormat): string {
  const lines: string[] = [];
  for (const { name, type, help, samples } of families) {
    // OpenMetrics calls a counter's family by its name without the `_total` that its series have.
    const family = format === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name;
    const familyText = plainMetricName.test(family) ? family : quoted(family);
    const helpText = format === 'openmetrics' ? escaped(help) : help.toWellFormed().replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
    lines.push(`# HELP ${familyText} ${helpText}`, `# TYPE ${familyText} ${format === 'text' ? (textTypes[type] ?? type) : type}`);
    for (const { suffix = '', labels = {}, value, timeMs } of samples) {
      const time = timeMs === undefined ? '' : ` ${format === 'text' ? Math.round(timeMs) : numberText(timeMs / 1000)}`;
      lines.push(`${seriesText(`${name}${suffix}`, labels)} ${numberText(value)}${time}`);
    }
  }
  if (format === 'openmetrics') lines.push('# EOF');
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
