import { z } from 'zod';
import type { Channel } from '../define/notification.ts';
import { bounded, forTerminal } from '../lib/hostile-text.ts';
import { post } from './http.ts';
import { httpAddressSchema, settingsForPeople, tokenSchema } from './settings.ts';

/** `type: gotify`: an application of a Gotify server. */
export const gotifySettingsSchema = z.strictObject({
  type: z.literal('gotify'),
  ...settingsForPeople,
  url: httpAddressSchema,
  /** Of the application, not of a client. */
  token: tokenSchema,
});

const mostCharacters = 20_000;

export function gotifyChannel({ name, url, token, timeoutSeconds }: z.infer<typeof gotifySettingsSchema>): Channel {
  return {
    name,
    deliver: (notification, signal) => {
      const { subject, text, severity, kind, url: page } = notification;
      const message = {
        title: bounded(forTerminal(subject), 250),
        message: bounded(forTerminal(text, 'keep').trim(), mostCharacters),
        // The app of Gotify makes a sound from 4 on, and from 8 on even where others are quiet.
        priority: kind === 'resolved' || kind === 'test' ? 4 : severity === 'critical' ? 8 : 6,
        extras: { 'client::display': { contentType: 'text/plain' }, ...(page !== undefined && { 'client::notification': { click: { url: page } } }) },
      };
      return post({ url: `${url.replace(/\/+$/, '')}/message`, headers: { 'x-gotify-key': token }, body: JSON.stringify(message), signal, timeoutMs: timeoutSeconds * 1_000, secrets: [token] });
    },
  };
}
