import { z } from 'zod';
import { plainLabelName } from '../../../lib/exposition/format.ts';
import { regexProblem } from './anchored-regex.ts';

const labelName = z.string().regex(plainLabelName, 'not the name of a label').max(200);

/** As in Prometheus' configuration (`metric_relabel_configs`), with its names and defaults, so that rules can be taken over. */
export const relabelRuleSchema = z.strictObject({
  action: z.enum(['replace', 'keep', 'drop', 'labelmap', 'labeldrop', 'labelkeep']).default('replace'),
  /** `__name__` is the name of the metric. */
  source_labels: z.array(labelName).max(50).default([]),
  separator: z.string().max(100).default(';'),
  /** In RE2's syntax; has to match the whole. */
  regex: z
    .string()
    .max(2_000)
    .default('(.*)')
    .superRefine((regex, context) => {
      const problem = regexProblem(regex);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    }),
  /** Where the result goes; may hold `$1`. */
  target_label: z.string().max(200).default(''),
  replacement: z.string().max(2_000).default('$1'),
}).superRefine((rule, context) => {
  const needs = (ok: boolean, message: string): void => {
    if (!ok) context.addIssue({ code: 'custom', message });
  };
  needs(rule.action !== 'replace' || rule.target_label !== '', 'replace needs a target_label');
  needs(!['keep', 'drop'].includes(rule.action) || rule.source_labels.length > 0, `${rule.action} needs source_labels`);
});
export type RelabelRule = z.infer<typeof relabelRuleSchema>;

/** PEM texts, not paths: the settings' loader reads files. */
export const tlsSchema = z.strictObject({
  ca: z.string().optional().describe('Certificates of those who may sign the target’s, as PEM. Default: those of the system.'),
  serverName: z.string().optional().describe('Name that the certificate must have, where it is not that of the address.'),
  certificate: z.string().optional().describe('Certificate to show, as PEM.'),
  key: z.string().optional().describe('Key of the certificate, as PEM.'),
  insecureSkipVerify: z.boolean().default(false).describe('Take any certificate. Anyone between here and there can then read and forge.'),
});

/** One endpoint that gives metrics in Prometheus' text format or OpenMetrics. */
export const expositionSettingsSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).refine((url) => !/^\w+:\/\/[^/?#]*@/.test(url), 'user name and password go into basicAuth').describe('http://pve1:9100/metrics'),
  job: z.string().min(1).max(100).default('node').describe('Label of `up` and of the other metrics about the look itself.'),
  intervalSeconds: z.number().min(1).max(3_600).default(15),
  timeoutSeconds: z.number().min(0.1).max(600).default(10),
  maxBytes: z.number().int().min(1_000).max(1_000_000_000).default(32 * 1024 * 1024).describe('A longer page is not taken, before and after unpacking.'),
  maxSamples: z.number().int().min(1).max(5_000_000).default(50_000).describe('A page of more samples is not taken.'),
  honorTimestamps: z.boolean().default(true).describe('Whether times on the page count, where it has some.'),
  labels: z.record(labelName, z.string().max(1_000)).default({}).describe('Put on every sample. A label of the same name on the page becomes exported_<name>.'),
  metricRelabelConfigs: z.array(relabelRuleSchema).max(500).default([]),
  basicAuth: z.strictObject({ username: z.string().regex(/^[^:]*$/, 'a user name has no colon (RFC 7617)'), password: z.string() }).optional(),
  bearerToken: z.string().regex(/^[\x21-\x7e]+$/, 'a token has no blanks and no characters beyond ASCII').optional(),
  tls: tlsSchema.optional(),
}).refine(({ basicAuth: basic, bearerToken: token }) => basic === undefined || token === undefined, 'basicAuth and bearerToken exclude each other');
export type ExpositionSettings = z.infer<typeof expositionSettingsSchema>;
