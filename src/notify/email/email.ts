import type { Channel, Notification } from '../../define/notification.ts';
import type { ChannelSurroundings } from '../http.ts';
import { mailMessage } from './message.ts';
import { sendMail } from './send.ts';
import type { EmailSettings } from './settings.ts';

/** A mail without its picture is better than none. */
async function pictureOf({ chartSvg, html }: Notification, { chartPng }: ChannelSurroundings): Promise<Uint8Array | undefined> {
  if (chartSvg === undefined || html === undefined || chartPng === undefined) return undefined;
  return chartPng(chartSvg).catch(() => undefined);
}

/** Mails: plain text and HTML, the chart inside, one thread an incident. */
export function emailChannel(settings: EmailSettings, surroundings: ChannelSurroundings): Channel {
  return {
    name: settings.name,
    deliver: async (notification, signal) => sendMail(await mailMessage(notification, settings, await pictureOf(notification, surroundings)), settings, signal),
  };
}
