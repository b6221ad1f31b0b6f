import { z } from 'zod';

/** Exit statuses by which a fragment tells what it found out about itself, through the words absent, denied and need. */
export const reservedExitStatus = { absent: 120, denied: 121, notInstalled: 127 } as const;

/** How the note of a probe begins that ended well, but left a command of its own behind that cannot be killed: the word left_behind. */
export const leftBehindNote = 'left behind: ';

/** What became of one run of one probe's shell fragment. Where and why it failed is judged from these fields alone. */
export const outputSchema = z.object({
  probe: z.string(),
  /** 1, or 2 for the second reading of a counter probe. */
  sample: z.union([z.literal(1), z.literal(2)]),
  /**
   * `done`; `timed-out`: killed on its time limit; `stuck`: not killable, left behind; `too-large`: cut at its bound;
   * `skipped`: not started, `note` says why; `lost`: the connection ended before its answer.
   */
  ended: z.enum(['done', 'timed-out', 'stuck', 'too-large', 'skipped', 'lost']),
  exitStatus: z.number().int(),
  durationMs: z.number().nonnegative(),
  /** The host's /proc/uptime when it started, in seconds. */
  uptimeSeconds: z.number().nonnegative(),
  note: z.string(),
  stdout: z.string(),
});
export type ProbeOutput = z.infer<typeof outputSchema>;

/** Everything about a case but the outputs' texts, which lie beside it as files of their own. */
export const caseIndexSchema = z.object({
  caseVersion: z.literal(1),
  culpritVersion: z.string(),
  /** The target as reports name it. */
  target: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  redacted: z.boolean(),
  /** True when the answers arrived to the end. */
  complete: z.boolean(),
  /** What the user said is wrong, besides what the evidence shows. */
  givenSymptoms: z.array(z.string()),
  /** What ssh itself said on the way, bounded and without secrets. */
  connection: z.object({ exitStatus: z.number().int().nullable(), says: z.string() }),
  outputs: z.array(outputSchema.omit({ stdout: true }).extend({ file: z.string() })),
});
export type CaseIndex = z.infer<typeof caseIndexSchema>;

/** The answers of a host to all that was asked, as they came: enough to make the report again without the host. */
export interface Case extends Omit<CaseIndex, 'outputs'> {
  readonly outputs: readonly ProbeOutput[];
}
