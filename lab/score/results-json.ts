import { z } from 'zod';
import type { RunResult } from '../define.ts';

const suite = z.enum(['bookworm', 'trixie']);
const subject = z.enum(['cpu', 'memory', 'disk', 'zfs', 'filesystem', 'network', 'kernel', 'guests', 'reach', 'meter']);
const ids = z.array(z.string());
const seconds = z.number().min(0);

const truthSchema = z.strictObject({
  first: ids,
  among: z.array(z.union([z.string(), ids])).optional(),
  allowed: ids.optional(),
  never: ids.optional(),
  status: z.array(z.enum(['healthy', 'identified', 'suspected', 'inconclusive', 'unreachable'])).optional(),
  objects: z.record(z.string(), z.string()).optional(),
  symptoms: ids.optional(),
});

const verdictSchema = z.strictObject({
  status: z.string(),
  summary: z.string(),
  causes: z.array(z.strictObject({ id: z.string(), status: z.string(), probability: z.number().min(0).max(1), objects: ids })),
  noticed: ids,
  symptoms: ids,
});

export const runResultSchema = z
  .strictObject({
    scenario: z.string(),
    variant: z.string(),
    suite,
    repeat: z.number().int().min(1),
    subject,
    kind: z.enum(['fault', 'control', 'double']),
    family: z.string(),
    heldOut: z.boolean(),
    outcome: z.enum(['right', 'wrong', 'not-injected', 'error']),
    failures: ids,
    truth: truthSchema,
    verdict: verdictSchema.optional(),
    seconds: z.strictObject({ boot: seconds, inject: seconds, settle: seconds, investigate: seconds }),
    experiments: z.array(z.strictObject({ id: z.string(), outcome: z.string(), seconds })).optional(),
    hostCpuSeconds: seconds.optional(),
    attempts: z.number().int().min(0),
    startedAt: z.iso.datetime({ offset: true }),
    scenarioHash: z.string(),
    imageHash: z.string(),
    versions: z.record(z.string(), z.string()),
    diagnosedAgain: z.boolean(),
    takenOver: z.boolean().optional(),
  })
  .refine((run) => (run.outcome === 'right') === (run.failures.length === 0), 'a run is right exactly when it has no failures')
  .refine((run) => run.outcome === 'not-injected' || run.outcome === 'error' || run.verdict !== undefined, 'a run that was judged has a verdict');

export const resultsSchema = z.strictObject({ schemaVersion: z.literal(1), results: z.array(runResultSchema) });

/** By scenario, variant, suite, repeat and time, whatever the language of the machine. */
export function compareRuns(a: RunResult, b: RunResult): number {
  for (const key of ['scenario', 'variant', 'suite', 'repeat', 'startedAt'] as const) {
    if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1;
  }
  return 0;
}

/** Names in the order of the alphabet, so that only what changed differs between two files. */
function withSortedNames(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The text of results.json. What it cannot read again it does not write: it throws instead. */
export function serialiseResults(results: readonly RunResult[]): string {
  const ordered = results.toSorted(compareRuns).map((run) => ({ ...run, versions: withSortedNames(run.versions) }));
  return `${JSON.stringify(resultsSchema.parse({ schemaVersion: 1, results: ordered }), undefined, 2)}\n`;
}

/** Reads results.json; throws with what is wrong and where. */
export function parseResults(text: string): RunResult[] {
  const parsed = resultsSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`The results file cannot be used.\n${z.prettifyError(parsed.error)}`);
  return parsed.data.results.sort(compareRuns);
}
