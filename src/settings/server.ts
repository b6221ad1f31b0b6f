import { z } from 'zod';
import { embeddedSettingsSchema } from '../history/embedded/settings.ts';
import { isTimeZone } from '../lib/zoned-time.ts';
import { channelsSettingsSchema } from '../notify/index.ts';
import { watchSettingsSchema } from '../watch/settings.ts';

const gigabyte = 1_000_000_000;

const httpSettingsSchema = z.strictObject({
  address: z.string().min(1).max(253).default('127.0.0.1').describe('Where it listens. Anything but loopback should have a reverse proxy with TLS in front.'),
  port: z.int().min(0).max(65_535).default(9_787),
  publicUrl: z.url({ protocol: /^https?$/ }).optional().describe('As a browser reaches it: links in mails begin with it. With https, cookies are sent over TLS alone.'),
  trustedProxies: z.array(z.string().max(100)).max(50).default([]).describe('Addresses of reverse proxies whose X-Forwarded-For counts.'),
});

const historySettingsSchema = z.strictObject({
  retentionDays: z.number().positive().max(36_500).default(400),
  retentionGigabytes: z.number().positive().max(1_000_000).optional(),
  flushSeconds: embeddedSettingsSchema.shape.flushSeconds.unwrap().min(1).default(10).describe('What is lost at most when the process is killed.'),
  memoryMegabytes: z.number().min(64).max(1_000_000).default(256),
  reserveMegabytes: z.number().min(0).max(1e12).default(67).describe('Room on the disk that is left to others: with less, no samples are taken, and an alarm says so.'),
});

/** Asks an address again and again, so that its owner notices when that stops: a dead man's switch. */
const heartbeatSettingsSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('Asked by GET while all is well here, such as that of a check at healthchecks.io. Keep it secret.'),
  intervalSeconds: z.number().min(10).max(86_400).default(60),
});

const incidentsSettingsSchema = z.strictObject({ keepDays: z.number().min(1).max(36_500).default(730).describe('Incidents, their alarms and what was said of them are deleted so long after they were over.') });

/** All settings of `culprit serve`, in one file. */
export const serverSettingsSchema = watchSettingsSchema.safeExtend({
  dataFolder: z.string().min(1).max(4_096).optional().describe('Where it keeps all that it knows.'),
  database: z.string().max(4_096).optional().describe('postgres://user@host:5432/database, in place of a file in the data folder.'),
  timeZone: z.string().refine(isTimeZone, 'not a time zone such as Europe/Berlin').optional().describe('Of times in messages. Default: that of this machine.'),
  http: httpSettingsSchema.prefault({}),
  history: historySettingsSchema.prefault({}),
  incidents: incidentsSettingsSchema.prefault({}),
  channels: channelsSettingsSchema.default([]),
  heartbeat: heartbeatSettingsSchema.optional(),
});
export type ServerSettings = z.infer<typeof serverSettingsSchema>;

/** Time zone of messages: that of this machine where the settings name none. */
export function timeZoneOf({ timeZone }: Pick<ServerSettings, 'timeZone'>): string {
  return timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Settings of the embedded history, from those of the server. */
export function embeddedSettingsOf({ history, mostSeriesPerHost }: ServerSettings): z.input<typeof embeddedSettingsSchema> {
  const { retentionDays, retentionGigabytes, flushSeconds, memoryMegabytes, reserveMegabytes } = history;
  return {
    retentionDays,
    flushSeconds,
    memoryLimitBytes: memoryMegabytes * 1_000_000,
    reserveBytes: reserveMegabytes * 1_000_000,
    maxSeriesPerHost: mostSeriesPerHost,
    ...(retentionGigabytes === undefined ? {} : { retentionBytes: retentionGigabytes * gigabyte }),
  };
}
