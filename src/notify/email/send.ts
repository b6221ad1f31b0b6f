import { isIP } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Delivery } from '../../define/notification.ts';
import { masked } from '../http.ts';
import { addressParts, type EmailSettings } from './settings.ts';

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

function secretsOf({ userName = '', password = '' }: EmailSettings): string[] {
  return password === '' ? [] : [password, `\0${userName}\0${password}`];
}

/** 5yz to the envelope or the message is for ever (RFC 5321, 4.2.1); to the login it is what an administrator mends, and 4yz passes. */
function deliveryOf(error: SmtpError, settings: EmailSettings): Delivery {
  const { code = '', responseCode = 0, response } = error;
  const said = masked(response ?? '', secretsOf(settings));
  const forEver = responseCode >= 500 && responseCode < 600 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  const what = code === 'EAUTH' ? 'does not accept the login' : code === 'ETLS' ? 'no TLS with this server' : said === '' ? (masked(error.message, secretsOf(settings)) || 'no connection') : 'answers';
  return { outcome: forEver ? 'refused' : 'failed', reason: `${settings.host}: ${what}${said === '' ? '' : `: ${said}`}` };
}

function connectionTo(settings: EmailSettings): SMTPConnection {
  const { host, tls, verifyCertificate, certificateAuthority, serverName, helloName, timeoutSeconds } = settings;
  const timeoutMs = timeoutSeconds * 1_000;
  const name = serverName ?? (isIP(host) === 0 ? host : undefined);
  return new SMTPConnection({
    host,
    port: settings.port ?? (tls === 'tls' ? 465 : 587),
    secure: tls === 'tls',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    opportunisticTLS: tls === 'opportunistic',
    ...(helloName !== undefined && { name: helloName }),
    ...(name !== undefined && { servername: name }),
    tls: { rejectUnauthorized: verifyCertificate, minVersion: 'TLSv1.2', ...(certificateAuthority !== undefined && { ca: certificateAuthority }) },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    maxResponseSize: 65_536,
    logger: false,
  });
}

/** Sends one mail over a connection of its own. Always ends: with the server's word, with an error, or by the signal. Never throws. */
export function sendMail(message: Buffer, settings: EmailSettings, signal: AbortSignal): Promise<Delivery> {
  const connection = connectionTo(settings);
  return new Promise<Delivery>((resolve) => {
    const finish = (delivery: Delivery): void => {
      signal.removeEventListener('abort', aborted);
      resolve(delivery);
    };
    // The first word counts: closing says `end` at once.
    const failed = (error: SmtpError): void => {
      finish(deliveryOf(error, settings));
      connection.close();
    };
    const aborted = (): void => {
      finish({ outcome: 'failed', reason: `${settings.host}: given up before it answered` });
      connection.close();
    };
    const send = (): void => {
      const envelope = { from: addressParts(settings.from).address, to: settings.to.map((text) => addressParts(text).address) };
      connection.send(envelope, message, (error, info) => {
        if (error) return failed(error);
        const rejected = info?.rejected ?? [];
        finish({ outcome: 'delivered', ...(rejected.length > 0 && { remark: `${settings.host} does not take mails for ${rejected.join(', ')}` }) });
        connection.quit();
      });
    };
    connection.on('error', failed);
    // A connection that ends without a word is a failure; after the word it is nothing.
    connection.once('end', () => finish({ outcome: 'failed', reason: `${settings.host}: the connection ended before the mail was taken` }));
    if (signal.aborted) return aborted();
    signal.addEventListener('abort', aborted);
    connection.connect((error) => {
      if (error) return failed(error);
      if (settings.userName === undefined) return send();
      connection.login({ user: settings.userName, pass: settings.password }, (loginError) => (loginError ? failed(loginError) : send()));
    });
  });
}
