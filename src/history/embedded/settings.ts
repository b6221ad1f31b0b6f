import { z } from 'zod';

const mebibyte = 1024 * 1024;

/** Settings of the embedded history, with what is usual. */
export const embeddedSettingsSchema = z.strictObject({
  /** What is lost at most when the process is killed. 0: written only when `flush` is called. */
  flushSeconds: z.number().min(0).max(3600).default(10),
  /** Day files older than this are deleted. */
  retentionDays: z.number().positive().optional(),
  /** The oldest day files are deleted when all files together are larger. */
  retentionBytes: z.number().positive().optional(),
  /** For DuckDB, whatever it does at the same time; the process takes some 150 MB besides. */
  memoryLimitBytes: z.number().min(64 * mebibyte).default(256 * mebibyte),
  threads: z.int().min(1).max(64).default(2),
  /** Of one host at the same time, so that a host that makes up series hurts only itself. */
  maxSeriesPerHost: z.int().min(1).default(20_000),
  /** Samples in memory that are not yet written (16 bytes each). */
  maxBufferedSamples: z.int().min(1).default(4_000_000),
  /** Room on the disk that is left to others: with less, samples are refused. */
  reserveBytes: z.number().min(0).default(64 * mebibyte),
  /** Older samples are dropped: each day that gets one has its file written anew. */
  lateDays: z.number().min(0).max(365).default(7),
  /** A day is closed so long after midnight (UTC). */
  graceMinutes: z.number().min(0).default(10),
  /** Late samples of a closed day are merged into its file when none came for so long. */
  quietMinutes: z.number().min(0).default(60),
  /** Written rows that are put in order at a time, which makes reading of an open day quick. */
  settleRows: z.int().min(1).default(4_000_000),
  maxSeriesPerAnswer: z.int().min(1).default(10_000),
  /** Series times steps. */
  maxPointsPerAnswer: z.int().min(1).default(5_000_000),
});
export type EmbeddedSettings = z.output<typeof embeddedSettingsSchema>;

/** What may be left out of the settings, and the clock (milliseconds since 1970). */
export interface EmbeddedOptions extends z.input<typeof embeddedSettingsSchema> {
  readonly clock: () => number;
}
