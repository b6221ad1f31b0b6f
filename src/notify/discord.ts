import { z } from 'zod';
import type { Channel, Notification } from '../define/notification.ts';
import { isoTime } from '../lib/zoned-time.ts';
import { colours, forDiscord } from './chat-text.ts';
import { post, secretsInAddress } from './http.ts';
import { httpAddressSchema, settingsForPeople } from './settings.ts';

/** `type: discord`: a webhook of a channel of Discord. */
export const discordSettingsSchema = z.strictObject({
  type: z.literal('discord'),
  ...settingsForPeople,
  /** The address is the key: whoever knows it can write there. */
  url: httpAddressSchema,
});

/** Limits of Discord for an embed: title 256, description 4,096, a field's name 256 and value 1,024, at most 25 fields, 6,000 in all. */
const most = { title: 256, description: 3_900, field: 1_000, footer: 200 } as const;

export function discordMessage(notification: Notification): Record<string, unknown> {
  const { subject, text, severity, kind, url, hosts, incidentId, atMs } = notification;
  const colour = kind === 'resolved' ? colours.resolved : kind === 'test' ? colours.neutral : colours[severity];
  const footer = incidentId === undefined ? undefined : { footer: { text: forDiscord(`incident ${incidentId}`, most.footer) } };
  return {
    username: 'Culprit',
    // Nobody is called by what a host says.
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: forDiscord(subject, most.title),
        description: forDiscord(text, most.description),
        color: Number.parseInt(colour.slice(1), 16),
        timestamp: isoTime(atMs),
        ...(hosts.length > 0 && { fields: [{ name: hosts.length === 1 ? 'Host' : 'Hosts', value: forDiscord(hosts.join(', '), most.field), inline: true }] }),
        ...footer,
        ...(url !== undefined && { url }),
      },
    ],
  };
}

export function discordChannel({ name, url, timeoutSeconds }: z.infer<typeof discordSettingsSchema>): Channel {
  const secrets = secretsInAddress(url);
  const address = new URL(url);
  // Without it Discord does not say whether the message is one.
  address.searchParams.set('wait', 'true');
  return { name, deliver: (notification, signal) => post({ url: address.href, body: JSON.stringify(discordMessage(notification)), signal, timeoutMs: timeoutSeconds * 1_000, secrets }) };
}
