import { statfsSync } from 'node:fs';
import { SamplesRefused } from '../../define/sample-refusal.ts';

const mebibytes = (bytes: number): string => `${Math.round(bytes / (1024 * 1024))} MiB`;

/** Throws when less than `bytes` are free for a user who is not root. */
export function checkRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free < bytes) throw new SamplesRefused('disk-full', `The disk of ${folder} is full: ${mebibytes(free)} are free, ${mebibytes(bytes)} are needed. No samples are kept until there is room.`);
}

/** What went wrong with writing, for the caller. */
export function refusalOf(error: unknown, folder: string): SamplesRefused {
  if (error instanceof SamplesRefused) return error;
  const words = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT' || /No space left|Disk quota exceeded/i.test(words)) {
    return new SamplesRefused('disk-full', `The disk of ${folder} is full. No samples are kept until there is room.`, undefined, { cause: error });
  }
  return new SamplesRefused('disk-fails', `Samples cannot be written to ${folder}: ${words.split('\n', 1)[0]!.slice(0, 300)}`, undefined, { cause: error });
}
