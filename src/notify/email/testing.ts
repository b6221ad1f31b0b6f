import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Delivery, Notification } from '../../define/notification.ts';
import { channelSettingsSchema, makeChannel } from '../index.ts';
import { exampleNotification } from '../testing.ts';

/** A mail as it arrived. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly secure: boolean;
  readonly user: string | undefined;
}

const closers: (() => void)[] = [];

/** Ends all servers of the last test. */
export function closeServers(): void {
  for (const close of closers.splice(0)) close();
}

/** A real mail server on loopback. */
export async function mailServer(options: SMTPServerOptions = {}): Promise<{ port: number; mails: Mail[]; stop: () => Promise<void> }> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH'],
    hideSTARTTLS: true,
    ...options,
    onData: (stream, session, done) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address), raw: Buffer.concat(pieces).toString('utf8'), secure: session.secure, user: session.user as string | undefined });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const stop = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  closers.push(() => void stop());
  return { port: (server.server.address() as AddressInfo).port, mails, stop };
}

/** A server of a few lines that misbehaves. */
export async function rawServer(talk: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    talk(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const settings = (port: number, more: object = {}): object => ({ type: 'email', name: 'mail', host: '127.0.0.1', port, tls: 'none', from: 'Culprit <culprit@example.org>', to: ['Admin <admin@example.org>'], gatherSeconds: 0, ...more });
export const channelOf = (port: number, more: object = {}, chartPng?: (svg: string) => Promise<Uint8Array>): ReturnType<typeof makeChannel> =>
  makeChannel(channelSettingsSchema.parse(settings(port, more)), { nowMs: Date.now, ...(chartPng && { chartPng }) });
export const deliver = (port: number, notification: Notification = exampleNotification(), more: object = {}, chartPng?: (svg: string) => Promise<Uint8Array>): Promise<Delivery> =>
  channelOf(port, more, chartPng).channel.deliver(notification, new AbortController().signal);

export const headersOf = (raw: string): Map<string, string> =>
  new Map(
    raw
      .slice(0, raw.indexOf('\r\n\r\n'))
      .replaceAll(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
