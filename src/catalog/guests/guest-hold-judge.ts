import { tooNoisy, type Finding } from '../../define/experiment.ts';
import { mean } from '../../lib/averages.ts';
import { estimate, pairedRatio } from '../../lib/paired.ts';
import type { Held, Window } from './guest-hold-text.ts';

/** The guest must really have done so much less. */
const mostLeft = 2 / 3;
/** So many seconds a second less that others wait: one of them no longer waits a tenth of its time. */
const feltSeconds = 0.1;
/** And of what they waited before, at most this is left. */
const mostWaitLeft = 0.6;
const latencyTimes = 1.5;
const enoughWindows = 8;
/** Quicker than this nobody feels it. */
const feltLatencyMs = 5;

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Neighbours in time, free and held: of each four the first two and the last two. */
function pairsOf(windows: readonly Window[]): readonly (readonly [free: Window, held: Window])[] {
  const pairs: [Window, Window][] = [];
  for (let index = 0; index + 1 < windows.length; index += 2) {
    const [one, other] = [windows[index]!, windows[index + 1]!];
    if (one.side === 'free' && other.side === 'held') pairs.push([one, other]);
    else if (one.side === 'held' && other.side === 'free') pairs.push([other, one]);
  }
  return pairs;
}

/** What it does: its processor time, or its bytes by the first measure that sees any. */
function ownRate(held: Held, pairs: readonly (readonly [Window, Window])[]): (window: Window) => number {
  if (held.takes === 'cpu') return ({ cpuSeconds }) => cpuSeconds;
  const source = ([0, 1, 2] as const).find((index) => mean(pairs.map(([free]) => free.ioBytes[index])) > 0) ?? 0;
  return ({ ioBytes }) => ioBytes[source];
}

type Judged = 'better' | 'same' | 'unclear';

function waits(pairs: readonly (readonly [Window, Window])[], of: (window: Window) => number): { readonly judged: Judged; readonly free: number; readonly held: number } | undefined {
  const less = estimate(pairs.map(([free, held]) => of(free) - of(held)));
  if (less === undefined) return undefined;
  const [free, held] = [mean(pairs.map(([one]) => of(one))), mean(pairs.map(([, one]) => of(one)))];
  const judged = less.low >= feltSeconds && held <= mostWaitLeft * free ? 'better' : less.high < Math.max(feltSeconds, (1 - mostWaitLeft) * free) ? 'same' : 'unclear';
  return { judged, free, held };
}

function latencies(pairs: readonly (readonly [Window, Window])[]): { readonly judged: Judged; readonly free: number; readonly held: number } | undefined {
  const known = pairs.flatMap(([free, held]) => (free.latencyMs === undefined || held.latencyMs === undefined ? [] : [[Math.max(free.latencyMs, 0.01), Math.max(held.latencyMs, 0.01)] as const]));
  const times = known.length === pairs.length ? pairedRatio(known) : undefined;
  if (times === undefined) return undefined;
  const [free, held] = [mean(known.map(([one]) => one)), mean(known.map(([, one]) => one))];
  const judged = times.low >= latencyTimes && free >= feltLatencyMs ? 'better' : times.high < latencyTimes || free < feltLatencyMs ? 'same' : 'unclear';
  return { judged, free, held };
}

/** Whether others were better off while the guest was held up. */
export function findingOfHold(held: Held): Finding {
  const { object, takes, how, windows, stopped } = held;
  const whole = windows.slice(0, windows.length - (windows.length % 4));
  const pairs = pairsOf(whole);
  const notApplied = (why: string): Finding => ({ object, outcome: 'not applied', says: `${object} was not held back (${how}): ${why}.` });
  // What was measured until then stands where it is enough.
  if (stopped !== undefined && whole.length < enoughWindows) return notApplied(stopped.slice(0, 200));
  const own = ownRate(held, pairs);
  const wait = waits(pairs, takes === 'cpu' ? ({ waitedForCpu }) => waitedForCpu : ({ waitedForIo }) => waitedForIo);
  if (wait === undefined) return notApplied('too little could be measured');
  const [before, during] = [mean(pairs.map(([free]) => own(free))), mean(pairs.map(([, one]) => own(one)))];
  const fell = before > 0 ? 1 - during / before : how === 'frozen' ? 1 : 0;
  const what = takes === 'cpu' ? 'processor time' : 'input and output';
  if (1 - fell > mostLeft) return notApplied(`its ${what} fell by ${percent(Math.max(0, fell))} only`);
  const disks = takes === 'io' ? latencies(pairs) : undefined;
  const text = `With ${percent(fell)} less ${what} for ${object} (${how}), the others waited ${percent(wait.held)} instead of ${percent(wait.free)} of the time of one of them for ${takes === 'cpu' ? 'a processor' : 'I/O'}${
    disks === undefined ? '' : `, and their volumes answered within ${disks.held.toFixed(1)} ms instead of ${disks.free.toFixed(1)} ms`
  }.`;
  const judged = [wait.judged, ...(disks === undefined ? [] : [disks.judged])];
  const outcome = judged.includes('better') ? 'others are well without it' : judged.includes('unclear') ? tooNoisy : 'makes no difference';
  return { object, outcome, says: text };
}
