import { boundedBody, TooLong } from './bounded-body.ts';
import type { PrometheusAddress } from './prometheus-address.ts';
import { refusalIn } from './prometheus-answer.ts';
import { noAnswer, otherAnswer, queryFailed, tooLate, tooMuch, turnedAway } from './prometheus-errors.ts';

/** Why a connection failed, in a word: `ECONNREFUSED`, `ENOTFOUND`, `DEPTH_ZERO_SELF_SIGNED_CERT`, … */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return 'the connection failed';
  const known: Readonly<Record<string, string>> = { ECONNREFUSED: 'nothing listens there', ENOTFOUND: 'its name is not known', EAI_AGAIN: 'its name could not be looked up', ECONNRESET: 'the connection was cut', UND_ERR_SOCKET: 'the connection was cut' };
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
  return known[code] === undefined ? `the connection failed (${code})` : `${known[code]} (${code})`;
}

/** Asks, and reads the answer up to its bound. With a form it is a POST, for questions that are longer than an address may be. */
export async function ask(address: PrometheusAddress, url: string, timeoutMs: number, maxBytes: number, signal: AbortSignal | undefined, form?: URLSearchParams): Promise<{ readonly response: Response; readonly text: string }> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      ...(form !== undefined && { method: 'POST', body: form }),
      redirect: 'manual',
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
      headers: { accept: 'application/json', ...(address.authorization !== undefined && { authorization: address.authorization }) },
    });
    return { response, text: await boundedBody(response, maxBytes) };
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted) throw tooLate(address, timeoutMs);
    if (error instanceof TooLong) throw tooMuch(address, error.message);
    throw noAnswer(address, reasonOf(error));
  }
}

/** Throws for every status but 2xx. */
export function checkStatus(address: PrometheusAddress, { status }: Response, text: string): void {
  if (status >= 200 && status < 300) return;
  if (status === 401 || status === 403) throw turnedAway(address, status);
  if (status >= 300 && status < 400) throw otherAnswer(address, `it sends on to another address (HTTP ${status})`);
  const words = refusalIn(text);
  if (status === 404 && words === '') throw otherAnswer(address, 'there is no such API (HTTP 404)');
  throw queryFailed(address, status, words);
}
