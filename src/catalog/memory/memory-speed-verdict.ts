import { tooNoisy, type Finding } from '../../define/experiment.ts';
import { pairedRatio, type Estimate } from '../../lib/paired.ts';
import { countText } from '../kernel/number-text.ts';
import type { Errors, Fill } from './memory-speed-text.ts';

/** Twice the time of the other nodes. One more module in a channel, or a neighbour that reads much, costs less than that; a node that lost channels or is slowed for heat more. */
const slowFrom = 2;
/** Where filling the cache takes this much longer as well, the core is slow and not the memory. */
const coreSlowFrom = 1.5;

interface Given {
  readonly fills: readonly Fill[];
  readonly before: Errors;
  readonly after: Errors;
  /** Nodes that had too little free memory. */
  readonly full: readonly string[];
}

interface Compared {
  readonly node: number;
  readonly memory: Estimate;
  readonly cache: Estimate;
}

function timesOf(fills: readonly Fill[], where: Fill['where']): ReadonlyMap<number, readonly number[]> {
  const times = new Map<number, number[]>();
  for (const fill of fills) if (fill.where === where) times.set(fill.node, [...(times.get(fill.node) ?? []), fill.seconds]);
  return times;
}

/** The time of a node against the geometric mean of the others, round by round. */
function against(times: ReadonlyMap<number, readonly number[]>, node: number): Estimate | undefined {
  const others = [...times].filter(([other]) => other !== node).map(([, list]) => list);
  const pairs = (times.get(node) ?? []).map((seconds, round) => [seconds, Math.exp(others.reduce((sum, list) => sum + Math.log(list[round] ?? Number.NaN), 0) / others.length)] as const);
  return others.length === 0 ? undefined : pairedRatio(pairs);
}

function compared(fills: readonly Fill[]): Compared[] {
  const [memory, cache] = [timesOf(fills, 'memory'), timesOf(fills, 'cache')];
  return [...memory.keys()].flatMap((node) => {
    const [slower, core] = [against(memory, node), against(cache, node)];
    return slower === undefined || core === undefined ? [] : [{ node, memory: slower, cache: core }];
  });
}

const grown = (before: number | undefined, after: number | undefined): number => Math.max(0, (after ?? 0) - (before ?? 0));

export function memoryFinding({ fills, before, after, full }: Given): Finding {
  const nodes = new Set(fills.map(({ node }) => node)).size;
  const all = compared(fills);
  const slowest = all.toSorted((a, b) => b.memory.low - a.memory.low)[0];
  const [corrected, uncorrected, interrupts] = [grown(before.corrected, after.corrected), grown(before.uncorrected, after.uncorrected), grown(before.interrupts, after.interrupts)];
  const isCounted = after.corrected !== undefined;
  const outcome = (): string => {
    if (corrected + uncorrected + interrupts > 0) return 'errors were corrected meanwhile';
    if (slowest !== undefined && slowest.memory.low >= slowFrom && slowest.cache.high < coreSlowFrom) return 'a memory node is slow';
    const isClear = nodes === 1 || (all.length === nodes && all.every(({ memory, cache }) => memory.high < slowFrom || cache.low >= coreSlowFrom));
    return !isClear ? tooNoisy : isCounted ? 'memory is well' : 'memory is well, errors not counted';
  };
  const speed = slowest === undefined
    ? nodes === 1 ? 'There is one memory node, and nothing to compare its speed with.' : 'The nodes could not be compared.'
    : `The slowest of ${nodes} memory nodes, node ${slowest.node}, takes ${slowest.memory.mean.toFixed(2)} times as long to fill as the others (95 % between ${slowest.memory.low.toFixed(2)} and ${slowest.memory.high.toFixed(2)}), and its core fills its cache in ${slowest.cache.mean.toFixed(2)} times the time of theirs.`;
  const errors = isCounted ? `Meanwhile ${countText(corrected, 'memory error was', 'memory errors were')} corrected and ${uncorrected} not.` : 'Nothing counts memory errors here.';
  const told = interrupts === 0 ? '' : ` The processors told of ${countText(interrupts, 'hardware error', 'hardware errors')} by interrupt.`;
  const left = full.length === 0 ? '' : ` Left out for want of free memory: node ${full.join(', ')}.`;
  return { object: 'host', outcome: outcome(), says: `${speed} ${errors}${told}${left}` };
}
