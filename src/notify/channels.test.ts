import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Delivery, Notification } from '../define/notification.ts';
import { colours, forDiscord, forSlack } from './chat-text.ts';
import { discordMessage } from './discord.ts';
import { channelSettingsSchema, channelsSettingsSchema, makeChannel } from './index.ts';
import { withinBytes } from './ntfy.ts';
import { slackMessage } from './slack.ts';
import { exampleNotification } from './testing.ts';
import { webhookBodySchema, webhookSignature, webhookSignatureHolds } from './webhook.ts';

const nowMs = (): number => Date.UTC(2026, 10, 2, 8);
const surroundings = { nowMs };
const key = 'T0SECRETKEY99';

interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function receiver(answer: RequestListener): Promise<{ address: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      asked.push({ path: request.url ?? '', headers: request.headers, body });
      answer(request, response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const deliver = (settings: object, notification: Notification = exampleNotification(), signal = new AbortController().signal): Promise<Delivery> =>
  makeChannel(channelSettingsSchema.parse({ name: 'test', ...settings }), surroundings).channel.deliver(notification, signal);

const every = (address: string): Record<string, object> => ({
  webhook: { type: 'webhook', url: `${address}/${key}`, secret: 'sixteen letters at least', headers: { Authorization: `Bearer ${key}` } },
  alertmanager: { type: 'alertmanager', url: address, userName: 'culprit', password: key },
  ntfy: { type: 'ntfy', url: address, topic: 'hosts', token: key },
  gotify: { type: 'gotify', url: address, token: key },
  slack: { type: 'slack', url: `${address}/services/T1/B1/${key}` },
  discord: { type: 'discord', url: `${address}/api/webhooks/1/${key}` },
});
const kinds = Object.keys(every('http://x'));

describe.each(kinds)('the channel %s', (kind) => {
  const settings = (address: string): object => every(address)[kind] ?? {};

  it('delivers', async () => {
    const { address, asked } = await receiver((_, response) => response.writeHead(200).end('ok'));
    expect(await deliver(settings(address))).toEqual({ outcome: 'delivered' });
    expect(asked.length).toBe(1);
    expect(asked[0]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(asked[0]?.body ?? '')).toBeTypeOf('object');
  });

  it('tells what passes from what never will, and says no secret even if the receiver does', async () => {
    for (const [status, outcome] of [[400, 'refused'], [404, 'refused'], [401, 'failed'], [429, 'failed'], [503, 'failed']] as const) {
      const { address } = await receiver((request, response) => response.writeHead(status, { 'retry-after': '7' }).end(`you sent ${request.url} ${JSON.stringify(request.headers)} \u001b[2J`));
      const delivery = await deliver(settings(address));
      expect(delivery).toMatchObject({ outcome, retryAfterMs: 7_000, reason: expect.stringContaining(`answers ${status}: you sent`) });
      expect(JSON.stringify(delivery)).not.toContain(key);
      expect(JSON.stringify(delivery)).not.toContain(Buffer.from(`culprit:${key}`).toString('base64'));
      expect(JSON.stringify(delivery)).not.toContain('\\u001b');
    }
  });

  it('follows no redirect', async () => {
    const other = await receiver((_, response) => response.end());
    const { address } = await receiver((_, response) => response.writeHead(307, { location: `${other.address}/stolen` }).end());
    expect(await deliver(settings(address))).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('a redirect, which is not followed') });
    expect(other.asked).toEqual([]);
  });

  it('ends when nobody is there, when the signal says so, and when an answer never ends', async () => {
    const gone = await deliver(settings('http://127.0.0.1:9'));
    expect(gone).toMatchObject({ outcome: 'failed' });
    expect(JSON.stringify(gone)).not.toContain(key);
    const hanging = await receiver(() => undefined);
    expect(await deliver(settings(hanging.address), exampleNotification(), AbortSignal.timeout(100))).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/in time|given up/) });
    expect(await deliver({ ...settings(hanging.address), timeoutSeconds: 1 })).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('no answer in time') });
    const endless = await receiver((_, response) => {
      response.writeHead(500);
      const more = (): void => void (response.destroyed || (response.write('x'.repeat(10_000)), setTimeout(more, 5)));
      more();
    });
    const delivery = await deliver(settings(endless.address));
    expect(delivery).toMatchObject({ outcome: 'failed' });
    expect(JSON.stringify(delivery).length).toBeLessThan(500);
  });
});

describe('the webhook', () => {
  it('is signed over time and body, and of the published form', async () => {
    const secret = 'sixteen letters at least';
    const { address, asked } = await receiver((_, response) => response.end());
    await deliver({ type: 'webhook', url: address, secret }, exampleNotification({ incidentId: 'i\r\nX: 1', id: 'ü\r\n1' }));
    const { headers = {}, body = '' }: Partial<Asked> = asked[0] ?? {};
    const signature = String(headers['culprit-signature']);
    expect(signature).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
    expect(webhookSignatureHolds(signature, body, secret, nowMs() + 60_000)).toBe(true);
    expect(webhookSignatureHolds(signature, `${body} `, secret, nowMs())).toBe(false);
    expect(webhookSignatureHolds(signature, body, 'another secret, as long', nowMs())).toBe(false);
    expect(webhookSignatureHolds(signature, body, secret, nowMs() + 301_000)).toBe(false);
    expect(webhookSignatureHolds('t=1', body, secret, nowMs())).toBe(false);
    expect(headers['culprit-delivery']).toBe('___1');
    expect(webhookBodySchema.parse(JSON.parse(body))).toMatchObject({ version: 1, kind: 'opened', at: '2026-11-02T08:00:00.000Z', alarms: [{ startedAt: '2026-11-02T07:58:30.000Z' }] });
  });

  it('has the signature that anybody can compute: printf "%s" "1762070400.{}" | openssl dgst -sha256 -hmac 0123456789abcdef', () => {
    expect(webhookSignature(1_762_070_400_999, '{}', '0123456789abcdef')).toBe(`t=1762070400,v1=0954d066bb54c765b8bb546cbc8d1afa6b019ec764733824c83857f97f64a5aa`);
  });
});

describe('chats', () => {
  const hostile = '*bold* _it_ ~no~ `code` <!channel> <@U1> & @everyone @here [text](https://evil.example/) # big\n> quote';
  const joint = '\u200b';

  it('Slack gets text that is neither markup nor a call', () => {
    const text = forSlack(hostile, 3_000);
    expect(text).not.toMatch(/<|>|@everyone|@here|@U1|:\/\//);
    expect(text).toContain(`${joint}*${joint}bold${joint}*${joint}`);
    expect(text).toContain('&lt;');
    expect(text).toContain('&amp; ');
    expect(text.replaceAll(joint, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')).toBe(hostile);
    for (const most of [0, 1, 5, 17, 100]) expect(forSlack('&'.repeat(200), most).length).toBeLessThanOrEqual(most);
    expect(slackMessage(exampleNotification({ severity: 'critical' }))).toMatchObject({ mrkdwn: false, attachments: [{ color: colours.critical, mrkdwn_in: [] }] });
  });

  it('Discord gets no more than it takes, and nobody is called', () => {
    const long = discordMessage(exampleNotification({ subject: '<'.repeat(5_000), text: '`@everyone'.repeat(5_000), hosts: Array.from({ length: 500 }, (_, index) => `pve${index}`), url: 'https://culprit.example.org/i/1' }));
    expect(long['allowed_mentions']).toEqual({ parse: [] });
    const [embed] = long['embeds'] as { title: string; description: string; fields: { value: string }[]; footer: { text: string } }[];
    expect(embed?.title.length).toBeLessThanOrEqual(256);
    expect(embed?.description.length).toBeLessThanOrEqual(4_096);
    expect(embed?.fields[0]?.value.length).toBeLessThanOrEqual(1_024);
    expect((embed?.title.length ?? 0) + (embed?.description.length ?? 0) + (embed?.fields[0]?.value.length ?? 0) + (embed?.footer.text.length ?? 0)).toBeLessThanOrEqual(6_000);
    expect(embed?.description).not.toContain('@everyone');
    expect(forDiscord(hostile, 4_000)).not.toMatch(/(?<!\\)[*_~`|<>[\]]/);
    // No escape is cut in two.
    for (const most of [1, 2, 3, 4, 5]) expect(forDiscord('****', most)).toMatch(/^(?:\\\*|…)*$/);
  });

  it('ntfy gets a message of the size that stays one, whole characters only', async () => {
    expect(withinBytes('äöü', 6)).toBe('äöü');
    expect(withinBytes('äöüß', 7)).toBe('äö…');
    expect(withinBytes('😀😀😀', 11)).toBe('😀😀…');
    const { address, asked } = await receiver((_, response) => response.end());
    await deliver({ type: 'ntfy', url: address, topic: 'hosts' }, exampleNotification({ text: 'ü'.repeat(10_000), severity: 'critical' }));
    const message = JSON.parse(asked[0]?.body ?? '{}') as { message: string; priority: number; topic: string };
    expect(Buffer.byteLength(message.message)).toBeLessThanOrEqual(4_096);
    expect(message).toMatchObject({ priority: 5, topic: 'hosts' });
  });
});

describe('settings of channels', () => {
  const good = { type: 'gotify', name: 'phone', url: 'https://gotify.example.org', token: 'abc' };
  it('are understood, or turned away', () => {
    expect(channelsSettingsSchema.parse([good])).toMatchObject([{ minimumSeverity: 'warning', gatherSeconds: 5, digestAbove: 20 }]);
    for (const bad of [{ ...good, url: 'https://me:secret@gotify.example.org' }, { ...good, url: 'file:///etc/passwd' }, { ...good, token: 'a\r\nX: 1' }, { ...good, tokne: '' }, { ...good, name: 'a b' }]) {
      expect(channelSettingsSchema.safeParse(bad).success, JSON.stringify(bad)).toBe(false);
    }
    expect(channelsSettingsSchema.safeParse([good, good]).success).toBe(false);
    const mail = { type: 'email', name: 'mail', host: 'mx.example.org', from: 'Culprit <culprit@example.org>', to: ['me@example.org'] };
    expect(channelSettingsSchema.parse(mail)).toMatchObject({ tls: 'starttls', verifyCertificate: true, timeoutSeconds: 60 });
    for (const bad of [{ ...mail, from: 'a@b\r\nBcc: x@y' }, { ...mail, to: ['a@b, c@d'] }, { ...mail, to: [] }, { ...mail, tls: 'none', userName: 'me', password: 'secret' }, { ...mail, userName: 'me' }]) {
      expect(channelSettingsSchema.safeParse(bad).success, JSON.stringify(bad)).toBe(false);
    }
  });
});
