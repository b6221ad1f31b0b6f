import { z } from 'zod';
import type { Channel, Notification } from '../define/notification.ts';
import { bounded, forTerminal } from '../lib/hostile-text.ts';
import { post } from './http.ts';
import { httpAddressSchema, settingsForPeople, tokenSchema } from './settings.ts';

/** `type: ntfy`: a topic of a server of ntfy. */
export const ntfySettingsSchema = z.strictObject({
  type: z.literal('ntfy'),
  ...settingsForPeople,
  /** The server, without the topic. */
  url: httpAddressSchema.default('https://ntfy.sh'),
  /** Whoever knows the name of a topic on a public server reads it. */
  topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/),
  token: tokenSchema.optional(),
});

/** ntfy turns a message of more than 4,096 bytes into an attachment. */
const mostMessageBytes = 3_900;

/** The beginning of a text in at most so many bytes of UTF-8. */
export function withinBytes(text: string, mostBytes: number): string {
  if (Buffer.byteLength(text, 'utf8') <= mostBytes) return text;
  let characters = 0;
  let bytes = 3;
  for (const character of text) {
    bytes += Buffer.byteLength(character, 'utf8');
    if (bytes > mostBytes) break;
    characters += character.length;
  }
  return `${text.slice(0, characters)}…`;
}

/** Priorities of ntfy: 3 is usual, 4 high, 5 the highest. */
function priorityOf({ kind, severity }: Notification): number {
  if (kind === 'resolved' || kind === 'test') return 3;
  return severity === 'critical' ? 5 : 4;
}

const tags: Readonly<Record<Notification['kind'], string>> = { opened: 'warning', explained: 'mag', changed: 'warning', resolved: 'white_check_mark', reopened: 'warning', digest: 'rotating_light', test: 'wrench' };

export function ntfyChannel({ name, url, topic, token, timeoutSeconds }: z.infer<typeof ntfySettingsSchema>): Channel {
  return {
    name,
    deliver: (notification, signal) => {
      const message = {
        topic,
        title: bounded(forTerminal(notification.subject), 250),
        message: withinBytes(forTerminal(notification.text, 'keep').trim(), mostMessageBytes),
        priority: priorityOf(notification),
        tags: [tags[notification.kind]],
        ...(notification.url !== undefined && { click: notification.url }),
      };
      const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return post({ url: new URL(url).href, headers, body: JSON.stringify(message), signal, timeoutMs: timeoutSeconds * 1_000, secrets: [token ?? '', topic].filter((text) => text.length >= 6) });
    },
  };
}
