import type { Delivery } from '../define/notification.ts';
import { bounded, forTerminal } from '../lib/hostile-text.ts';

/** What channels over HTTP need of the world around them. */
export interface ChannelSurroundings {
  readonly nowMs: () => number;
  /** Makes a PNG picture of an SVG chart. */
  readonly chartPng?: (svg: string) => Promise<Uint8Array>;
}

export interface PostRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** What must not be seen in any text, also when the receiver sends it back. */
  readonly secrets: readonly string[];
}

/** So much of an answer is read, and so much of it is quoted. */
const mostAnswerBytes = 4_096;
const mostQuoted = 200;

/**
 * Statuses that say that this message will never be taken: not understood, too large, nobody there. What an administrator mends (401, 403) is tried again, and so is what passes
 * (408, 425, 429, 5xx).
 */
const refusals = new Set([400, 404, 405, 410, 411, 413, 414, 415, 422]);

/** Blots out secrets and whatever contains them in the form that URLs and headers have. */
export function masked(text: string, secrets: readonly string[]): string {
  const forms = secrets.flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret, 'utf8').toString('base64')]);
  return [...new Set(forms)]
    .filter((form) => form.length >= 3)
    .sort((one, other) => other.length - one.length)
    .reduce((blotted, form) => blotted.replaceAll(form, '***'), text);
}

/** The parts of an address that are as good as a password where the address itself is the key. */
export function secretsInAddress(address: string): string[] {
  const { pathname, search } = new URL(address);
  return [`${pathname}${search}`, pathname, ...pathname.split('/'), ...new URL(address).searchParams.values()].filter((part) => part.length >= 6);
}

async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const pieces: Uint8Array[] = [];
  try {
    for (let length = 0; length < mostAnswerBytes; ) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      length += value.byteLength;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  return Buffer.concat(pieces).subarray(0, mostAnswerBytes).toString('utf8');
}

function retryAfterMs(response: Response): number | undefined {
  const seconds = response.headers.get('retry-after') ?? '';
  return /^\d{1,6}(\.\d{1,6})?$/.test(seconds) ? Number(seconds) * 1_000 : undefined;
}

/** The error's code alone: messages of the HTTP client have addresses in them. */
function connectionFailure(error: unknown): string {
  const { name, cause } = error instanceof Error ? error : { name: '', cause: undefined };
  if (name === 'TimeoutError') return 'no answer in time';
  if (name === 'AbortError') return 'given up before it answered';
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  return /^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? `no connection (${code})` : 'no connection';
}

/** Posts a body. Never throws; redirects are not followed, since they would carry secrets elsewhere; reads no more of an answer than a reason needs. */
export async function post({ url, headers = {}, body, signal, timeoutMs, secrets }: PostRequest): Promise<Delivery> {
  const { host } = new URL(url);
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', 'user-agent': 'Culprit', ...headers },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (response.ok) {
      await response.body?.cancel().catch(() => undefined);
      return { outcome: 'delivered' };
    }
    const said = bounded(forTerminal(masked(await beginningOf(response), secrets)).trim(), mostQuoted);
    const redirects = response.status >= 300 && response.status < 400 ? ', a redirect, which is not followed' : '';
    const reason = `${masked(host, secrets)} answers ${response.status}${redirects}${said === '' ? '' : `: ${said}`}`;
    const wished = retryAfterMs(response);
    return { outcome: refusals.has(response.status) ? 'refused' : 'failed', reason, ...(wished !== undefined && { retryAfterMs: wished }) };
  } catch (error) {
    return { outcome: 'failed', reason: `${masked(host, secrets)}: ${connectionFailure(error)}` };
  }
}
