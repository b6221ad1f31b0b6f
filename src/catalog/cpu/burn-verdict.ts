import { tooNoisy, type Finding } from '../../define/experiment.ts';
import { median } from '../../lib/averages.ts';
import { estimate, pairedRatio, type Estimate } from '../../lib/paired.ts';
import type { Burn, Core, Heat } from './burn-text.ts';

/**
 * Twice the time of its like. A busy other thread of the same core, which a virtual machine cannot see, costs up to 1.8 times; favoured cores and a larger cache 1.2.
 * A core that is held at its lowest frequency takes three to five times as long.
 */
const unlikeFrom = 2;
/** Cores whose power differs by more than this are of two kinds. */
const sameKindFactor = 1.2;
/** Above this share of its time another thread of the same core takes part of its power. */
const besideShare = 0.25;
/** As cpu-steal and cpu-thermal-throttling have them: less is harmless. */
const stolenPercent = 15;
const throttledPercent = 10;
/** Under load a processor holds its base frequency, or about 60 % of its highest where no base is told. */
const lowShareOfBase = 0.7;
const usualShareOfHighest = 0.6;

interface Given {
  readonly burns: readonly Burn[];
  readonly cores: readonly Core[];
  readonly heat: Heat;
}

/** Of nothing: not a number, which no estimate takes. */
const middle = (values: readonly number[]): number => median(values) ?? Number.NaN;

/** The kind of each core: by type, then by gaps in power. */
function kindsOf(cores: readonly Core[]): ReadonlyMap<number, number> {
  const kinds = new Map<number, number>();
  let [kind, before] = [0, undefined as Core | undefined];
  for (const core of cores.toSorted((a, b) => a.type.localeCompare(b.type) || a.power - b.power)) {
    if (before !== undefined && (core.type !== before.type || core.power > sameKindFactor * before.power)) kind += 1;
    kinds.set(core.cpu, kind);
    before = core;
  }
  return kinds;
}

/** The burns of each core, the k-th of all cores being of the same round. */
function byCore(burns: readonly Burn[]): ReadonlyMap<number, readonly Burn[]> {
  const cores = new Map<number, Burn[]>();
  for (const burn of burns) cores.set(burn.cpu, [...(cores.get(burn.cpu) ?? []), burn]);
  return cores;
}

const isAlone = ({ besideMs, wallMs }: Burn): boolean => (besideMs ?? 0) <= besideShare * wallMs;

interface Compared {
  readonly cpu: number;
  readonly times: Estimate;
}

/** Processor time of each core against the median of the others of its kind, in the rounds in which it had its core for itself. */
function comparedWithSiblings({ burns, cores }: Given): Compared[] {
  const kinds = kindsOf(cores);
  const all = byCore(burns);
  return [...all].flatMap(([cpu, own]) => {
    const pairs = own.flatMap((burn, round) => {
      const others = [...all].flatMap(([other, list]) => (other !== cpu && kinds.get(other) === kinds.get(cpu) && list[round] !== undefined && isAlone(list[round]) ? [list[round].ranMs] : []));
      return isAlone(burn) && others.length > 0 ? [[burn.ranMs, middle(others)] as const] : [];
    });
    const times = pairedRatio(pairs);
    return times === undefined ? [] : [{ cpu, times }];
  });
}

/** For each round, by a figure of all its burns. */
function perRound(burns: readonly Burn[], figure: (round: readonly Burn[]) => number): Estimate | undefined {
  const all = [...byCore(burns).values()];
  const rounds = Math.max(...all.map((list) => list.length));
  return estimate(Array.from({ length: rounds }, (_, round) => figure(all.flatMap((list) => list[round] ?? []))));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const share = (burns: readonly Burn[], of: (burn: Burn) => number): number => (100 * sum(burns.map(of))) / sum(burns.map(({ wallMs }) => wallMs));

/** The median core's frequency under load as a share of its base; undefined where frequencies are not told. */
function shareOfBase({ burns, cores }: Given): Estimate | undefined {
  const base = new Map(cores.map(({ cpu, baseMhz, maxMhz }) => [cpu, baseMhz ?? (maxMhz === undefined ? undefined : usualShareOfHighest * maxMhz)]));
  return perRound(burns, (round) => middle(round.flatMap(({ cpu, mhz }) => (mhz === undefined || base.get(cpu) === undefined ? [] : [mhz / base.get(cpu)!]))));
}

function clockText({ burns, cores }: Given, clock: Estimate | undefined): string {
  if (clock === undefined) return 'The frequency is not told here.';
  const limits = cores.flatMap(({ limitMhz, maxMhz }) => (limitMhz !== undefined && maxMhz !== undefined && limitMhz < 0.95 * maxMhz ? [limitMhz] : []));
  const limit = limits.length === 0 ? '' : `; the limit set for ${limits.length} of ${cores.length} cores is ${Math.round(middle(limits))} MHz`;
  return `Under this load the clock was ${Math.round(middle(burns.flatMap(({ mhz }) => mhz ?? [])))} MHz, ${Math.round(100 * clock.mean)} % of the base frequency (95 % between ${Math.round(100 * clock.low)} and ${Math.round(100 * clock.high)})${limit}.`;
}

function coresText(slowest: Compared | undefined, count: number): string {
  if (slowest === undefined) return count === 1 ? 'There is one core, and nothing to compare it with.' : `None of ${count} cores had three comparable turns.`;
  const { mean, low, high } = slowest.times;
  return `The slowest of ${count} cores, number ${slowest.cpu}, took ${mean.toFixed(2)} times the processor time of its like for the same work (95 % between ${low.toFixed(2)} and ${high.toFixed(2)}).`;
}

/** The first that holds, from outside to inside: time taken away, heat, a low clock, one core. */
export function burnFinding(given: Given): Finding {
  const { burns, cores, heat } = given;
  const stolen = perRound(burns, (round) => share(round, ({ stolenMs }) => stolenMs));
  const clock = shareOfBase(given);
  const compared = comparedWithSiblings(given);
  const slowest = compared.toSorted((a, b) => b.times.low - a.times.low)[0];
  const count = new Set(burns.map(({ cpu }) => cpu)).size;
  const isHot = (heat.percent >= throttledPercent || (heat.percent === 0 && heat.eventsPerSecond >= 1)) && (clock?.low ?? 0) < 1;
  const outcome = (): string => {
    if (stolen === undefined || (stolen.low < stolenPercent && stolen.high > stolenPercent && stolen.mean > stolenPercent / 2)) return tooNoisy;
    if (stolen.low >= stolenPercent) return 'stolen';
    if (isHot) return 'throttled meanwhile';
    if (clock !== undefined && clock.high <= lowShareOfBase) return 'the clock stays low';
    if (slowest !== undefined && slowest.times.low >= unlikeFrom) return 'a core is unlike its siblings';
    const isClear = count === 1 || (2 * compared.length >= count && compared.every(({ times }) => times.high < unlikeFrom));
    return isClear ? 'all cores alike' : tooNoisy;
  };
  const away = `The machine below took away ${Math.round(stolen?.mean ?? 0)} % of the time, and ${Math.round(share(burns, ({ waitedMs }) => waitedMs))} % went by waiting for other work of this host.`;
  const hot = heat.eventsPerSecond > 0 ? ` The processor was slowed for its temperature ${heat.eventsPerSecond.toFixed(1)} times a second, ${Math.round(heat.percent)} % of the time.` : '';
  return { object: 'host', outcome: outcome(), says: `${coresText(slowest, count)} ${clockText({ burns, cores, heat }, clock)} ${away}${hot}` };
}
