import { z } from 'zod';

/** A server that speaks Prometheus' HTTP API and has the samples already: nothing is scraped twice. */
export const prometheusSourceSettingsSchema = z.strictObject({
  address: z.url({ protocol: /^https?$/ }).describe('https://prometheus:9090/prefix; the API is below it at /api/v1.'),
  bearerToken: z.string().min(1).optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  intervalSeconds: z.number().min(5).max(3_600).default(30).describe('How often it is asked; it should not be less than its own scrape interval.'),
  timeoutSeconds: z.number().min(1).max(600).default(20),
  hostsAQuestion: z.number().int().min(1).max(500).default(25).describe('How many hosts one question asks for.'),
  instances: z.record(z.string(), z.string().min(1)).default({}).describe('Label `instance` of a host, by the host’s name in the settings, where it cannot be found by name or address.'),
  metrics: z.array(z.string().min(1).max(300)).max(1_000).default([]).describe('Metrics to read besides those that the kinds of alarm need.'),
  dropLabels: z.array(z.string()).default(['instance', 'job']).describe('Labels that the server has put on the samples and that are no part of the series.'),
});
export type PrometheusSourceSettings = z.infer<typeof prometheusSourceSettingsSchema>;

/** How the server is reached and logged in to, as its readers take it. */
export function accessOf({ address, timeoutSeconds, bearerToken, username, password }: PrometheusSourceSettings): { address: string; timeoutMs: number; bearerToken?: string; userName?: string; password?: string } {
  return {
    address,
    timeoutMs: timeoutSeconds * 1_000,
    ...(bearerToken === undefined ? {} : { bearerToken }),
    ...(username === undefined ? {} : { userName: username }),
    ...(password === undefined ? {} : { password }),
  };
}
