import { countIn, words } from '../../lib/host-text.ts';

/** What is most of the guest's work. */
export type Takes = 'cpu' | 'io';

/** One stretch of time with the guest free or held up. All are rates by the second. */
export interface Window {
  readonly side: 'free' | 'held';
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly ioBytes: readonly [volumes: number, datasets: number, qemu: number];
  /** Seconds that tasks of others waited, all groups together. */
  readonly waitedForCpu: number;
  readonly waitedForIo: number;
  /** Of the volumes of others; undefined where too few requests ended to tell. */
  readonly latencyMs: number | undefined;
}

export interface Held {
  readonly object: string;
  readonly takes: Takes;
  readonly how: string;
  /** In fours: free, held, held, free. */
  readonly windows: readonly Window[];
  /** Why it ended before its time, or was not done at all. */
  readonly stopped: string | undefined;
}

const fewestRequests = 3;
const readingLength = 9;

function windowOf([, side, ...rest]: readonly string[]): Window | undefined {
  const numbers = rest.map(countIn);
  if ((side !== 'free' && side !== 'held') || numbers.length !== 2 * readingLength || numbers.includes(undefined)) return undefined;
  const [from, to] = [numbers.slice(0, readingLength) as number[], numbers.slice(readingLength) as number[]];
  const grown = (index: number): number => Math.max(0, (to[index] ?? 0) - (from[index] ?? 0));
  const seconds = grown(0) / 1_000;
  if (seconds < 0.1) return undefined;
  return {
    side,
    seconds,
    cpuSeconds: grown(1) / 1e6 / seconds,
    ioBytes: [grown(2) / seconds, grown(3) / seconds, grown(4) / seconds],
    waitedForCpu: grown(5) / 1e6 / seconds,
    waitedForIo: grown(6) / 1e6 / seconds,
    latencyMs: grown(7) >= fewestRequests ? grown(8) / grown(7) : undefined,
  };
}

/** What an experiment that holds a guest up printed; undefined without the line that names the guest. */
export function heldOf(stdout: string): Held | undefined {
  const rows = stdout.split('\n', 300).map((row) => words(row.slice(0, 600)));
  const [, object, takes, how] = rows.find(([word]) => word === 'guest') ?? [];
  if (object === undefined || how === undefined || (takes !== 'cpu' && takes !== 'io')) return undefined;
  const stopped = rows.find(([word]) => word === 'stopped')?.slice(1).join(' ');
  return { object, takes, how, windows: rows.filter(([word]) => word === 'window').flatMap((row) => windowOf(row) ?? []), stopped };
}
