import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const labelFile = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));

/** One series of the Numenta Anomaly Benchmark. */
export interface LabelledSeries {
  /** `realAWSCloudwatch/ec2_cpu_utilization_24ae8d.csv` */
  readonly name: string;
  readonly category: string;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  /** First and last row of each labelled window. */
  readonly windows: readonly (readonly [first: number, last: number])[];
}

/** `2014-04-10 07:15:00`, with or without fractions; the files name no zone, and are taken for UTC. */
function timeOf(text: string, file: string): number {
  const timeMs = Date.parse(`${text.trim().slice(0, 19).replace(' ', 'T')}Z`);
  if (Number.isNaN(timeMs)) throw new Error(`${file}: not a time: ${text}`);
  return timeMs;
}

/** Reads `labels/combined_windows.json` and the files of `data` that it names. */
export function readLabelledSeries(folder: string): LabelledSeries[] {
  const labels = labelFile.parse(JSON.parse(readFileSync(join(folder, 'labels', 'combined_windows.json'), 'utf8')));
  return Object.entries(labels).map(([name, labelled]) => {
    const rows = readFileSync(join(folder, 'data', name), 'utf8').trim().split(/\r?\n/).slice(1).map((line) => line.split(','));
    const timesMs = Float64Array.from(rows, ([time = '']) => timeOf(time, name));
    const values = Float64Array.from(rows, ([, value = '']) => Number.parseFloat(value));
    if (values.some((value) => !Number.isFinite(value))) throw new Error(`${name}: a value is no number`);
    const windows = labelled.map(([from, to]) => {
      const [first, last] = [timesMs.indexOf(timeOf(from, name)), timesMs.indexOf(timeOf(to, name))] as const;
      if (first < 0 || last < first) throw new Error(`${name}: no rows for the window from ${from} to ${to}`);
      return [first, last] as const;
    });
    return { name, category: name.split('/')[0] ?? '', timesMs, values, windows };
  });
}
