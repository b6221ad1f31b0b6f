import { z } from 'zod';
import { baselineDifferencesSchema } from './comparison.ts';
import { figureSchema } from './figure.ts';
import { subjects, symptomIds } from './ids.ts';
import { mitigationSchema } from './mitigation.ts';
import { failureReasons } from './result.ts';

const sourceRefSchema = z.object({
  kind: z.enum(['probe', 'fact', 'experiment', 'known-issue', 'symptom']),
  id: z.string(),
  vantage: z.enum(['host', 'client', 'peer']),
});

/** One term of the sum: a piece of evidence and its weight in natural log-odds, after damping. */
export const evidenceSchema = z.object({
  text: z.string(),
  logOdds: z.number(),
  decisive: z.boolean(),
  source: sourceRefSchema,
  /** The raw words or numbers of the host. Hostile: escape where shown. */
  excerpt: z.string(),
});

export const causeSchema = z.object({
  id: z.string(),
  title: z.string(),
  subject: z.enum(subjects),
  role: z.enum(['cause', 'mechanism']),
  probability: z.number().min(0).max(1),
  status: z.enum(['identified', 'suspected']),
  proven: z.enum(['lab', 'case', 'documentation', 'examples']),
  explains: z.array(z.enum(symptomIds)),
  knownIssues: z.array(z.object({ id: z.string(), title: z.string(), references: z.array(z.string()), mitigations: z.array(z.string()) })),
  mechanisms: z.array(z.string()),
  objects: z.array(z.string()),
  evidence: z.array(evidenceSchema),
  /** Log-odds of the prior, where the sum starts. */
  priorLogOdds: z.number(),
  experiments: z.array(z.string()),
  mitigations: z.array(mitigationSchema),
  references: z.array(z.string()),
});

export const symptomSchema = z.object({
  id: z.enum(symptomIds),
  title: z.string(),
  object: z.string(),
  /** `measured` from the evidence, or `given` by the user. */
  origin: z.enum(['measured', 'given']),
  text: z.string(),
  value: z.number().optional(),
  limit: z.number().optional(),
  unit: z.string().optional(),
});

export const hostIdentitySchema = z.object({
  hostname: z.string(),
  operatingSystem: z.string(),
  /** `pve-manager` version on Proxmox VE. */
  proxmox: z.string().optional(),
  kernel: z.string(),
  zfs: z.string().optional(),
  cpuModel: z.string(),
  cpuCount: z.number(),
  memoryBytes: z.number(),
  uptimeSeconds: z.number(),
});
export type HostIdentity = z.infer<typeof hostIdentitySchema>;

/** The one result. Everything shown is a function of it. */
export const reportSchema = z.object({
  schemaVersion: z.literal(1),
  id: z.string(),
  culpritVersion: z.string(),
  target: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  host: hostIdentitySchema.partial(),
  verdict: z.object({
    status: z.enum(['healthy', 'identified', 'suspected', 'inconclusive', 'unreachable']),
    summary: z.string(),
    urgency: z.enum(['now', 'today', 'window', 'none']),
    dataAtRisk: z.union([z.boolean(), z.literal('unknown')]),
    containment: z.array(z.string()),
    doNot: z.array(z.string()),
  }),
  causes: z.array(causeSchema),
  alsoNoticed: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      text: z.string(),
      objects: z.array(z.string()),
      urgency: z.enum(['now', 'today', 'window', 'none']),
    }),
  ),
  ruledOut: z.array(z.object({ id: z.string(), title: z.string(), subject: z.enum(subjects), because: z.string() })),
  unknown: z.array(z.object({ id: z.string(), title: z.string(), subject: z.enum(subjects), missing: z.string() })),
  symptoms: z.array(symptomSchema),
  /** Which activity goes with them, over the history that the host kept. */
  activityPattern: z.string().optional(),
  /** The guest, disk or place that their change comes from, along what waits for what. */
  attribution: z.object({ object: z.string(), says: z.string() }).optional(),
  timeline: z.array(z.object({ at: z.iso.datetime(), kind: z.string(), text: z.string(), object: z.string() })),
  changes: z.array(z.object({ at: z.iso.datetime(), kind: z.string(), text: z.string() })),
  /** One for each thing that an experiment looked at; `speaksFor` and `speaksAgainst` are ids of causes. */
  experiments: z.array(z.object({ id: z.string(), title: z.string(), outcome: z.string(), text: z.string(), speaksFor: z.array(z.string()).optional(), speaksAgainst: z.array(z.string()).optional(), durationMs: z.number().optional() })),
  /** What is suspicious about what differs from the stored baseline of this host, where there is one. */
  baseline: baselineDifferencesSchema.optional(),
  steps: z.array(z.object({ text: z.string(), durationMs: z.number() })),
  /** What could not be read, why, and the causes that it would have helped to decide. */
  notRead: z.array(
    z.object({
      source: sourceRefSchema,
      title: z.string(),
      reason: z.enum(failureReasons),
      detail: z.string(),
      wouldDecide: z.array(z.string()),
      /** What root would add, where that is why. */
      rootAdds: z.string().optional(),
    }),
  ),
  /** Commands that could not be killed and are still there. */
  leftBehind: z.array(z.string()),
  figures: z.array(figureSchema),
});

export type Report = z.infer<typeof reportSchema>;
export type Cause = z.infer<typeof causeSchema>;
export type EvidenceTerm = z.infer<typeof evidenceSchema>;
export type SymptomSeen = z.infer<typeof symptomSchema>;
export type SourceRef = z.infer<typeof sourceRefSchema>;

/** Exit status of a command that made this report. */
export function exitStatusOf(report: Report): 0 | 1 | 2 | 3 {
  return { healthy: 0, suspected: 1, identified: 2, inconclusive: 3, unreachable: 3 }[report.verdict.status] as 0 | 1 | 2 | 3;
}
