import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import type { Delivery, Notification } from '../../define/notification.ts';
import { channelSettingsSchema, makeChannel } from '../index.ts';
import { Outbox } from '../outbox.ts';
import { MemoryOutboxStore } from '../outbox/store.ts';
import { systemClock } from '../outbox/lane.ts';
import { digestOf } from '../render.ts';
import { exampleNotification } from '../testing.ts';
import { threadIds } from './message.ts';

interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly secure: boolean;
  readonly user: string | undefined;
}

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function mailServer(options: SMTPServerOptions = {}): Promise<{ port: number; mails: Mail[]; stop: () => Promise<void> }> {
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
async function rawServer(talk: (socket: Socket) => void): Promise<number> {
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
const channelOf = (port: number, more: object = {}, chartPng?: (svg: string) => Promise<Uint8Array>): ReturnType<typeof makeChannel> =>
  makeChannel(channelSettingsSchema.parse(settings(port, more)), { nowMs: Date.now, ...(chartPng && { chartPng }) });
const deliver = (port: number, notification: Notification = exampleNotification(), more: object = {}, chartPng?: (svg: string) => Promise<Uint8Array>): Promise<Delivery> =>
  channelOf(port, more, chartPng).channel.deliver(notification, new AbortController().signal);

const headersOf = (raw: string): Map<string, string> =>
  new Map(
    raw
      .slice(0, raw.indexOf('\r\n\r\n'))
      .replaceAll(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );

describe('mails', () => {
  it('arrive with text, HTML and the chart inside', async () => {
    const { port, mails } = await mailServer();
    const png = Buffer.from('89504e470d0a1a0a', 'hex');
    const notification = exampleNotification({ severity: 'critical', html: '<p>34 %</p><img src="cid:chart" alt="course" width="624" />', chartSvg: '<svg/>' });
    expect(await deliver(port, notification, {}, () => Promise.resolve(png))).toEqual({ outcome: 'delivered' });
    const [mail] = mails;
    expect(mail).toMatchObject({ from: 'culprit@example.org', to: ['admin@example.org'] });
    const raw = mail?.raw ?? '';
    const headers = headersOf(raw);
    expect(headers.get('subject')).toBe('[Culprit] pve1: IO delay 34 % (usual 2 %), investigating');
    expect(headers.get('from')).toBe('Culprit <culprit@example.org>');
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(headers.get('list-id')).toBe('Culprit <culprit.example.org>');
    expect(headers.get('importance')).toBe('high');
    expect(headers.get('date')).toBe('Mon, 02 Nov 2026 08:00:00 +0000');
    const [, cid] = /cid:(chart\.[0-9a-f]{20}@example\.org)/.exec(raw.replaceAll('=\r\n', '')) ?? [];
    expect(cid).toBeDefined();
    expect(raw).toContain(`Content-ID: <${cid}>`);
    expect(raw).toMatch(/Content-Type: image\/png; name=chart\.png/i);
    expect(raw).toMatch(/Content-Disposition: inline/i);
    expect(raw).toContain(png.toString('base64'));
    expect(raw).toContain('multipart/alternative');
  });

  it('come without the picture when there is none', async () => {
    const { port, mails } = await mailServer();
    const notification = exampleNotification({ html: '<p>34</p><img src="cid:chart" alt="x" />', chartSvg: '<svg/>' });
    expect(await deliver(port, notification, {}, () => Promise.reject(new Error('no font')))).toEqual({ outcome: 'delivered' });
    expect(mails[0]?.raw).not.toContain('cid:');
    expect(mails[0]?.raw).toContain('<p>34</p>');
  });

  it('make one thread of an incident, with ids that depend on nothing else', async () => {
    const { port, mails } = await mailServer();
    const opened = exampleNotification();
    for (const notification of [opened, exampleNotification({ id: 'n2', kind: 'explained', subject: 'the verdict' }), exampleNotification({ id: 'n2', kind: 'explained' }), exampleNotification({ id: 'n3', kind: 'resolved' }), exampleNotification({ id: 'n4', incidentId: 'i2' })]) {
      expect(await deliver(port, notification)).toEqual({ outcome: 'delivered' });
    }
    const [first, second, again, third, other] = mails.map(({ raw }) => headersOf(raw));
    expect(first?.get('message-id')).toBe(threadIds(opened, 'example.org').messageId);
    expect(first?.has('references')).toBe(false);
    for (const header of ['in-reply-to', 'references']) {
      expect(second?.get(header)).toBe(first?.get('message-id'));
      expect(third?.get(header)).toBe(first?.get('message-id'));
    }
    expect(again?.get('message-id')).toBe(second?.get('message-id'));
    expect(new Set([first, second, third, other].map((headers) => headers?.get('message-id'))).size).toBe(4);
    expect(other?.has('references')).toBe(false);
  });

  it('cannot be given headers, recipients or commands by what a host says', async () => {
    const { port, mails } = await mailServer();
    const evil = 'pve1\r\nBcc: victim@example.net\r\n\r\nbody\r\n.\r\nRCPT TO:<victim@example.net>\u2028\u0000\u202e ümläut 日本';
    expect(await deliver(port, exampleNotification({ subject: evil, incidentId: evil, id: evil, text: `${evil}\r\n.\r\nQUIT\r\n.dot`, html: `<p>x</p>` }))).toEqual({ outcome: 'delivered' });
    expect(mails.length).toBe(1);
    expect(mails[0]?.to).toEqual(['admin@example.org']);
    const raw = mails[0]?.raw ?? '';
    const headers = headersOf(raw);
    expect(headers.has('bcc')).toBe(false);
    expect([...headers.keys()].filter((name) => /rcpt|victim|body/.test(name))).toEqual([]);
    // RFC 2047: ASCII only on the line.
    expect(raw.slice(0, raw.indexOf('\r\n\r\n'))).toMatch(/^[\x09\x0a\x0d\x20-\x7e]*$/);
    expect(headers.get('subject')).toMatch(/=\?UTF-8\?/);
    expect(raw).toContain('QUIT');
  });

  it('are refused for ever by 5yz to the recipient or the message, and only then', async () => {
    const answer = (code: number, text: string): SMTPServerOptions => ({ onRcptTo: (_, __, done) => done(Object.assign(new Error(text), { responseCode: code })) });
    expect(await deliver((await mailServer(answer(550, 'no such user'))).port)).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('no such user') });
    expect(await deliver((await mailServer(answer(451, 'greylisted'))).port)).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('greylisted') });
    const some: SMTPServerOptions = { onRcptTo: ({ address }, _, done) => (address.startsWith('gone') ? done(Object.assign(new Error('unknown'), { responseCode: 550 })) : done()) };
    const { port, mails } = await mailServer(some);
    expect(await deliver(port, exampleNotification(), { to: ['gone@example.org', 'here@example.org'] })).toEqual({ outcome: 'delivered', remark: '127.0.0.1 does not take mails for gone@example.org' });
    expect(mails[0]?.to).toEqual(['here@example.org']);
    const closed = await rawServer((socket) => socket.end('554 5.7.1 go away\r\n'));
    expect(await deliver(closed)).toMatchObject({ outcome: 'failed' });
  });

  it('log in, and say no password when that fails', async () => {
    const onAuth: SMTPServerOptions['onAuth'] = ({ username, password }, _, done) => (password === 'correct horse' ? done(null, { user: username ?? '' }) : done(Object.assign(new Error(`bad password ${password}`), { responseCode: 535 })));
    const { port, mails } = await mailServer({ disabledCommands: [], allowInsecureAuth: true, onAuth });
    expect(await deliver(port, exampleNotification(), { userName: 'me', password: 'correct horse' })).toEqual({ outcome: 'delivered' });
    expect(mails[0]?.user).toBe('me');
    const wrong = await deliver(port, exampleNotification(), { userName: 'me', password: 'battery staple' });
    expect(wrong).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('does not accept the login') });
    expect(JSON.stringify(wrong)).not.toContain('battery');
  });

  it('go over TLS as the settings say, or not at all', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'culprit-tls-'));
    try {
      execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=mx.example.org', '-addext', 'subjectAltName=DNS:mx.example.org', '-keyout', join(folder, 'key'), '-out', join(folder, 'cert')], { stdio: 'ignore' });
      const [tlsKey, cert] = [readFileSync(join(folder, 'key')), readFileSync(join(folder, 'cert'))];
      const starttls = await mailServer({ hideSTARTTLS: false, key: tlsKey, cert });
      const trusting = { certificateAuthority: cert.toString('utf8'), serverName: 'mx.example.org' };
      expect(await deliver(starttls.port, exampleNotification(), { tls: 'starttls', ...trusting })).toEqual({ outcome: 'delivered' });
      expect(starttls.mails[0]?.secure).toBe(true);
      expect(await deliver(starttls.port, exampleNotification(), { tls: 'starttls', serverName: 'mx.example.org' })).toMatchObject({ outcome: 'failed' });
      expect(await deliver(starttls.port, exampleNotification(), { tls: 'starttls', ...trusting, serverName: 'other.example.org' })).toMatchObject({ outcome: 'failed' });
      expect(await deliver(starttls.port, exampleNotification(), { tls: 'starttls', verifyCertificate: false })).toEqual({ outcome: 'delivered' });
      const tls = await mailServer({ secure: true, key: tlsKey, cert });
      expect(await deliver(tls.port, exampleNotification(), { tls: 'tls', ...trusting })).toEqual({ outcome: 'delivered' });
      const plain = await mailServer();
      expect(await deliver(plain.port, exampleNotification(), { tls: 'starttls', ...trusting })).toMatchObject({ outcome: 'failed' });
      expect(plain.mails).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a mail server that', () => {
  const firstWords = ['220 mx ESMTP\r\n', '250 mx\r\n', '250 sender\r\n', '250 recipient\r\n'];
  /** Answers the first so many commands, and then does what it is told. */
  const talking = (answers: number, then: (socket: Socket) => void) => (socket: Socket): void => {
    let given = 1;
    socket.write(firstWords[0] ?? '');
    socket.on('data', () => {
      if (given < answers) socket.write(firstWords[given++] ?? '');
      else then(socket);
    });
  };

  it.each([['says nothing at all', (): void => undefined], ['hangs after the greeting', talking(1, () => undefined)], ['hangs in the envelope', talking(3, () => undefined)]])('%s is given up', async (_, talk) => {
    const port = await rawServer(talk);
    const { channel } = channelOf(port, { timeoutSeconds: 30 });
    const startedAt = performance.now();
    expect(await channel.deliver(exampleNotification(), AbortSignal.timeout(300))).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('given up') });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('refuses connections, or talks nonsense, is a failure', async () => {
    expect(await deliver(9)).toMatchObject({ outcome: 'failed' });
    expect(await deliver(await rawServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')))).toMatchObject({ outcome: 'failed' });
    expect(await deliver(await rawServer((socket) => void socket.write(`220-${'x'.repeat(1_000_000)}`)), exampleNotification(), { timeoutSeconds: 5 })).toMatchObject({ outcome: 'failed' });
  });

  it('dies in the middle of a message gets it again when it is back, once, under the same id', async () => {
    let deaths = 0;
    const mails: string[] = [];
    const port = await rawServer((socket) => {
      let data = '';
      let inData = false;
      socket.write('220 mx ESMTP\r\n');
      socket.on('data', (piece) => {
        data += piece.toString('latin1');
        if (inData) {
          if (deaths < 3) {
            deaths += 1;
            socket.destroy();
          } else if (data.endsWith('\r\n.\r\n')) {
            mails.push(data);
            inData = false;
            data = '';
            socket.write('250 taken\r\n');
          }
          return;
        }
        for (let end = data.indexOf('\r\n'); end >= 0 && !inData; end = data.indexOf('\r\n')) {
          const command = data.slice(0, end).toUpperCase();
          data = data.slice(end + 2);
          inData = command === 'DATA';
          socket.write(inData ? '354 go on\r\n' : command === 'QUIT' ? '221 bye\r\n' : '250 well\r\n');
        }
      });
    });
    const outbox = new Outbox({
      store: new MemoryOutboxStore(),
      channels: [channelOf(port)],
      clock: systemClock,
      random: () => 0,
      retry: { firstMs: 20, mostMs: 100, channelMostMs: 50, giveUpAfterMs: 60_000, mostWaiting: 100 },
      digestOf: (all, atMs) => digestOf(all, atMs, 'UTC'),
    });
    await outbox.start();
    await outbox.enqueue(exampleNotification({ text: `${'long '.repeat(50_000)}\n` }));
    await expect.poll(() => outbox.status().channels[0]?.delivered, { timeout: 15_000 }).toBe(1);
    await outbox.stop();
    expect(deaths).toBe(3);
    expect(mails.length).toBe(1);
    expect(mails[0]).toContain(`Message-ID: ${threadIds(exampleNotification(), 'example.org').messageId}`);
  });
});
