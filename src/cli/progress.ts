import type { CollectEvent } from '../collect/run.ts';
import type { AnyProbe } from '../define/probe.ts';
import type { ExperimentEvent } from '../investigate/experiments.ts';

/** What happens meanwhile, a line a subject, on a terminal only. */
export class Progress {
  readonly #stream: { isTTY?: boolean; write(text: string): unknown };
  readonly #open = new Map<string, { asked: number; answered: number }>();
  readonly #subjectOf = new Map<string, string>();

  constructor(probes: readonly AnyProbe[], stream: { isTTY?: boolean; write(text: string): unknown }) {
    this.#stream = stream;
    for (const probe of probes) {
      if (probe.vantage === 'client') continue;
      this.#subjectOf.set(probe.id, probe.spec.subject);
      const entry = this.#open.get(probe.spec.subject) ?? { asked: 0, answered: 0 };
      entry.asked += probe.sampled ? 2 : 1;
      this.#open.set(probe.spec.subject, entry);
    }
  }

  show(event: CollectEvent): void {
    if (event.kind === 'connected') this.#say('Connected; asking.');
    else if (event.kind === 'window') this.#say(`Waiting ${event.seconds} s between two readings of the counters.`);
    else this.#count(event.output.probe);
  }

  showExperiment(event: ExperimentEvent): void {
    if (event.kind === 'begins') this.#say(`Experiment: ${event.experiment.title}. It ${event.says}.`);
    else if (event.kind === 'ended' && event.run.output.ended !== 'done') this.#say(`It was ended early: ${event.run.output.note || 'no reason is known'}.`);
    if (event.kind === 'ended' && event.run.left.length > 0) this.#say(`It could not remove all that it made. Please run: ${event.run.left.join('; ')}`);
  }

  end(): void {
    this.#open.clear();
  }

  #count(probeId: string): void {
    const subject = this.#subjectOf.get(probeId);
    const entry = subject === undefined ? undefined : this.#open.get(subject);
    if (!subject || !entry) return;
    entry.answered += 1;
    if (entry.answered < entry.asked) return;
    this.#open.delete(subject);
    this.#say(`${subject}: read`);
  }

  #say(text: string): void {
    if (this.#stream.isTTY) this.#stream.write(`  ${text}\n`);
  }
}
