import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const shape = z.tuple([z.int().positive(), z.int().positive()]);
const machineSchema = z.object({
  train: shape,
  test: shape,
  segs: z.array(z.tuple([z.int().nonnegative(), z.int().positive(), z.array(z.int().positive()).min(1)])),
});

/** A stretch of the test part that was labelled as trouble, with the columns of the metrics that showed it. */
export interface Segment {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly metrics: readonly number[];
}

/** One server: metrics without names, a column each, by steps of equal length. */
export interface Machine {
  readonly name: string;
  readonly stepMs: number;
  /** The undisturbed part, and then the part with the segments, which goes on where the first ends. */
  readonly train: readonly (readonly number[])[];
  readonly test: readonly (readonly number[])[];
  readonly segments: readonly Segment[];
}

function columns(file: string, [rows, width]: readonly [number, number]): number[][] {
  const bytes = readFileSync(file);
  if (bytes.length !== rows * width * 4) throw new Error(`${file} has ${bytes.length} bytes where ${rows} rows of ${width} numbers of four bytes are said to be.`);
  return Array.from({ length: width }, (_, column) => Array.from({ length: rows }, (_, row) => bytes.readFloatLE(4 * (row * width + column))));
}

/**
 * A folder with `meta.json` (metrics are numbered from 1 there) and the matrices of each machine, row by row in little-endian float32.
 * Servers of ASD are called omi-*, sampled each 5 minutes; those of SMD machine-*, each minute.
 */
export function readMachines(folder: string): { readonly ASD: Machine[]; readonly SMD: Machine[] } {
  const meta = z.record(z.string().regex(/^[\w-]{1,40}$/), machineSchema).parse(JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')));
  const there = new Set(readdirSync(folder));
  const machines = Object.entries(meta)
    .filter(([name]) => there.has(`${name}.test.f32`))
    .map(([name, { train, test, segs }]): Machine => ({
      name,
      stepMs: name.startsWith('omi-') ? 300_000 : 60_000,
      train: columns(join(folder, `${name}.train.f32`), train),
      test: columns(join(folder, `${name}.test.f32`), test),
      segments: segs.map(([from, to, metrics]) => ({ from, to, metrics: metrics.map((number) => number - 1) })),
    }));
  return { ASD: machines.filter(({ name }) => name.startsWith('omi-')), SMD: machines.filter(({ name }) => name.startsWith('machine-')) };
}
