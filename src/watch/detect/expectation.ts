import { z } from 'zod';
import { median } from '../../lib/averages.ts';

const hourMs = 3_600_000;
const weekHours = 168;
/** Weeks of hourly medians that are kept. */
const weeksKept = 5;
const hoursKept = weeksKept * weekHours;
const mostSamplesOfHour = 240;

const hourly = z.number().nullable();

/** What is learnt of the usual course of a metric: bounded, hour by hour. */
export const expectationSchema = z.object({
  /** The hour that is open, in hours since 1970; null before the first sample. */
  hour: z.int().nullable(),
  samples: z.array(z.number()).max(mostSamplesOfHour),
  /** Medians of the hours before, by hour modulo five weeks. */
  medians: z.array(hourly).length(hoursKept),
  /** Typical distance from what was expected, by hour of the day; and over all. */
  spreads: z.array(hourly).length(24),
  spread: hourly,
  /** Mean error so far of each way to foretell an hour, of late. */
  errors: z.object({ level: hourly, day: hourly, week: hourly, hours: z.number() }),
  /** What is foretold for the hour before, this and the next. */
  foretold: z.array(hourly).length(3),
  /** Samples of the hour before. */
  samplesBefore: z.int(),
});
export type ExpectationState = z.infer<typeof expectationSchema>;
export type Season = 'level' | 'day' | 'week';

export const emptyExpectation = (): ExpectationState => ({
  hour: null,
  samples: [],
  medians: Array.from({ length: hoursKept }, () => null),
  spreads: Array.from({ length: 24 }, () => null),
  spread: null,
  errors: { level: null, day: null, week: null, hours: 0 },
  foretold: [null, null, null],
  samplesBefore: 0,
});

const hourOf = (atMs: number): number => Math.floor(atMs / hourMs);
const modulo = (value: number, by: number): number => ((value % by) + by) % by;

/** Medians from `step` hours before an hour on, every `step` hours, as far back as `to`; only those of hours that had passed at `present`. */
function known(state: ExpectationState, hour: number, present: number, to: number, step: number): number[] {
  const values: number[] = [];
  const skipped = Math.max(0, Math.ceil((hour - present + 1) / step) - 1) * step;
  for (let back = skipped + step; back <= skipped + to && hour - back > present - hoursKept; back += step) {
    const value = state.medians[modulo(hour - back, hoursKept)];
    if (value !== null && value !== undefined) values.push(value);
  }
  return values;
}

/** Hours that the level is the median of, and how far back they may lie. */
const levelHours = { wanted: 24, back: 48 } as const;
const dayDays = 10;
const fewestDays = 3;
const fewestWeeks = 2;

/** Three ways to foretell the median of an hour, from the hours before `present`. */
function forecasts(state: ExpectationState, hour: number, present: number): Readonly<Record<Season, number | undefined>> {
  const level = median(known(state, present, present, levelHours.back, 1).slice(0, levelHours.wanted));
  const days = known(state, hour, present, 24 * dayDays, 24);
  const day = days.length < fewestDays ? undefined : median(days);
  const weeks = known(state, hour, present, weekHours * (weeksKept - 1), weekHours);
  const own = weeks.length < fewestWeeks ? undefined : median(weeks);
  return { level, day, week: own === undefined || day === undefined ? undefined : day + ((own - day) * weeks.length) / (weeks.length + 1) };
}

/** A season is believed when what it foretold was that much nearer than the level of late. */
const seasonMustGain = 0.9;
const fewestHoursJudged = 24;

/** What foretold best so far. */
export function seasonOf({ errors }: ExpectationState): Season {
  const { level, day, week, hours } = errors;
  if (hours < fewestHoursJudged || level === null || day === null) return 'level';
  const best = week !== null && week < day ? ('week' as const) : ('day' as const);
  return Math.min(day, week ?? day) < seasonMustGain * level ? best : 'level';
}

/** What the median of an hour is expected to be, as known before `present`. */
export function foretell(state: ExpectationState, hour: number, present: number): number | null {
  const by = forecasts(state, hour, present);
  return by[seasonOf(state)] ?? by.day ?? by.level ?? null;
}

/** Hours over which errors and spreads are averaged. */
const errorHours = 168;
const spreadDays = 8;
/** An hour may raise a spread by at most so many times. */
const mostGrowth = 3;

const towards = (old: number | null, value: number, weight: number): number => (old === null ? value : old + (value - old) * weight);

function spreadTowards(old: number | null, value: number, weight: number): number {
  return towards(old, old !== null && old > 0 ? Math.min(value, mostGrowth * old) : value, weight);
}

function closeHour(state: ExpectationState, hour: number): void {
  const middle = median(state.samples);
  if (middle === undefined) return;
  const { errors } = state;
  const by = forecasts(state, hour, hour);
  if (by.level !== undefined) errors.level = towards(errors.level, Math.abs(middle - by.level), 1 / Math.min(errors.hours + 1, errorHours));
  if (by.day !== undefined && by.level !== undefined) {
    // The errors are compared over the same hours.
    if (errors.day === null) errors.level = Math.abs(middle - by.level);
    errors.hours = errors.day === null ? 1 : errors.hours + 1;
    errors.day = towards(errors.day, Math.abs(middle - by.day), 1 / Math.min(errors.hours, errorHours));
    if (by.week !== undefined) errors.week = towards(errors.week ?? errors.day, Math.abs(middle - by.week), 1 / Math.min(errors.hours, errorHours));
  }
  const expected = state.foretold[1];
  if (expected !== null && expected !== undefined) {
    const off = median(state.samples.map((value) => Math.abs(value - expected))) ?? 0;
    const cell = modulo(hour, 24);
    state.spreads[cell] = spreadTowards(state.spreads[cell] ?? null, off, 1 / spreadDays);
    state.spread = spreadTowards(state.spread, off, 1 / 48);
  }
  state.medians[modulo(hour, hoursKept)] = middle;
  state.samplesBefore = state.samples.length;
  state.samples = [];
}

/** Takes a sample in; `atMs` does not go back. */
export function learn(state: ExpectationState, atMs: number, value: number): void {
  const hour = hourOf(atMs);
  if (state.hour !== null && hour > state.hour) {
    closeHour(state, state.hour);
    for (let skipped = Math.max(state.hour + 1, hour - hoursKept); skipped <= hour; skipped += 1) state.medians[modulo(skipped, hoursKept)] = null;
  }
  if (state.hour === null || hour > state.hour) {
    state.hour = hour;
    state.foretold = [foretell(state, hour - 1, hour), foretell(state, hour, hour), foretell(state, hour + 1, hour)];
  }
  if (state.samples.length === mostSamplesOfHour) state.samples = state.samples.filter((_, index) => index % 2 === 0);
  state.samples.push(value);
}

/** What is expected at a time within the open hour; undefined before anything is known. */
export function expectedAt(state: ExpectationState, atMs: number): number | undefined {
  const [before, now, next] = state.foretold as readonly (number | null)[];
  if (now === null || now === undefined) return median(state.samples);
  if (state.samplesBefore < 4) return now;
  const place = atMs / hourMs - hourOf(atMs) - 0.5;
  const other = (place < 0 ? before : next) ?? now;
  return now + (other - now) * Math.abs(place);
}

/** The same for any hour to come (or a recent one): as far as it can be told from what is known now. */
export function outlookAt(state: ExpectationState, atMs: number): number | undefined {
  if (state.hour === null) return undefined;
  const hour = hourOf(atMs);
  if (hour === state.hour) return expectedAt(state, atMs);
  const now = foretell(state, hour, state.hour);
  if (now === null) return expectedAt(state, state.hour * hourMs);
  if (state.samplesBefore < 4) return now;
  const place = atMs / hourMs - hour - 0.5;
  const other = foretell(state, place < 0 ? hour - 1 : hour + 1, state.hour) ?? now;
  return now + (other - now) * Math.abs(place);
}

/** One hundredth of the level is no movement worth the name. */
const leastShareOfLevel = 0.01;

/** Typical distance of a sample from what is expected at this hour. */
export function spreadAt(state: ExpectationState, atMs: number, level = expectedAt(state, atMs) ?? 0): number {
  const all = state.spread ?? 0;
  const cell = state.spreads[modulo(hourOf(atMs), 24)] ?? all;
  return Math.max(Math.sqrt(cell * all), 0.3 * all, leastShareOfLevel * Math.abs(level), 1e-9);
}
