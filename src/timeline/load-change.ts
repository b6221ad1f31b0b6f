import type { DependencyNode, Load } from '../define/dependency-graph.ts';

/** Less growth than this share is not called a change. */
const leastGrowth = 0.2;
/** How busy a thing is taken to have been whose busyness is not known. */
const busyBefore = 0.5;
/** A queue model says nothing sensible of a thing that is busier than this. */
const busiest = 0.99;

const usable = (value: number | undefined): number | undefined => (value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined);

export const work = (load: Load): number => usable(load.workPerSecond) ?? 0;

/** Growth of the time that a piece of work takes, in seconds; 0 where it fell or is not known at both times. */
export function slowdown({ before, after }: DependencyNode): number {
  const [from, to] = [usable(before.secondsEach), usable(after.secondsEach)];
  return from === undefined || to === undefined ? 0 : Math.max(0, to - from);
}

/** Whether it takes longer by more than the ordinary. */
export function gotSlower(node: DependencyNode): boolean {
  return slowdown(node) > leastGrowth * (usable(node.before.secondsEach) ?? 0);
}

/** Growth of the work by share of what there was: 0.5 for half as much again, Infinity from nothing, 0 where it fell. */
export function workGrowth({ before, after }: Pick<DependencyNode, 'before' | 'after'>): number {
  const [from, to] = [work(before), work(after)];
  if (to <= from) return 0;
  return from > 0 ? to / from - 1 : Infinity;
}

const gotMoreWork = (node: DependencyNode): boolean => workGrowth(node) > leastGrowth;

/** Time that the thing itself works on one piece, without waiting for others: busy time over work done (utilisation law; P. J. Denning and J. P. Buzen, The Operational Analysis of Queueing Network Models, 1978). */
function serviceSeconds(load: Load): number | undefined {
  const busy = usable(load.busyShare);
  return busy === undefined || busy === 0 || work(load) === 0 ? undefined : busy / work(load);
}

/**
 * How much longer a queue with a single server gets by as much more work (M/M/1: time ∝ 1/(1 − busy share); L. Kleinrock, Queueing Systems, 1975), beside how much longer it got, both as logarithms.
 */
function explainedByQueue(growth: number, timesLonger: number): number {
  const expected = (1 - busyBefore) / (1 - Math.min(busiest, busyBefore * (1 + growth)));
  return Math.min(1, Math.log(expected) / Math.log(timesLonger));
}

/**
 * Which part of a slowdown the additional work explains, 0 to 1. Where it is known how busy the thing was at both times: all but the part by which it works longer on each piece; else what a model of a queue
 * expects. A thing that is slower at the same rate explains it by itself: 0.
 */
export function explainedByWork(node: DependencyNode): number {
  if (!gotSlower(node)) return gotMoreWork(node) ? 1 : 0;
  const from = usable(node.before.secondsEach) ?? 0;
  const growth = workGrowth(node);
  if (growth === 0 || from === 0) return growth > leastGrowth ? 1 : 0;
  const timesLonger = (from + slowdown(node)) / from;
  const [served, serves] = [serviceSeconds(node.before), serviceSeconds(node.after)];
  if (served === undefined || serves === undefined) return explainedByQueue(growth, timesLonger);
  return gotMoreWork(node) ? 1 - Math.min(1, Math.max(0, Math.log(serves / served) / Math.log(timesLonger))) : 0;
}
