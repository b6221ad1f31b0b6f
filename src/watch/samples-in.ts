import { SamplesRefused } from '../define/sample-refusal.ts';
import type { SampleSink } from '../define/sample.ts';
import type { RecentSamples } from './recent-samples.ts';
import type { Look, SourceProblem } from './sources/look.ts';

/** A trouble of a source, as long as it lasts. */
export interface StandingProblem extends SourceProblem {
  readonly sinceMs: number;
  readonly lastMs: number;
}

/** A problem that a source did not repeat for so long is over, for those that look rarely. */
const forgetMs = 15 * 60_000;
const mostProblems = 5_000;

/** Takes in what sources bring: the last minutes into memory, all into the history; and keeps what was wrong. */
export class SamplesIn {
  readonly #recent: RecentSamples;
  readonly #append: SampleSink | undefined;
  readonly #nowMs: () => number;
  readonly #problems = new Map<string, Map<string, StandingProblem>>();
  readonly #newest = new Map<string, number>();
  #taken = 0;
  #refused = 0;

  constructor(recent: RecentSamples, append: SampleSink | undefined, nowMs: () => number) {
    this.#recent = recent;
    this.#append = append;
    this.#nowMs = nowMs;
  }

  readonly take = async (task: string, { batches, problems }: Look): Promise<void> => {
    const nowMs = this.#nowMs();
    this.#note(task, problems, nowMs);
    for (const batch of batches) {
      this.#recent.append(batch);
      this.#taken += batch.samples.length;
      this.#newest.set(batch.host, Math.max(this.#newest.get(batch.host) ?? 0, batch.timeMs));
      try {
        await this.#append?.(batch);
      } catch (error) {
        if (!(error instanceof SamplesRefused)) throw error;
        this.#refused += batch.samples.length;
      }
    }
  };

  /** What a task said at its last look replaces what it said before. */
  #note(task: string, problems: readonly SourceProblem[], nowMs: number): void {
    const before = this.#problems.get(task);
    if (problems.length === 0) {
      this.#problems.delete(task);
      return;
    }
    if (before === undefined && this.#problems.size >= mostProblems) return;
    const key = ({ host = '', reason }: SourceProblem): string => `${host} ${reason}`;
    this.#problems.set(task, new Map(problems.slice(0, 100).map((one) => [key(one), { ...one, sinceMs: before?.get(key(one))?.sinceMs ?? nowMs, lastMs: nowMs }])));
  }

  /** What is wrong with sources now, the oldest first. */
  problems(): StandingProblem[] {
    const nowMs = this.#nowMs();
    return [...this.#problems.values()].flatMap((ofTask) => [...ofTask.values()]).filter(({ lastMs }) => nowMs - lastMs <= forgetMs).sort((one, other) => one.sinceMs - other.sinceMs);
  }

  /** When a host was last heard of; undefined before the first time. */
  newestMs(host: string): number | undefined {
    return this.#newest.get(host);
  }

  /** Why the history takes none just now, it says itself. */
  stats(): { readonly taken: number; readonly refused: number } {
    return { taken: this.#taken, refused: this.#refused };
  }
}
