import { request, type Agent } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { bounded, forTerminal } from '../../../lib/hostile-text.ts';
import type { SourceProblem } from '../look.ts';
import type { ProxmoxSettings } from './settings.ts';
import { pinnedAgent, UntrustedCertificate } from './tls-agent.ts';

/** Why a question has no answer. */
export class ProxmoxError extends Error {
  readonly reason: SourceProblem['reason'];
  /** Of the HTTP answer, where there was one. */
  readonly status: number | undefined;

  /** `says` begins with a small letter and ends without a stop. */
  constructor(reason: SourceProblem['reason'], says: string, status?: number) {
    super(says);
    this.reason = reason;
    this.status = status;
  }
}

const maxBytes = 32 * 1024 * 1024;
const envelope = z.object({ data: z.unknown() });

/** Node to node: the one that was asked could not reach the one that the question is about. */
const proxyFailures = new Set([595, 596, 599]);

function statusError(path: string, { statusCode = 0, statusMessage = '' }: IncomingMessage): ProxmoxError {
  const said = bounded(forTerminal(statusMessage).trim(), 150);
  if (statusCode === 401) return new ProxmoxError('turned-away', 'it does not know the token, or its time is over (HTTP 401)', statusCode);
  if (statusCode === 403) return new ProxmoxError('turned-away', `the token may not read ${path}: give it the role PVEAuditor (HTTP 403)`, statusCode);
  if (proxyFailures.has(statusCode)) return new ProxmoxError('not-reachable', `it does not reach the node of ${path} (HTTP ${statusCode} ${said})`, statusCode);
  return new ProxmoxError('not-understood', `it answers ${path} with HTTP ${statusCode} ${said}`.trimEnd(), statusCode);
}

function connectionError(error: unknown, limit: AbortSignal, signal: AbortSignal, timeoutSeconds: number): ProxmoxError {
  if (error instanceof ProxmoxError) return error;
  if (error instanceof UntrustedCertificate) return new ProxmoxError('turned-away', `${error.message}; the one that it shows has the fingerprint ${error.fingerprint}: compare it on the node with pvenode cert info, and put it into the settings`);
  if (limit.aborted) return new ProxmoxError('too-slow', `it did not answer within ${timeoutSeconds} s`);
  if (signal.aborted) return new ProxmoxError('cut-short', 'the look was broken off');
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return new ProxmoxError('not-reachable', `there is no connection${code === '' ? '' : ` (${bounded(code, 60)})`}`);
}

/** Asks the API of a cluster, at the node that answered last, or the next one. */
export class ProxmoxClient {
  readonly #settings: ProxmoxSettings;
  readonly #agent: Agent;
  readonly #headers: Readonly<Record<string, string>>;
  #at = 0;

  constructor(settings: ProxmoxSettings, version: string) {
    this.#settings = settings;
    this.#agent = pinnedAgent({ fingerprints: settings.fingerprints, ca: settings.ca, timeoutMs: 120_000 });
    this.#headers = { 'authorization': `PVEAPIToken=${settings.tokenId}=${settings.tokenSecret}`, 'accept': 'application/json', 'user-agent': `Culprit/${version}` };
  }

  /** The address that answered last. */
  get address(): string {
    return this.#settings.addresses[this.#at]!;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Asks any node of the cluster: each in turn until one answers. Throws what the last one's trouble was. */
  async getAnywhere<Answer>(path: string, schema: z.ZodType<Answer>, signal: AbortSignal): Promise<Answer> {
    const { length } = this.#settings.addresses;
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.get(path, schema, signal);
      } catch (error) {
        const passes = error instanceof ProxmoxError && ['not-reachable', 'too-slow'].includes(error.reason);
        if (!passes || tried >= length || signal.aborted) throw error;
        this.#at = (this.#at + 1) % length;
      }
    }
  }

  /** `path` begins with a slash: `/cluster/resources`. Throws a ProxmoxError. */
  async get<Answer>(path: string, schema: z.ZodType<Answer>, signal: AbortSignal): Promise<Answer> {
    const limit = AbortSignal.timeout(this.#settings.timeoutSeconds * 1_000);
    try {
      const text = await this.#ask(path, AbortSignal.any([limit, signal]));
      const parsed = envelope.safeParse(JSON.parse(text));
      const data = parsed.success ? schema.safeParse(parsed.data.data) : parsed;
      if (!data.success) throw new ProxmoxError('not-understood', `its answer to ${path} has another shape than that of Proxmox VE`);
      return data.data as Answer;
    } catch (error) {
      if (error instanceof SyntaxError) throw new ProxmoxError('not-understood', `its answer to ${path} is no JSON`);
      throw connectionError(error, limit, signal, this.#settings.timeoutSeconds);
    }
  }

  #ask(path: string, signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      const base = this.address.replace(/\/+$/, '');
      const take = (response: IncomingMessage): void => {
        if (response.statusCode !== 200) {
          response.destroy();
          reject(statusError(path.split('?', 1)[0]!, response));
          return;
        }
        const pieces: Buffer[] = [];
        let length = 0;
        response.on('data', (piece: Buffer) => {
          length += piece.length;
          pieces.push(piece);
          if (length > maxBytes) response.destroy(new ProxmoxError('too-large', `its answer to ${path.split('?', 1)[0]!} has more than ${maxBytes} bytes`));
        });
        response.on('end', () => resolve(Buffer.concat(pieces).toString('utf8')));
        response.on('error', reject);
        response.on('close', () => reject(new ProxmoxError('cut-short', 'the connection was cut within the answer')));
      };
      request(`${base}/api2/json${path}`, { agent: this.#agent, headers: this.#headers, signal }, take).on('error', reject).end();
    });
  }
}
