import { z } from 'zod';
import type { Series } from '../define/series.ts';
import type { PrometheusAddress } from './prometheus-address.ts';
import { incomplete, otherAnswer, queryFailed } from './prometheus-errors.ts';

const failureSchema = z.object({ status: z.literal('error'), error: z.string().optional(), errorType: z.string().optional() });

/** Prometheus, "HTTP API", range queries. `isPartial` is VictoriaMetrics'. Times are in seconds, values are texts, since JSON has no NaN. */
const successSchema = z.object({
  status: z.literal('success'),
  warnings: z.array(z.string()).optional(),
  isPartial: z.boolean().optional(),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.number(), z.string()])).optional() })),
  }),
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a text that is no answer looks like, for the error. */
function kindOf(text: string, contentType: string): string {
  if (text.trim() === '') return 'the answer is empty';
  return /html/i.test(contentType) || /^\s*<(!doctype|html)/i.test(text) ? 'it sends a web page' : 'the answer is not of that form';
}

/** The server's own reason for an HTTP status other than 2xx, or for `status: error`. */
export function refusalIn(text: string): string {
  const failure = failureSchema.safeParse(parsed(text));
  return failure.success ? [failure.data.errorType, failure.data.error].filter((word) => word !== undefined).join(': ') : '';
}

/** The samples of one series that are numbers, ascending; NaN and infinities are gaps. */
function seriesOf(metric: Readonly<Record<string, string>>, samples: readonly (readonly [number, string])[]): Series {
  const { __name__: name = '', ...labels } = metric;
  const timesMs: number[] = [];
  const values: number[] = [];
  for (const [at, text] of samples) {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    const timeMs = Math.round(at * 1000);
    if (!Number.isFinite(value) || !Number.isFinite(timeMs) || timeMs <= (timesMs.at(-1) ?? Number.NEGATIVE_INFINITY)) continue;
    timesMs.push(timeMs);
    values.push(value);
  }
  return { metric: name, labels, timesMs, values };
}

/** The series of an answer with HTTP status 2xx. */
export function seriesIn(address: PrometheusAddress, status: number, text: string, contentType: string): Series[] {
  const json = parsed(text);
  if (failureSchema.safeParse(json).success) throw queryFailed(address, status, refusalIn(text));
  const success = successSchema.safeParse(json);
  if (!success.success) throw otherAnswer(address, kindOf(text, contentType));
  const { warnings = [], isPartial = false, data } = success.data;
  if (warnings.length > 0 || isPartial) throw incomplete(address, warnings.slice(0, 3).join('; ') || 'it is marked as partial');
  return data.result.map(({ metric, values = [] }) => seriesOf(metric, values));
}
