import { z } from 'zod';
import type { Channel, Notification } from '../define/notification.ts';
import { colours, forSlack } from './chat-text.ts';
import { post, secretsInAddress } from './http.ts';
import { httpAddressSchema, settingsForPeople } from './settings.ts';

/** `type: slack`: an incoming webhook of Slack, Mattermost, Rocket.Chat or another that takes the same JSON. */
export const slackSettingsSchema = z.strictObject({
  type: z.literal('slack'),
  ...settingsForPeople,
  /** The address is the key: whoever knows it can write there. */
  url: httpAddressSchema,
});

const mostCharacters = { subject: 300, text: 3_500 } as const;

export function slackMessage(notification: Notification): Record<string, unknown> {
  const { subject, text, severity, kind, url } = notification;
  const colour = kind === 'resolved' ? colours.resolved : kind === 'test' ? colours.neutral : colours[severity];
  const title = forSlack(subject, mostCharacters.subject);
  return {
    text: title,
    // Neither formats nor links of its own in what hosts say.
    mrkdwn: false,
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    attachments: [
      {
        color: colour,
        fallback: title,
        text: forSlack(text, mostCharacters.text),
        mrkdwn_in: [],
        ...(url !== undefined && { title: 'Incident', title_link: url }),
      },
    ],
  };
}

export function slackChannel({ name, url, timeoutSeconds }: z.infer<typeof slackSettingsSchema>): Channel {
  const secrets = secretsInAddress(url);
  return { name, deliver: (notification, signal) => post({ url, body: JSON.stringify(slackMessage(notification)), signal, timeoutMs: timeoutSeconds * 1_000, secrets }) };
}
