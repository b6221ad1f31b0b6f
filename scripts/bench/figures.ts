/** One figure of the benchmark, with the bound that it must keep. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** One a repetition, in the order of measuring. */
  readonly values: readonly number[];
  readonly median: number;
  /** The median must be below. */
  readonly bound?: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function figure(id: string, title: string, unit: string, values: readonly number[], bound?: number): Figure {
  return { id, title, unit, values, median: median(values), ...(bound === undefined ? {} : { bound }) };
}

export function isBroken({ median: value, bound }: Figure): boolean {
  return bound !== undefined && !(value < bound);
}

function rounded(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 4);
}

/** The figures as a table of fixed columns. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map((one) => [
    one.title,
    `${rounded(one.median)} ${one.unit}`.trim(),
    one.values.length > 1 ? one.values.map(rounded).join(', ') : '',
    one.bound === undefined ? '' : `below ${rounded(one.bound)}: ${isBroken(one) ? 'BROKEN' : 'kept'}`,
  ]);
  const all = [['', 'median', 'runs', 'bound'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map(([title = '', value = '', runs = '', bound = '']) => `${title.padEnd(widths[0]!)}  ${value.padStart(widths[1]!)}  ${runs.padEnd(widths[2]!)}  ${bound}`.trimEnd()).join('\n');
}
