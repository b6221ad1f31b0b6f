import type { Change } from '../../define/change.ts';
import { agoText } from '../../lib/duration-text.ts';
import type { Boots } from './boots.probe.ts';

/** A stretch of the host's clock in which it was wrong: what was written with such a time happened `offMs` later (negative: earlier). */
export interface WrongClock {
  readonly fromMs: number;
  readonly toMs: number;
  readonly offMs: number;
}

/** So much a clock is corrected at every boot; less is not worth a line. */
const leastAtBootMs = 120_000;
const bootMs = 900_000;
/** Later, a step of less than this is the clock being kept. */
const leastLaterMs = 2_000;
/** Where nothing tells when a clock was put right, time servers are taken to do so within this time. */
const usuallySetWithinMs = 900_000;
/** A clock is right when it is within this time of what it came to in the end: the first line of a boot is written some seconds after its start. */
const rightMs = 120_000;

/** The stretches of one boot with one setting of the clock each: the wall time at which the machine started, by that setting. */
interface Setting {
  readonly startMs: number;
  readonly fromUptimeMs: number;
  readonly toUptimeMs: number;
}

interface BootClock {
  readonly index: number;
  /** When the machine started, by the clock as it was in the end. */
  readonly startMs: number;
  readonly settings: readonly Setting[];
}

function clockOf({ nowSeconds, uptimeSeconds, clockSteps = [] }: Boots, boot: Boots['journal'][number]): BootClock | undefined {
  const { index, firstSeconds, lastSeconds, lastUptimeSeconds } = boot;
  const endUptime = index === 0 ? uptimeSeconds : lastUptimeSeconds;
  const end = index === 0 ? nowSeconds : lastSeconds;
  if (firstSeconds === undefined || end === undefined || endUptime === undefined) return undefined;
  const startMs = (end - endUptime) * 1_000;
  const steps = clockSteps.filter((step) => step.index === index).toSorted((a, b) => a.uptimeSeconds - b.uptimeSeconds);
  const isSetUnseen = steps.length === 0 && Math.abs(firstSeconds * 1_000 - startMs) > rightMs;
  const edges = isSetUnseen ? [usuallySetWithinMs] : steps.map((step) => step.uptimeSeconds * 1_000);
  const starts = [firstSeconds * 1_000, ...(isSetUnseen ? [startMs] : steps.map((step) => (step.atSeconds - step.uptimeSeconds) * 1_000))];
  const settings = starts.map((setStartMs, at) => ({ startMs: setStartMs, fromUptimeMs: edges[at - 1] ?? 0, toUptimeMs: edges[at] ?? endUptime * 1_000 }));
  return { index, startMs, settings };
}

export function bootClocks(boots: Boots): BootClock[] {
  return boots.journal.flatMap((boot) => clockOf(boots, boot) ?? []);
}

/** When the clock was wrong, in every boot that the journal knows. */
export function wrongClocks(boots: Boots): WrongClock[] {
  return bootClocks(boots).flatMap(({ startMs, settings }) =>
    settings.flatMap((setting): WrongClock[] => {
      const offMs = startMs - setting.startMs;
      return Math.abs(offMs) <= rightMs ? [] : [{ fromMs: setting.startMs + setting.fromUptimeMs, toMs: setting.startMs + setting.toUptimeMs, offMs }];
    }),
  );
}

/** Marks what was written while the clock was wrong. The time may be from another boot, whose clock was right, so both are held possible: it happened between the two. */
export function marked(change: Change, wrong: readonly WrongClock[]): Change {
  const window = wrong.find(({ fromMs, toMs }) => change.atMs >= fromMs && change.atMs <= toMs);
  if (window === undefined) return change;
  const { offMs } = window;
  return { ...change, atMs: Math.min(change.atMs, change.atMs + offMs), precisionMs: Math.max(change.precisionMs, Math.abs(offMs)), clockUncertain: true };
}

/** The steps of the clock that are worth a line. */
export function clockChanges(boots: Boots): Change[] {
  return bootClocks(boots).flatMap(({ settings }) =>
    settings.slice(1).flatMap((setting, at): Change[] => {
      const [before, stepMs] = [settings[at]!, setting.startMs - settings[at]!.startMs];
      if (Math.abs(stepMs) < (before.toUptimeMs <= bootMs ? leastAtBootMs : leastLaterMs)) return [];
      const says = `the clock was set ${stepMs > 0 ? 'forward' : 'back'} by ${agoText(Math.abs(stepMs) / 1_000)}`;
      return [{ atMs: setting.startMs + setting.fromUptimeMs, precisionMs: 1_000, kind: 'clock', what: 'clock', components: ['clock'], says, source: 'boots' }];
    }),
  );
}
