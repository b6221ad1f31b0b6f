import { seriesKey, type History, type SeriesSelector } from '../define/history.ts';
import type { Series } from '../define/series.ts';
import { prometheusAddress, type Credentials, type PrometheusAddress } from './prometheus-address.ts';
import { seriesIn } from './prometheus-answer.ts';
import { tooMuch } from './prometheus-errors.ts';
import { ask, checkStatus } from './prometheus-request.ts';
import { queryRanges } from './query-ranges.ts';
import { selectorText } from './selector-text.ts';

export interface PrometheusOptions extends Credentials {
  /** `https://user:password@host:9090/prefix`; the API is below it at `/api/v1`. */
  readonly address: string;
  /** For each question and its whole answer. */
  readonly timeoutMs?: number;
  /** Of all answers to one call. */
  readonly maxBytes?: number;
  readonly maxSeries?: number;
}

interface Limits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly maxSeries: number;
}

/** VictoriaMetrics moves start and end to multiples of the step unless it is told not to use its cache; others do not know the word. */
const keepsTheGrid = { nocache: '1' };

/** Puts the parts of series together that came in several answers. */
class Joined {
  readonly #series = new Map<string, { readonly first: Series; readonly timesMs: number[]; readonly values: number[] }>();

  add(part: Series): void {
    const key = seriesKey(part);
    const known = this.#series.get(key) ?? { first: part, timesMs: [], values: [] };
    this.#series.set(key, known);
    for (const [index, timeMs] of part.timesMs.entries()) {
      if (timeMs <= (known.timesMs.at(-1) ?? Number.NEGATIVE_INFINITY)) continue;
      known.timesMs.push(timeMs);
      known.values.push(part.values[index]!);
    }
  }

  get size(): number {
    return this.#series.size;
  }

  all(): Series[] {
    return [...this.#series.values()].filter(({ values }) => values.length > 0).map(({ first: { metric, labels }, timesMs, values }) => ({ metric, labels, timesMs, values }));
  }
}

async function readSeries(address: PrometheusAddress, limits: Limits, selector: SeriesSelector, span: readonly [number, number, number], signal: AbortSignal | undefined): Promise<readonly Series[]> {
  const query = selectorText(selector);
  const [fromMs, toMs, stepSeconds] = span;
  const joined = new Joined();
  let bytesLeft = limits.maxBytes;
  for (const range of queryRanges(fromMs, toMs, stepSeconds)) {
    const parameters = new URLSearchParams(address.parameters.map(([name, value]): [string, string] => [name, value]));
    const question = { query, start: range.fromSeconds.toFixed(3), end: range.toSeconds.toFixed(3), step: String(stepSeconds), ...keepsTheGrid };
    for (const [name, value] of Object.entries(question)) parameters.set(name, value);
    const { response, text } = await ask(address, `${address.base}/api/v1/query_range?${parameters.toString()}`, limits.timeoutMs, bytesLeft, signal);
    checkStatus(address, response, text);
    bytesLeft -= Buffer.byteLength(text);
    for (const part of seriesIn(address, response.status, text, response.headers.get('content-type') ?? '')) joined.add(part);
    if (joined.size > limits.maxSeries) throw tooMuch(address, `more than ${limits.maxSeries} series`);
  }
  return joined.all();
}

/**
 * The history that a Prometheus, or what speaks its HTTP API (Thanos, Mimir, VictoriaMetrics), has kept. A value is the last sample of up to five minutes before (Prometheus'
 * lookback); where there is none, or the target was gone, there is no entry.
 */
export function prometheusHistory(options: PrometheusOptions): History {
  const address = prometheusAddress(options.address, options);
  const limits: Limits = { timeoutMs: options.timeoutMs ?? 20_000, maxBytes: options.maxBytes ?? 64 * 1024 * 1024, maxSeries: options.maxSeries ?? 2_000 };
  return { series: (selector, fromMs, toMs, stepSeconds, signal) => readSeries(address, limits, selector, [fromMs, toMs, stepSeconds], signal) };
}
