import type { Series } from '../define/series.ts';
import { prometheusAddress, type Credentials } from './prometheus-address.ts';
import { seriesIn } from './prometheus-answer.ts';
import { tooMuch } from './prometheus-errors.ts';
import { ask, checkStatus } from './prometheus-request.ts';

export interface RecentOptions extends Credentials {
  readonly address: string;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  readonly maxSamples?: number;
}

/** What a regular expression of RE2 takes for itself, so that it is that character and no other. */
const quoteMeta = (text: string): string => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
/** JSON's escapes are all among those of Go, which PromQL takes. */
const anyOf = (label: string, values: readonly string[]): string => `${label}=~${JSON.stringify(values.map((value) => quoteMeta(value.toWellFormed())).join('|'))}`;

/** The samples as they were scraped, with their own times: a range selector asked at one moment. Works for Prometheus, Thanos, Mimir and VictoriaMetrics alike. */
export function recentSelector(metrics: readonly string[], instances: readonly string[], windowSeconds: number): string {
  return `{${anyOf('__name__', metrics)},${anyOf('instance', instances)}}[${Math.ceil(windowSeconds)}s]`;
}

/** Reads what a Prometheus-compatible server took in of these instances within the last seconds, in one question. */
export function prometheusRecent(options: RecentOptions): (metrics: readonly string[], instances: readonly string[], atMs: number, windowSeconds: number, signal?: AbortSignal) => Promise<readonly Series[]> {
  const address = prometheusAddress(options.address, options);
  const { timeoutMs = 20_000, maxBytes = 64 * 1024 * 1024, maxSamples = 1_000_000 } = options;
  return async (metrics, instances, atMs, windowSeconds, signal) => {
    const form = new URLSearchParams(address.parameters.map(([name, value]): [string, string] => [name, value]));
    form.set('query', recentSelector(metrics, instances, windowSeconds));
    form.set('time', (atMs / 1_000).toFixed(3));
    const { response, text } = await ask(address, `${address.base}/api/v1/query`, timeoutMs, maxBytes, signal, form);
    checkStatus(address, response, text);
    const series = seriesIn(address, response.status, text, response.headers.get('content-type') ?? '');
    if (series.reduce((sum, { values }) => sum + values.length, 0) > maxSamples) throw tooMuch(address, `more than ${maxSamples} samples`);
    return series;
  };
}
