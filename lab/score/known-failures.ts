import { z } from 'zod';
import type { RunResult } from '../define.ts';

const entrySchema = z.strictObject({
  scenario: z.string(),
  /** Left out: all variants; the same for the suite. */
  variant: z.string().optional(),
  suite: z.enum(['bookworm', 'trixie']).optional(),
  /** Why it fails, in plain sentences. */
  note: z.string().min(1),
});

export type KnownFailure = z.infer<typeof entrySchema>;

/** Reads lab/known-failures.json: a list of notes on failing runs. Throws with what is wrong and where. */
export function parseKnownFailures(text: string): KnownFailure[] {
  const parsed = z.array(entrySchema).safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`The list of known failures cannot be used.\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function isAbout(entry: KnownFailure, run: RunResult): boolean {
  return (
    entry.scenario === run.scenario &&
    (entry.variant === undefined || entry.variant === run.variant) &&
    (entry.suite === undefined || entry.suite === run.suite)
  );
}

/** The notes on a run that failed. */
export function notesOn(run: RunResult, known: readonly KnownFailure[]): string[] {
  return run.outcome === 'right' ? [] : known.filter((entry) => isAbout(entry, run)).map((entry) => entry.note);
}

/** Entries to which no failing run belongs: the failure is gone, or the name is wrong. */
export function withoutFailingRun(known: readonly KnownFailure[], results: readonly RunResult[]): KnownFailure[] {
  return known.filter((entry) => !results.some((run) => run.outcome !== 'right' && isAbout(entry, run)));
}
