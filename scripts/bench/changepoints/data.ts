import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Annotations } from './score.ts';

const seriesFile = z.object({ name: z.string(), n_obs: z.int(), n_dim: z.int(), series: z.array(z.object({ raw: z.array(z.number().nullable()) })).min(1) });
const annotationFile = z.record(z.string(), z.record(z.string(), z.array(z.int())));

export interface AnnotatedSeries {
  readonly name: string;
  readonly values: readonly number[];
  readonly annotations: Annotations;
}

export interface AnnotatedData {
  readonly series: readonly AnnotatedSeries[];
  /** Left out, and why. */
  readonly leftOut: readonly string[];
}

/** The series of the Turing Change Point Dataset in a folder: `annotations.json`, and one JSON file a series. */
export function readAnnotatedData(folder: string): AnnotatedData {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const annotations = annotationFile.parse(read('annotations.json'));
  const [series, leftOut]: [AnnotatedSeries[], string[]] = [[], []];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'annotations.json').sort()) {
    const { name, n_dim: dimensions, series: columns } = seriesFile.parse(read(file));
    const raw = columns[0]!.raw;
    const values = raw.filter((value) => value !== null);
    const marked = annotations[name];
    if (dimensions !== 1) leftOut.push(`${name} (${dimensions} values a sample)`);
    else if (values.length < raw.length) leftOut.push(`${name} (${raw.length - values.length} samples missing, left out of the published figures too)`);
    else if (marked === undefined) leftOut.push(`${name} (no annotations)`);
    else series.push({ name, values, annotations: marked });
  }
  return { series, leftOut };
}
