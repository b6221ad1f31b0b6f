import type { DependencyNode } from '../define/dependency-graph.ts';
import type { AttributionEnd, AttributionStep } from './attribution.ts';

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const number = (value: number): string => (value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2))));

/** At most three by name. */
function named(shares: AttributionStep['shares']): string {
  const words = shares.slice(0, 3).map(({ id, share }) => `${id} ${percent(share)}`);
  return shares.length > 3 ? `${words.join(', ')}, and ${shares.length - 3} more` : words.join(', ');
}

/** What one step of the walk saw. */
export function stepSentence({ id, lookedAt, shares, unexplained }: Omit<AttributionStep, 'sentence'>): string {
  const down = lookedAt === 'what it waits for';
  if (shares.length === 0) return down ? `Nothing that ${id} waits for got slower.` : `None of those that use ${id} does more than before.`;
  const rest = unexplained >= 0.005 ? `; ${percent(unexplained)} is ${down ? 'its own' : 'from elsewhere'}` : '';
  return `${down ? `How much slower ${id} got comes from` : `The additional work of ${id} comes from`} ${named(shares)}${rest}.`;
}

function workText({ before, after }: DependencyNode): string {
  return `${number(before.workPerSecond)} before, ${number(after.workPerSecond)} since, each second`;
}

function latencyText({ before, after }: DependencyNode): string {
  return before.secondsEach === undefined || after.secondsEach === undefined ? '' : `${number(1_000 * before.secondsEach)} ms before, ${number(1_000 * after.secondsEach)} ms since`;
}

/** Where the walk ended, and why there. */
export function conclusionSentence(node: DependencyNode, end: AttributionEnd, steps: readonly AttributionStep[]): string {
  const { id } = node;
  switch (end) {
    case 'slower by itself':
      return `${id} became slower by itself (${latencyText(node)}): not by more work (${workText(node)}), and not by what it waits for.`;
    case 'brings more work':
      return `${id} brings more work than before: ${workText(node)}.`;
    case 'work from elsewhere':
      return `${id} has more work than before (${workText(node)}), and most of that comes from none of those known to use it.`;
    case 'several alike':
      return `It ends at ${id}: ${named(steps.at(-1)?.shares ?? [])}; none of these alone explains most of the change.`;
    case 'nothing changed':
      return `Nothing stands out at ${id}: neither its work nor how long that takes grew by a fifth.`;
  }
}
