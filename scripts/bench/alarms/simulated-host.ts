import type { Sample } from '../../../src/define/sample.ts';
import { seededRandom } from '../../../src/lib/testing.ts';
import { gaussianFrom } from '../../../src/timeline/testing.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Something that is really wrong with a simulated host for a while. */
export interface Trouble {
  readonly kind: 'io-delay' | 'high-load' | 'memory-pressure' | 'swapping' | 'disk-latency';
  readonly fromMs: number;
  readonly toMs: number;
}

interface Character {
  readonly cpus: number;
  /** Per cent of the time, in the middle of a working day. */
  readonly busyPercent: number;
  readonly delayPercent: number;
  /** Share of that at night, and on weekends. */
  readonly nightShare: number;
  readonly weekendShare: number;
  /** Hour of the nightly backup (UTC), how long it takes, and the IO delay that it brings, which nobody minds. */
  readonly backup: { readonly hour: number; readonly hours: number; readonly delayPercent: number };
  readonly latencyMs: number;
  readonly memoryPercent: number;
  readonly swapPagesPerSecond: number;
}

/** Ten hosts of different kinds: quiet homes, offices with days and weekends, a host that always waits a little, one that swaps a little. */
export const characters: readonly Character[] = [
  { cpus: 4, busyPercent: 8, delayPercent: 1, nightShare: 0.7, weekendShare: 1, backup: { hour: 1, hours: 0.5, delayPercent: 4 }, latencyMs: 3, memoryPercent: 0.1, swapPagesPerSecond: 0 },
  { cpus: 8, busyPercent: 45, delayPercent: 4, nightShare: 0.2, weekendShare: 0.3, backup: { hour: 22, hours: 2, delayPercent: 18 }, latencyMs: 6, memoryPercent: 0.5, swapPagesPerSecond: 5 },
  { cpus: 16, busyPercent: 60, delayPercent: 9, nightShare: 0.4, weekendShare: 0.5, backup: { hour: 23, hours: 3, delayPercent: 25 }, latencyMs: 12, memoryPercent: 2, swapPagesPerSecond: 40 },
  { cpus: 4, busyPercent: 25, delayPercent: 14, nightShare: 0.8, weekendShare: 0.9, backup: { hour: 2, hours: 1.5, delayPercent: 30 }, latencyMs: 18, memoryPercent: 4, swapPagesPerSecond: 120 },
  { cpus: 32, busyPercent: 70, delayPercent: 2, nightShare: 0.6, weekendShare: 0.6, backup: { hour: 3, hours: 1, delayPercent: 8 }, latencyMs: 0.6, memoryPercent: 0.2, swapPagesPerSecond: 0 },
  { cpus: 2, busyPercent: 35, delayPercent: 3, nightShare: 0.5, weekendShare: 1.3, backup: { hour: 4, hours: 1, delayPercent: 15 }, latencyMs: 9, memoryPercent: 8, swapPagesPerSecond: 200 },
  { cpus: 12, busyPercent: 20, delayPercent: 0.5, nightShare: 0.9, weekendShare: 1, backup: { hour: 0, hours: 4, delayPercent: 12 }, latencyMs: 2, memoryPercent: 0, swapPagesPerSecond: 0 },
  { cpus: 8, busyPercent: 85, delayPercent: 6, nightShare: 0.9, weekendShare: 0.9, backup: { hour: 5, hours: 0.7, delayPercent: 10 }, latencyMs: 5, memoryPercent: 1, swapPagesPerSecond: 20 },
  { cpus: 6, busyPercent: 30, delayPercent: 7, nightShare: 0.1, weekendShare: 0.1, backup: { hour: 20, hours: 2, delayPercent: 22 }, latencyMs: 8, memoryPercent: 0.3, swapPagesPerSecond: 10 },
  { cpus: 24, busyPercent: 50, delayPercent: 11, nightShare: 0.5, weekendShare: 0.7, backup: { hour: 1.5, hours: 5, delayPercent: 20 }, latencyMs: 15, memoryPercent: 3, swapPagesPerSecond: 60 },
];

/** One host, a look a minute; its numbers depend on its character and the seed alone. */
export class SimulatedHost {
  readonly character: Character;
  readonly troubles: readonly Trouble[];
  readonly #gaussian: () => number;
  readonly #counters = new Map<string, number>();
  readonly #noise = new Map<string, number>();
  #load = 0;

  constructor(character: Character, seed: number, troubles: readonly Trouble[]) {
    this.character = character;
    this.troubles = troubles;
    const random = seededRandom(seed);
    this.#gaussian = gaussianFrom(() => 1 - random());
  }

  /** Wanders around 1 with heavy tails: e to an autoregressive Student's t with four degrees of freedom. */
  #wander(name: string, spread: number): number {
    const gaussian = this.#gaussian;
    const chi = (gaussian() ** 2 + gaussian() ** 2 + gaussian() ** 2 + gaussian() ** 2) / 4;
    const next = 0.8 * (this.#noise.get(name) ?? 0) + (0.6 * gaussian()) / Math.sqrt(Math.max(chi, 0.05));
    this.#noise.set(name, next);
    return Math.exp(Math.min(2.5, Math.max(-2.5, spread * next)));
  }

  #counter(metric: string, labels: Readonly<Record<string, string>>, more: number, timeMs: number): Sample {
    const key = `${metric} ${Object.values(labels).join(' ')}`;
    const value = (this.#counters.get(key) ?? 0) + more;
    this.#counters.set(key, value);
    return { metric, labels, timeMs, value };
  }

  /** What the look at a time brings, of the minute before. */
  look(timeMs: number): Sample[] {
    const { cpus, busyPercent, delayPercent, nightShare, weekendShare, backup, latencyMs, memoryPercent, swapPagesPerSecond } = this.character;
    const hour = (timeMs % dayMs) / hourMs;
    const weekday = Math.floor(timeMs / dayMs + 4) % 7;
    const day = nightShare + (1 - nightShare) * Math.max(0, Math.sin((Math.PI * (hour - 6)) / 14)) ** 0.7 * Number(hour >= 6 && hour <= 20);
    const activity = day * (weekday === 0 || weekday === 6 ? weekendShare : 1);
    const inBackup = (hour - backup.hour + 24) % 24 < backup.hours;
    const ill = (kind: Trouble['kind']): boolean => this.troubles.some((one) => one.kind === kind && one.fromMs <= timeMs && timeMs < one.toMs);
    const delay = Math.min(90, (delayPercent * activity + (inBackup ? backup.delayPercent : 0)) * this.#wander('delay', 0.25) + (ill('io-delay') ? 35 : 0));
    const busy = Math.min(99 - delay, busyPercent * activity * this.#wander('busy', 0.15) + (inBackup ? 8 : 0));
    const wanted = (cpus * (busy + delay)) / 100 + (ill('high-load') ? 3 * cpus : 0);
    this.#load += (wanted * this.#wander('load', 0.2) - this.#load) * (1 - Math.exp(-60 / 300));
    const ios = 20 + 200 * activity + (inBackup ? 300 : 0);
    const ms = latencyMs * (inBackup ? 1.6 : 1) * this.#wander('latency', 0.2) * (ill('disk-latency') ? 15 : 1);
    const swap = swapPagesPerSecond * activity * this.#wander('swap', 0.4) + (ill('swapping') ? 2_500 : 0);
    const pressure = Math.min(100, memoryPercent * activity * this.#wander('memory', 0.4) + (ill('memory-pressure') ? 45 : 0));
    const samples: Sample[] = [{ metric: 'up', labels: { job: 'node', instance: 'host' }, timeMs, value: 1 }, { metric: 'node_load5', labels: {}, timeMs, value: this.#load }];
    for (let cpu = 0; cpu < cpus; cpu += 1) {
      const spends = { iowait: delay, user: busy, idle: 100 - busy - delay };
      for (const [mode, percent] of Object.entries(spends)) samples.push(this.#counter('node_cpu_seconds_total', { cpu: String(cpu), mode }, 0.6 * percent, timeMs));
    }
    const disk = { device: 'sda' };
    samples.push(
      this.#counter('node_disk_reads_completed_total', disk, 30 * ios, timeMs),
      this.#counter('node_disk_writes_completed_total', disk, 30 * ios, timeMs),
      this.#counter('node_disk_read_time_seconds_total', disk, (30 * ios * ms) / 1_000, timeMs),
      this.#counter('node_disk_write_time_seconds_total', disk, (30 * ios * ms) / 1_000, timeMs),
      this.#counter('node_vmstat_pswpin', {}, 60 * swap, timeMs),
      this.#counter('node_vmstat_pswpout', {}, 60 * swap, timeMs),
      this.#counter('node_pressure_memory_waiting_seconds_total', {}, 0.6 * pressure, timeMs),
    );
    return samples;
  }
}

/** Troubles of an hour or two, about three a week, of all kinds by turns, none within twelve hours of another. */
export function troublesOf(seed: number, fromMs: number, toMs: number): Trouble[] {
  const random = seededRandom(seed);
  const kinds = ['io-delay', 'high-load', 'memory-pressure', 'swapping', 'disk-latency'] as const;
  const found: Trouble[] = [];
  let atMs = fromMs + random() * 2 * dayMs;
  for (let index = 0; atMs < toMs - 4 * hourMs; index += 1) {
    const startMs = Math.round(atMs / 60_000) * 60_000;
    found.push({ kind: kinds[(index + seed) % kinds.length]!, fromMs: startMs, toMs: startMs + Math.round(60 + 60 * random()) * 60_000 });
    atMs += 12 * hourMs + 2 * hourMs + random() * 3.5 * dayMs;
  }
  return found;
}
