import { seededRandom } from '../score/statistics.ts';
import { victims, type Kill } from './kill.ts';

/** Kills at random moments, each experiment and victim as often as the others; `lastSeconds` is how long an experiment takes. */
export function scheduleKills(experiments: readonly { readonly id: string; readonly lastSeconds: number }[], count: number, seed: number): Kill[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const experiment = experiments[index % experiments.length]!;
    const victim = victims[Math.floor(index / experiments.length) % victims.length]!;
    return { experiment: experiment.id, victim, afterSeconds: Math.round(random() * experiment.lastSeconds * 100) / 100 };
  });
}
