/** Sums that give the squared error of any stretch in constant time. Values should be centred, so that the differences of sums keep their digits. */
interface Sums {
  readonly linear: Float64Array;
  readonly squares: Float64Array;
}

function sumsOf(values: readonly number[]): Sums {
  const [linear, squares] = [new Float64Array(values.length + 1), new Float64Array(values.length + 1)];
  for (const [at, value] of values.entries()) {
    linear[at + 1] = linear[at]! + value;
    squares[at + 1] = squares[at]! + value * value;
  }
  return { linear, squares };
}

/** To drop starts costs as much as to compare them, so it is done once in so many samples. */
const pruneEvery = 8;

/**
 * The best segmentation into stretches of constant mean: least sum of squared errors plus `penalty` for each change. PELT by R. Killick, P. Fearnhead and I. A. Eckley (Optimal detection of
 * changepoints with a linear computational cost, JASA 107, 2012): exact; linear in the number of samples where changes keep coming, quadratic where there are none.
 *
 * Gives the indices at which a new stretch begins, ascending, without 0.
 */
export function pelt(values: readonly number[], penalty: number, minSegment: number): number[] {
  const count = values.length;
  if (count < 2 * minSegment) return [];
  const { linear, squares } = sumsOf(values);
  const best = new Float64Array(count + 1).fill(Infinity);
  const previous = new Int32Array(count + 1);
  best[0] = -penalty;
  // The starts that may still win, side by side in memory: this loop is where the time goes.
  const starts = new Int32Array(count + 1);
  const [linearStart, base] = [new Float64Array(count + 1), new Float64Array(count + 1)];
  const totals = new Float64Array(count + 1);
  const beatenAt = new Int32Array(count + 1);
  let open = 0;
  for (let end = minSegment; end <= count; end++) {
    const newest = end - minSegment;
    if (newest === 0 || newest >= minSegment) {
      [starts[open], linearStart[open], base[open]] = [newest, linear[newest]!, best[newest]! - squares[newest]!];
      open += 1;
    }
    const [linearEnd, squaresEnd] = [linear[end]!, squares[end]!];
    let least = Infinity;
    let from = 0;
    for (let index = 0; index < open; index++) {
      const start = starts[index]!;
      const sum = linearEnd - linearStart[index]!;
      const total = base[index]! + squaresEnd - (sum * sum) / (end - start);
      totals[index] = total;
      if (total < least) {
        least = total;
        from = start;
      }
    }
    best[end] = least + penalty;
    previous[end] = from;
    // A start beaten by a whole penalty at `end` cannot win later, once a stretch that begins at `end` is long enough to take its place.
    if (end % pruneEvery !== 0) continue;
    let kept = 0;
    for (let index = 0; index < open; index++) {
      const start = starts[index]!;
      if (beatenAt[start] === 0 && totals[index]! >= least + penalty) beatenAt[start] = end;
      if (beatenAt[start] !== 0 && end + 1 >= beatenAt[start]! + minSegment) continue;
      starts[kept] = start;
      linearStart[kept] = linearStart[index]!;
      base[kept] = base[index]!;
      kept += 1;
    }
    open = kept;
  }
  const changes: number[] = [];
  for (let end = previous[count]!; end > 0; end = previous[end]!) changes.push(end);
  return changes.reverse();
}
