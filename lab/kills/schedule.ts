import { victims, type Kill } from './kill.ts';

/** Mulberry32: the same moments for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Kills at random moments, each experiment and victim as often as the others; `lastSeconds` is how long an experiment takes. */
export function scheduleKills(experiments: readonly { readonly id: string; readonly lastSeconds: number }[], count: number, seed: number): Kill[] {
  const random = randomOf(seed);
  return Array.from({ length: count }, (_, index) => {
    const experiment = experiments[index % experiments.length]!;
    const victim = victims[Math.floor(index / experiments.length) % victims.length]!;
    return { experiment: experiment.id, victim, afterSeconds: Math.round(random() * experiment.lastSeconds * 100) / 100 };
  });
}
