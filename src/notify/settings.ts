import { z } from 'zod';
import { severities, type Severity } from '../define/alarm.ts';
import type { Notification } from '../define/notification.ts';
import type { DeliveryLimits } from './outbox/limits.ts';

/** Settings that every channel has. Secrets come in as they are: where they are read from is the business of whoever reads the file. */
export const commonSettings = {
  /** How the channel is called in the settings, in status and metrics. */
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'letters, digits, point, dash and underscore, at most 63'),
  /** What is less severe is not sent, unless the same incident has been told here already. */
  minimumSeverity: z.enum(severities).default('warning'),
  /** After this a delivery is given up, and tried again later. */
  timeoutSeconds: z.number().min(1).max(600).default(20),
};

/** Settings of channels that people read: few messages instead of many. */
export const settingsForPeople = {
  ...commonSettings,
  /** For so long more is awaited before a new message goes out. */
  gatherSeconds: z.number().min(0).max(300).default(5),
  /** When messages about more incidents than this wait, they go out as one digest. */
  digestAbove: z.number().int().min(1).max(1_000).default(20),
  /** After a digest in a storm that goes on, the next one comes after this time. */
  digestEverySeconds: z.number().min(10).max(86_400).default(300),
  /** At most so many messages in so many seconds; what is beyond waits, and becomes a digest. */
  rateLimit: z.object({ messages: z.number().int().min(1).max(10_000), seconds: z.number().min(1).max(86_400) }).default({ messages: 30, seconds: 600 }),
};

/** Longest that a storm is gathered before its digest goes out. */
const gatherMostMs = 25_000;

type ForPeople = { readonly [key in keyof typeof settingsForPeople]: z.infer<(typeof settingsForPeople)[key]> };
type Common = { readonly [key in keyof typeof commonSettings]: z.infer<(typeof commonSettings)[key]> };

/** What the outbox does with a channel, from its settings. */
export function limitsOf(settings: Common | ForPeople): DeliveryLimits {
  const timeoutMs = settings.timeoutSeconds * 1_000;
  if (!('digestAbove' in settings)) return { timeoutMs, gatherMs: 0, gatherMostMs: 0 };
  const { gatherSeconds, digestAbove, digestEverySeconds, rateLimit } = settings;
  return {
    timeoutMs,
    gatherMs: gatherSeconds * 1_000,
    gatherMostMs: Math.max(gatherMostMs, gatherSeconds * 1_000),
    digest: { above: digestAbove, everyMs: digestEverySeconds * 1_000 },
    rate: { deliveries: rateLimit.messages, perMs: rateLimit.seconds * 1_000 },
  };
}

export function wantedFrom(minimumSeverity: Severity): (notification: Notification) => boolean {
  return ({ severity, kind }) => kind === 'test' || severities.indexOf(severity) >= severities.indexOf(minimumSeverity);
}

/** Address of a service. User name and password have fields of their own, as addresses end up in texts. */
export const httpAddressSchema = z.url({ protocol: /^https?$/ }).refine((text) => {
  const { username, password, hash } = new URL(text);
  return username === '' && password === '' && hash === '';
}, 'without user name, password and #fragment');

/** A secret that goes into a header: visible ASCII without blanks. */
export const tokenSchema = z.string().regex(/^[\x21-\x7e]{1,4096}$/, 'visible ASCII characters only');
