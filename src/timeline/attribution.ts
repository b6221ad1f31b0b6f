import type { DependencyNode } from '../define/dependency-graph.ts';
import { conclusionSentence, stepSentence } from './attribution-sentences.ts';
import { explainedByWork, gotSlower, slowdown, work, workGrowth } from './load-change.ts';

export interface Share {
  readonly id: string;
  /** Of the change of the thing above, 0 to 1. */
  readonly share: number;
}

export interface AttributionStep {
  readonly id: string;
  /** Down to what it waits for, or up to those that its work comes from. */
  readonly lookedAt: 'what it waits for' | 'where its work comes from';
  /** Largest first; together with `unexplained` they are 1. */
  readonly shares: readonly Share[];
  readonly unexplained: number;
  readonly sentence: string;
}

/**
 * Why the walk ended where it did: it is slower without more work to show for it; it brings more work than before; its additional work comes from none of those known; several share it and none has most;
 * nothing that it could be asked about changed.
 */
export type AttributionEnd = 'slower by itself' | 'brings more work' | 'work from elsewhere' | 'several alike' | 'nothing changed';

export interface Attribution {
  /** Where the walk ended. */
  readonly id: string;
  readonly end: AttributionEnd;
  readonly steps: readonly AttributionStep[];
  readonly sentence: string;
}

/** More than this share is "most". */
const most = 0.5;
/** And so many times that of the next: of twins, the one that happens to have a little more is no more to blame. */
const standsOut = 2;

function leads([first, second]: readonly Share[]): boolean {
  return first !== undefined && first.share > most && first.share >= standsOut * (second?.share ?? 0);
}

function inOrder(shares: readonly Share[]): Share[] {
  return shares.filter(({ share }) => share > 0).toSorted((a, b) => b.share - a.share || (a.id < b.id ? -1 : 1));
}

/** Parts of one change: none negative, together at most `whole`. */
function sharesOf(parts: readonly { readonly id: string; readonly amount: number }[], whole: number): Share[] {
  const sum = parts.reduce((total, { amount }) => total + amount, 0);
  const of = Math.max(whole, sum);
  return inOrder(parts.map(({ id, amount }) => ({ id, share: of > 0 ? Math.min(1, amount / of) : 0 })));
}

/**
 * What of a thing's slowdown comes from each thing that it waits for: that one's slowdown, weighed by its part of their work (a mean latency is the mean of the latencies weighed by work).
 */
function sharesBelow(node: DependencyNode, below: readonly DependencyNode[]): Share[] {
  const amounts = below.map((one) => (work(one.before) + work(one.after)) / 2);
  const largest = Math.max(...amounts, 0);
  const weights = amounts.map((amount) => (largest > 0 ? amount / largest : 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sharesOf(below.map((one, index) => ({ id: one.id, amount: (slowdown(one) * weights[index]!) / sum })), slowdown(node));
}

/** What of a thing's additional work comes from each of those that use it: their parts of all additional work, as far as their work grew by as large a share as its own. */
function sharesAbove(node: DependencyNode, users: readonly DependencyNode[]): Share[] {
  const grown = users.map(({ id, before, after }) => ({ id, amount: Math.max(0, work(after) - work(before)) }));
  const sum = grown.reduce((total, { amount }) => total + amount, 0);
  const total = (of: 'before' | 'after'): number => users.reduce((all, user) => all + work(user[of]), 0);
  const together = workGrowth({ before: { workPerSecond: total('before') }, after: { workPerSecond: total('after') } });
  const own = workGrowth(node);
  const explained = together >= own ? 1 : together / own;
  return explained > 0 ? sharesOf(grown, sum / explained) : [];
}

/**
 * Walks from a symptom to what explains it: first down along what the thing waits for, as long as one of those explains most of its slowdown, and at least twice as much as the next; where that ends, and more work explains the slowdown there (or there is no
 * slowdown but more work), up along those that the work comes from, as long as one brings most of it. Undefined if the graph has no such thing.
 */
export function attribute(nodes: readonly DependencyNode[], symptomId: string): Attribution | undefined {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const start = byId.get(symptomId);
  if (start === undefined) return undefined;
  const steps: AttributionStep[] = [];
  const visited = new Set<string>();
  const look = (node: DependencyNode, lookedAt: AttributionStep['lookedAt'], shares: readonly Share[]): string | undefined => {
    visited.add(node.id);
    const step = { id: node.id, lookedAt, shares, unexplained: Math.max(0, 1 - shares.reduce((sum, { share }) => sum + share, 0)) };
    steps.push({ ...step, sentence: stepSentence(step) });
    return leads(shares) ? shares[0]?.id : undefined;
  };

  let node = start;
  while (gotSlower(node)) {
    const below = [...new Set(node.dependsOn)].flatMap((id) => (visited.has(id) || id === node.id ? [] : (byId.get(id) ?? [])));
    if (below.length === 0) break;
    const first = look(node, 'what it waits for', sharesBelow(node, below));
    if (first === undefined) break;
    node = byId.get(first)!;
  }

  const ended = (end: AttributionEnd): Attribution => ({ id: node.id, end, steps, sentence: conclusionSentence(node, end, steps) });
  if (explainedByWork(node) <= most) {
    if (!gotSlower(node)) return ended('nothing changed');
    const last = steps.at(-1);
    const divided = last?.id === node.id && last.shares.length > 1 && last.unexplained < most;
    return ended(divided ? 'several alike' : 'slower by itself');
  }
  const ascended = new Set<string>();
  for (;;) {
    ascended.add(node.id);
    const users = nodes.filter(({ id, dependsOn }) => dependsOn.includes(node.id) && !ascended.has(id));
    if (users.length === 0) return ended('brings more work');
    const shares = sharesAbove(node, users);
    const first = look(node, 'where its work comes from', shares);
    if (first !== undefined) node = byId.get(first)!;
    else return ended(1 - shares.reduce((sum, { share }) => sum + share, 0) > most ? 'work from elsewhere' : 'several alike');
  }
}
