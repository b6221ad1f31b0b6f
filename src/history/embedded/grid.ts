import { UserError } from '../../define/errors.ts';
import type { Series } from '../../define/series.ts';
import { labelsOf } from './labels.ts';

/** How long the last sample counts when none follows (Prometheus, "Querying basics", Staleness). */
export const lookbackMs = 300_000;

/** The last sample of one series in each step. */
export interface Slot {
  readonly host: string;
  readonly labels: string;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/**
 * Collects samples of one metric from several places, and gives each series at every step from `fromMs` to `toMs`: the last sample of up to five minutes before, as a Prometheus answers. Of two samples
 * at one time the one that was offered later counts. A value that is NaN ends its series.
 */
export class Grid {
  readonly fromMs: number;
  readonly stepMs: number;
  /** The last step; the first is 0. */
  readonly lastStep: number;
  readonly #metric: string;
  readonly #limits: { readonly series: number; readonly points: number };
  readonly #slots = new Map<string, Slot>();

  constructor(metric: string, fromMs: number, toMs: number, stepSeconds: number, limits: { readonly series: number; readonly points: number }) {
    if (!Number.isFinite(fromMs) || !Number.isFinite(toMs) || toMs < fromMs) throw new RangeError('a history ends after it begins');
    if (!Number.isFinite(stepSeconds) || stepSeconds < 0.001) throw new RangeError('a step is at least a millisecond');
    this.#metric = metric;
    this.#limits = limits;
    this.fromMs = Math.round(fromMs);
    this.stepMs = Math.round(stepSeconds * 1000);
    this.lastStep = Math.floor((toMs - fromMs) / this.stepMs);
    if (this.lastStep >= limits.points) throw this.#tooLarge(`more than ${limits.points} points`);
  }

  /** The end of the last step. */
  get toMs(): number {
    return this.fromMs + this.lastStep * this.stepMs;
  }

  #tooLarge(says: string): UserError {
    return new UserError('history-too-large', `The history of ${this.#metric.slice(0, 100)} has ${says} in that time.`, 'Ask for a shorter time, a longer step or fewer series.');
  }

  slot(host: string, labels: string): Slot {
    const key = `${host}\n${labels}`;
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    if (this.#slots.size >= this.#limits.series) throw this.#tooLarge(`more than ${this.#limits.series} series`);
    if ((this.#slots.size + 1) * (this.lastStep + 1) > this.#limits.points) throw this.#tooLarge(`more than ${this.#limits.points} points`);
    const slot = { host, labels, timesMs: new Float64Array(this.lastStep + 1).fill(Number.NEGATIVE_INFINITY), values: new Float64Array(this.lastStep + 1) };
    this.#slots.set(key, slot);
    return slot;
  }

  offer(slot: Slot, timeMs: number, value: number): void {
    const step = Math.max(0, Math.ceil((timeMs - this.fromMs) / this.stepMs));
    if (step > this.lastStep || timeMs < slot.timesMs[step]!) return;
    slot.timesMs[step] = timeMs;
    slot.values[step] = value;
  }

  all(): Series[] {
    const series: Series[] = [];
    for (const [, { host, labels, timesMs, values }] of [...this.#slots].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const [times, kept]: [number[], number[]] = [[], []];
      let lastMs = Number.NEGATIVE_INFINITY;
      let last = Number.NaN;
      for (let step = 0; step <= this.lastStep; step += 1) {
        if (timesMs[step]! > lastMs) [lastMs, last] = [timesMs[step]!, values[step]!];
        const atMs = this.fromMs + step * this.stepMs;
        if (Number.isNaN(last) || atMs - lastMs >= lookbackMs) continue;
        times.push(atMs);
        kept.push(last);
      }
      if (times.length > 0) series.push({ metric: this.#metric, labels: labelsOf(host, labels), timesMs: times, values: kept });
    }
    return series;
  }
}

/** SQL for the step that a sample at `timeMs` (an expression) belongs to. */
export function stepSql(grid: Grid, timeMs: string): string {
  return `greatest(0, ((${timeMs}) - ${grid.fromMs} + ${grid.stepMs - 1}) // ${grid.stepMs})`;
}
