/** Disjoint sets of the numbers below `size`, by path halving and union towards the smaller number (R. E. Tarjan and J. van Leeuwen 1984). */
export interface DisjointSets {
  readonly find: (item: number) => number;
  readonly unite: (one: number, other: number) => void;
}

export function disjointSets(size: number): DisjointSets {
  const parents = Array.from({ length: size }, (_, index) => index);
  const find = (item: number): number => {
    let at = item;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  };
  const unite = (one: number, other: number): void => {
    const [a, b] = [find(one), find(other)];
    if (a !== b) parents[Math.max(a, b)] = Math.min(a, b);
  };
  return { find, unite };
}
