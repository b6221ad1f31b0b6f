import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Notification } from '../../define/notification.ts';
import { bounded, forTerminal } from '../../lib/hostile-text.ts';
import { isoTime } from '../../lib/zoned-time.ts';
import { addressParts, type EmailSettings } from './settings.ts';

/** Longest subject: what is longer no mail client shows. */
const mostSubject = 250;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 20);

/** A header's value: one line of visible ASCII. */
const headerWord = (text: string): string => bounded(text.replace(/[^\x21-\x7e]/g, '_'), 200);

export interface ThreadIds {
  readonly messageId: string;
  /** The mail that began the thread; undefined for that mail itself, and for what belongs to no incident. */
  readonly inReplyTo: string | undefined;
}

/**
 * Message-ID and In-Reply-To (RFC 5322, 3.6.4) from ids alone: each attempt to send a notification has the same, so that a mail that comes twice can be known, and all mails of an incident name the first, whether
 * or not it was sent from this process or at all.
 */
export function threadIds({ id, kind, incidentId }: Notification, domain: string): ThreadIds {
  if (incidentId === undefined) return { messageId: `<culprit.${kind}.${hashOf(id)}@${domain}>`, inReplyTo: undefined };
  const root = `<culprit.incident.${hashOf(incidentId)}@${domain}>`;
  return kind === 'opened' ? { messageId: root, inReplyTo: undefined } : { messageId: `<culprit.${kind}.${hashOf(id)}@${domain}>`, inReplyTo: root };
}

/** The mail as it goes over the line. */
export async function mailMessage(notification: Notification, { from, to, replyTo }: Pick<EmailSettings, 'from' | 'to' | 'replyTo'>, chartPng: Uint8Array | undefined): Promise<Buffer> {
  const sender = addressParts(from);
  const domain = sender.address.slice(sender.address.lastIndexOf('@') + 1);
  const { messageId, inReplyTo } = threadIds(notification, domain);
  const { kind, severity, incidentId, atMs } = notification;
  const subject = bounded(forTerminal(notification.subject).trim(), mostSubject);
  // A Content-ID is unique in the world (RFC 2392), not only in its mail.
  const chartId = `chart.${hashOf(notification.id)}@${domain}`;
  const withoutChart = notification.html?.replaceAll(/<img\b[^>]*\bsrc="cid:chart"[^>]*>/g, '');
  const html = chartPng === undefined ? withoutChart : notification.html?.replaceAll('"cid:chart"', `"cid:${chartId}"`);
  const urgent = severity === 'critical' && kind !== 'resolved' && kind !== 'test';
  const composer = new MailComposer({
    from: sender,
    to: to.map(addressParts),
    ...(replyTo !== undefined && { replyTo: addressParts(replyTo) }),
    subject,
    messageId,
    ...(inReplyTo !== undefined && { inReplyTo, references: [inReplyTo] }),
    date: new Date(isoTime(atMs)),
    text: forTerminal(notification.text, 'keep'),
    ...(html !== undefined && { html }),
    attachments: chartPng === undefined ? [] : [{ filename: 'chart.png', content: Buffer.from(chartPng), contentType: 'image/png', cid: chartId, contentDisposition: 'inline' }],
    headers: {
      // RFC 3834: no vacation notes in return; the second is what Exchange listens to.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      // RFC 2919: by this filters sort.
      'List-Id': `Culprit <culprit.${domain}>`,
      'X-Culprit-Kind': kind,
      'X-Culprit-Severity': severity,
      ...(incidentId !== undefined && { 'X-Culprit-Incident': headerWord(incidentId) }),
      ...(urgent && { Importance: 'high', 'X-Priority': '1 (Highest)' }),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'win',
  });
  return composer.compile().build();
}
