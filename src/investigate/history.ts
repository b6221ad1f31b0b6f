import { reservedExitStatus, type ProbeOutput } from '../define/case.ts';
import { rateOf, type History, type SeriesSelector } from '../define/history.ts';
import type { Series } from '../define/series.ts';
import { isCounter, ratesOf, type Samples } from '../timeline/rates.ts';

const hourMs = 3_600_000;

/** As the host's own history is read: finer towards the present. */
const spans = [
  { reachMs: 192 * hourMs, stepSeconds: 1_800 },
  { reachMs: 36 * hourMs, stepSeconds: 600 },
  { reachMs: 3 * hourMs, stepSeconds: 60 },
] as const;

/** What tells when a host began to feel bad; node_exporter's names. */
const selectors: readonly SeriesSelector[] = [
  { metric: 'node_load1' },
  { metric: 'node_procs_blocked' },
  { metric: 'node_procs_running' },
  { metric: 'node_memory_MemAvailable_bytes' },
  { metric: 'node_pressure_cpu_waiting_seconds_total' },
  { metric: 'node_pressure_io_waiting_seconds_total' },
  { metric: 'node_pressure_memory_waiting_seconds_total' },
  { metric: 'node_disk_io_time_seconds_total' },
  { metric: 'node_disk_io_time_weighted_seconds_total' },
  ...['iowait', 'system', 'steal', 'softirq'].map((mode) => ({ metric: 'node_cpu_seconds_total', labels: { mode } })),
];
/** Labels that say who scraped whom, and of which processor: sums are over these. */
const leftOut = new Set(['instance', 'job', 'cpu', '__name__']);
const mostSeries = 200;

const round = (value: number): number => Number(value.toPrecision(6));

/** Sums series by the labels that stay; a time counts where all of them have a value. */
function summed(metric: string, parts: readonly { readonly labels: Readonly<Record<string, string>>; readonly samples: Samples }[]): Series[] {
  const groups = new Map<string, { readonly labels: Record<string, string>; readonly members: Samples[] }>();
  for (const { labels, samples } of parts) {
    const kept = Object.fromEntries(Object.entries(labels).filter(([name]) => !leftOut.has(name)));
    const key = JSON.stringify(Object.entries(kept).sort());
    const group = groups.get(key) ?? { labels: kept, members: [] };
    group.members.push(samples);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ labels, members }) => {
    const sums = new Map<number, { sum: number; count: number }>();
    for (const { timesMs, values } of members) {
      for (const [index, timeMs] of timesMs.entries()) {
        const known = sums.get(timeMs) ?? { sum: 0, count: 0 };
        sums.set(timeMs, { sum: known.sum + values[index]!, count: known.count + 1 });
      }
    }
    const whole = [...sums].filter(([, { count }]) => count === members.length).sort(([a], [b]) => a - b);
    return { metric, labels, timesMs: whole.map(([timeMs]) => timeMs), values: whole.map(([, { sum }]) => round(sum)) };
  });
}

/** One span after the other, each up to where the next finer one begins. */
async function inSpans(history: History, selector: SeriesSelector, nowMs: number, signal: AbortSignal | undefined): Promise<Series[]> {
  const joined = new Map<string, Series>();
  for (const [index, { reachMs, stepSeconds }] of spans.entries()) {
    const untilMs = nowMs - (spans[index + 1]?.reachMs ?? 0);
    const found = await history.series(selector, nowMs - reachMs, untilMs, stepSeconds, signal);
    const metric = isCounter(selector.metric) ? rateOf(selector.metric) : selector.metric;
    const comparable = found.map((one) => ({ labels: one.labels, samples: isCounter(one.metric) ? ratesOf(one) : one }));
    for (const one of summed(metric, comparable)) {
      const key = JSON.stringify(Object.entries(one.labels).sort());
      const known = joined.get(key);
      const lastMs = known?.timesMs.at(-1) ?? -Infinity;
      const from = one.timesMs.findIndex((timeMs) => timeMs > lastMs);
      if (known === undefined) joined.set(key, one);
      else if (from >= 0) joined.set(key, { ...known, timesMs: [...known.timesMs, ...one.timesMs.slice(from)], values: [...known.values, ...one.values.slice(from)] });
    }
  }
  return [...joined.values()].filter(({ values }) => values.length > 0);
}

/** Asks a history for what it has kept of one host, as the answer of the client's probe `prometheus-history`. Errors are the history's own. */
export async function askHistory(history: History, instance: string, nowMs: number, signal?: AbortSignal): Promise<ProbeOutput> {
  const series: Series[] = [];
  for (const { metric, labels } of selectors) series.push(...(await inSpans(history, { metric, labels: { ...labels, instance } }, nowMs, signal)));
  return answer(0, JSON.stringify({ instance, series: series.slice(0, mostSeries) }));
}

/** The same where nothing could be had, with the reason. */
export function noHistory(reason: string): ProbeOutput {
  return answer(reservedExitStatus.absent, `${reason}\n`);
}

function answer(exitStatus: number, stdout: string): ProbeOutput {
  return { probe: 'prometheus-history', sample: 1, ended: 'done', exitStatus, durationMs: 0, uptimeSeconds: 0, note: '', stdout };
}
