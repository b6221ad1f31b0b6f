import type { Sample } from '../../../define/sample.ts';
import { bounded, forTerminal } from '../../../lib/hostile-text.ts';
import { diskstats, network, sensors, spaces, zfs } from './device-samples.ts';
import type { SamplerFrame } from './frames.ts';
import { loadavg, meminfo, pressure, stat, uname, vmstat } from './kernel-samples.ts';

export type Sections = ReadonlyMap<string, readonly string[]>;
/** Takes one value; none where the host gave none. `unit` is what one of the host's units is. */
export type Write = (metric: string, labels: Readonly<Record<string, string>>, value: number | undefined, unit?: number) => void;

/** A host with thousands of guests has some ten thousand. */
export const maxFrameSamples = 50_000;

/** The samples of a frame, under node_exporter's names and with its labels. Total and bounded, whatever the host sends. */
export function samplesOf({ sections }: SamplerFrame, timeMs: number): Sample[] {
  const samples: Sample[] = [];
  const write: Write = (metric, labels, value, unit = 1) => {
    if (value === undefined || !Number.isFinite(value) || samples.length >= maxFrameSamples) return;
    const harmless = Object.fromEntries(Object.entries(labels).map(([name, text]) => [name, bounded(forTerminal(text), 300)]));
    // A thousandth of a number that is whole is not exact in binary: 12 digits are more than any counter here has.
    samples.push({ metric, labels: harmless, timeMs, value: unit < 1 ? Math.round(value * unit * 1e6) / 1e6 : value * unit });
  };
  for (const part of [uname, stat, loadavg, meminfo, vmstat, pressure, diskstats, network, zfs, spaces, sensors]) part(sections, write);
  return samples;
}
