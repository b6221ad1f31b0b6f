import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { exampleNotification } from '../testing.ts';
import { threadIds } from './message.ts';
import { closeServers, deliver, headersOf, mailServer, rawServer } from './testing.ts';

afterEach(closeServers);

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
    expect(raw.slice(0, raw.indexOf('\r\n\r\n'))).toMatch(/^[\t\r\n -~]*$/);
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
