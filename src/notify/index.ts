import { z } from 'zod';
import type { Channel } from '../define/notification.ts';
import { alertmanagerChannel, alertmanagerSettingsSchema } from './alertmanager.ts';
import { discordChannel, discordSettingsSchema } from './discord.ts';
import { emailChannel } from './email/email.ts';
import { emailSettingsSchema } from './email/settings.ts';
import { gotifyChannel, gotifySettingsSchema } from './gotify.ts';
import type { ChannelSurroundings } from './http.ts';
import { ntfyChannel, ntfySettingsSchema } from './ntfy.ts';
import type { OutboxChannel } from './outbox/lane.ts';
import { limitsOf, wantedFrom } from './settings.ts';
import { slackChannel, slackSettingsSchema } from './slack.ts';
import { webhookChannel, webhookSettingsSchema } from './webhook.ts';

/** Settings of one channel, told apart by `type`. */
export const channelSettingsSchema = z.discriminatedUnion('type', [
  emailSettingsSchema,
  webhookSettingsSchema,
  alertmanagerSettingsSchema,
  ntfySettingsSchema,
  gotifySettingsSchema,
  slackSettingsSchema,
  discordSettingsSchema,
]);
export type ChannelSettings = z.infer<typeof channelSettingsSchema>;

/** The channels of the settings, each with a name of its own. */
export const channelsSettingsSchema = z
  .array(channelSettingsSchema)
  .max(50)
  .refine((channels) => new Set(channels.map(({ name }) => name)).size === channels.length, 'two channels have the same name');

function channelOf(settings: ChannelSettings, surroundings: ChannelSurroundings): Channel {
  switch (settings.type) {
    case 'email':
      return emailChannel(settings, surroundings);
    case 'webhook':
      return webhookChannel(settings, surroundings);
    case 'alertmanager':
      return alertmanagerChannel(settings, surroundings);
    case 'ntfy':
      return ntfyChannel(settings);
    case 'gotify':
      return gotifyChannel(settings);
    case 'slack':
      return slackChannel(settings);
    case 'discord':
      return discordChannel(settings);
  }
}

/** A channel from its settings, as the outbox takes it. To try one out, call `channel.deliver` with `testNotification()`. */
export function makeChannel(settings: ChannelSettings, surroundings: ChannelSurroundings): OutboxChannel {
  return { channel: channelOf(settings, surroundings), limits: limitsOf(settings), wants: wantedFrom(settings.minimumSeverity) };
}
