import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { acceptedFormats } from '../../../lib/exposition/format.ts';
import type { SourceProblem } from '../look.ts';
import type { ExpositionSettings } from './settings.ts';

/** Why there is no page. */
export class PageError extends Error {
  readonly reason: SourceProblem['reason'];

  /** `says` begins with a small letter and ends without a stop. */
  constructor(reason: SourceProblem['reason'], says: string) {
    super(says);
    this.reason = reason;
  }
}

const errorWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to its network',
  ETIMEDOUT: 'the host does not answer',
};

function pageError(error: unknown): PageError {
  if (error instanceof PageError) return error;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no reason given';
  if (code.startsWith('Z_')) return new PageError('not-understood', `it is not packed as it says (${code})`);
  return new PageError('not-reachable', errorWords[code] === undefined ? `the connection failed (${code})` : `${errorWords[code]} (${code})`);
}

/** Asks one endpoint for its page, over one connection that is kept. */
export class PageReader {
  readonly #settings: ExpositionSettings;
  readonly #agent: HttpAgent;
  readonly #options: RequestOptions;

  constructor(settings: ExpositionSettings, version: string) {
    this.#settings = settings;
    const { tls, basicAuth: basic, bearerToken: token } = settings;
    const secure = { ca: tls?.ca, servername: tls?.serverName, cert: tls?.certificate, key: tls?.key, rejectUnauthorized: tls?.insecureSkipVerify !== true };
    const given = Object.fromEntries(Object.entries(secure).filter(([, value]) => value !== undefined));
    const kept = { keepAlive: true, maxSockets: 1, timeout: 120_000 };
    this.#agent = settings.url.startsWith('https:') ? new HttpsAgent({ ...kept, ...given }) : new HttpAgent(kept);
    const authorization = token !== undefined ? `Bearer ${token}` : basic && `Basic ${Buffer.from(`${basic.username}:${basic.password}`, 'utf8').toString('base64')}`;
    this.#options = {
      agent: this.#agent,
      headers: {
        'accept': acceptedFormats,
        'accept-encoding': 'gzip',
        'user-agent': `Culprit/${version}`,
        'x-prometheus-scrape-timeout-seconds': String(settings.timeoutSeconds),
        ...(authorization !== undefined && { authorization }),
      },
    };
  }

  /**
   * Hands the page on while it comes. `begin` gets the content type; `take` gives false when it wants no more. Whatever goes wrong is a PageError. Redirections are not followed: a login
   * would go where nobody meant it to.
   */
  async read(begin: (contentType: string) => void, take: (piece: Uint8Array) => boolean, signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.timeout(Math.round(this.#settings.timeoutSeconds * 1_000));
    try {
      const response = await this.#ask(AbortSignal.any([limit, signal]));
      try {
        checkStatus(response);
        begin(response.headers['content-type'] ?? '');
        await this.#takeBody(response, take);
      } finally {
        response.destroy();
      }
    } catch (error) {
      if (limit.aborted) throw new PageError('too-slow', `it did not answer in full within ${this.#settings.timeoutSeconds} s`);
      if (signal.aborted) throw new PageError('cut-short', 'the look was broken off');
      throw pageError(error);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #ask(signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const send = this.#settings.url.startsWith('https:') ? httpsRequest : httpRequest;
      send(this.#settings.url, { ...this.#options, signal }, resolve).on('error', reject).end();
    });
  }

  async #takeBody(response: IncomingMessage, take: (piece: Uint8Array) => boolean): Promise<void> {
    const { maxBytes } = this.#settings;
    const encoding = (response.headers['content-encoding'] ?? 'identity').toLowerCase();
    if (encoding !== 'gzip' && encoding !== 'identity') throw new PageError('not-understood', 'it is packed in a way that was not asked for');
    let packed = 0;
    let body: Readable = response;
    if (encoding === 'gzip') {
      const unpacking = createGunzip({ chunkSize: 65_536 });
      response.on('data', (piece: Buffer) => {
        packed += piece.length;
        if (packed > maxBytes) unpacking.destroy(new PageError('too-large', `it has more than ${maxBytes} bytes`));
      });
      response.on('error', (error) => unpacking.destroy(error));
      body = response.pipe(unpacking);
    }
    try {
      for await (const piece of body) if (!take(piece as Buffer)) return;
    } finally {
      body.destroy();
    }
    if (!response.complete) throw new PageError('cut-short', 'the connection was cut within the page');
  }
}

function checkStatus({ statusCode = 0 }: IncomingMessage): void {
  if (statusCode === 200) return;
  if (statusCode === 401 || statusCode === 403) throw new PageError('turned-away', `it wants another login (HTTP ${statusCode})`);
  if (statusCode >= 300 && statusCode < 400) throw new PageError('not-understood', `it sends on to another address (HTTP ${statusCode})`);
  throw new PageError('not-understood', `it answers with HTTP ${statusCode}`);
}
