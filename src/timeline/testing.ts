/** Gaussian numbers of numbers above 0 and up to 1 (Box and Muller 1958). */
export function gaussianFrom(uniform: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Random numbers for tests, the same each time: Gaussian (Box and Muller 1958) from a linear congruential generator (Numerical Recipes' constants). */
export function gaussians(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return gaussianFrom(uniform);
}

/** Noise of variance 1, of which the given share is left one sample later. */
export function noise(count: number, memory: number, gaussian: () => number): number[] {
  let value = gaussian();
  return Array.from({ length: count }, () => {
    const now = value;
    value = memory * value + Math.sqrt(1 - memory * memory) * gaussian();
    return now;
  });
}

export const stepAt = (values: readonly number[], at: number, size: number): number[] => values.map((value, index) => (index >= at ? value + size : value));

/** A sample a minute from 1970 on. */
export const everyMinute = (count: number): number[] => Array.from({ length: count }, (_, index) => index * 60_000);
