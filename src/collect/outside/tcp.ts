import { connect } from 'node:net';
import type { PortSeen, Reachability } from '../../define/reachability.ts';
import { bounded, forTerminal } from '../../lib/hostile-text.ts';
import type { Clock } from '../run.ts';

const outcomeOfCode: Readonly<Record<string, PortSeen['outcome']>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timed-out',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  EHOSTDOWN: 'no-route',
  ENETDOWN: 'no-route',
};

export interface Conversation {
  readonly seen: PortSeen;
  /** What came back within the time, as Latin-1: enough of it that `enough` was content. */
  readonly reply: string;
  readonly replyMs: number;
}

export interface Question {
  readonly address: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Sent once connected. */
  readonly send?: string;
  /** Tells when the reply is long enough. Without it the connection is closed at once. */
  readonly enough?: (reply: string) => boolean;
}

/** Opens a TCP connection, and where asked to, waits for what the other side says. */
export function converse(question: Question): Promise<Conversation> {
  const { address, port, timeoutMs, clock, send, enough } = question;
  return new Promise((resolve) => {
    const startedMs = clock.monotonicMs();
    const elapsed = (): number => Math.max(0, Math.round(clock.monotonicMs() - startedMs));
    let seen: PortSeen | undefined;
    let reply = '';
    const socket = connect({ host: address, port });
    const end = (outcome: PortSeen['outcome']): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ seen: seen ?? { port, outcome, milliseconds: elapsed() }, reply, replyMs: elapsed() });
    };
    const timer = setTimeout(() => end('timed-out'), timeoutMs);
    socket.on('connect', () => {
      seen = { port, outcome: 'connected', milliseconds: elapsed() };
      if (!enough) end('connected');
      else if (send !== undefined) socket.write(send);
    });
    socket.on('data', (bytes) => {
      reply = (reply + bytes.toString('latin1')).slice(0, 16_384);
      if (reply.length >= 16_384 || enough?.(reply)) end('connected');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => end(outcomeOfCode[error.code ?? ''] ?? 'failed'));
    socket.on('close', () => end('failed'));
  });
}

/** First line of an ssh server (RFC 4253, section 4.2), at most 255 bytes. */
export function bannerOf(reply: string): string {
  const line = /(?:^|\n)(SSH-[^\r\n]*)/.exec(reply)?.[1] ?? /^[^\r\n]*/.exec(reply)?.[0] ?? '';
  return bounded(forTerminal(line), 255);
}

export const metricsRequest = (host: string): string =>
  `GET /metrics HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: culprit\r\nAccept: text/plain\r\nConnection: close\r\n\r\n`;

/** What an exporter's reply is: its status line, and whether its body begins like Prometheus' text format. */
export function metricsOf({ seen, reply, replyMs }: Conversation): Reachability['metrics'] {
  if (seen.outcome !== 'connected') return { outcome: 'not-asked', milliseconds: 0 };
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(reply)?.[1];
  if (status === undefined) return { outcome: reply === '' ? 'no-answer' : 'other-content', milliseconds: replyMs };
  if (status !== '200') return { outcome: 'other-status', status: Number(status), milliseconds: replyMs };
  const body = reply.slice(reply.indexOf('\r\n\r\n') + 4);
  const isExposition = /(?:^|\n)(?:# (?:HELP|TYPE) [A-Za-z_:]|[A-Za-z_:][A-Za-z0-9_:]*(?:\{| ))/.test(body);
  return { outcome: isExposition ? 'answered' : 'other-content', status: 200, milliseconds: replyMs };
}
