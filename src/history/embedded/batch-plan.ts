import { SamplesRefused } from '../../define/sample-refusal.ts';
import type { SampleBatch } from '../../define/sample.ts';
import { dayMs, dayOf, type Day } from './day.ts';
import { labelsText } from './labels.ts';
import type { OpenDay } from './open-day.ts';
import { entryKey, type SeriesEntry, type SeriesName } from './series-index.ts';
import type { EmbeddedSettings } from './settings.ts';
import { isExact } from './stored-value.ts';

/** Samples that were left out of batches that were taken, by reason. */
export interface Dropped {
  /** NaN and the infinities. */
  notFinite: number;
  /** Far in the future, or older than what is still taken. */
  outOfTime: number;
  /** Names that no exposition can have, or that are endless. */
  malformed: number;
}

/** One sample that is to be taken, or the end of a series. */
interface Wanted {
  readonly key: string;
  readonly name: SeriesName;
  readonly exact: boolean;
  readonly timeMs: number;
  readonly value: number | 'ended';
}

/** Clocks differ a little; Prometheus takes as much (scrape: ErrTooFarInTheFuture). */
const futureMs = 600_000;
const longestMetric = 512;
const longestLabels = 16_384;
/** A host's series within a day, ended ones too, may be so many times those that it may have at once. */
const churn = 10;

const lineEnd = /[\r\n\0]/;

/** What of a batch can be kept, by day. What cannot is counted. */
export function planBatch(batch: SampleBatch, settings: EmbeddedSettings, nowMs: number, dropped: Dropped): Map<Day, Wanted[]> {
  const host = batch.host.toWellFormed();
  if (host === '' || lineEnd.test(host)) throw new TypeError('a host has a name, of one line');
  if (batch.samples.length + batch.ended.length > settings.maxSeriesPerHost * churn) throw tooMany(host, batch.samples.length, settings.maxSeriesPerHost);
  const byDay = new Map<Day, Wanted[]>();
  const [earliest, latest] = [nowMs - settings.lateDays * dayMs, nowMs + futureMs];
  const want = (metric: string, labels: Readonly<Record<string, string>>, at: number, value: number | 'ended', isCounter?: boolean): void => {
    const timeMs = Math.trunc(at);
    const text = labelsText(labels);
    if (!(timeMs >= earliest && timeMs <= latest)) dropped.outOfTime += 1;
    else if (text === undefined || text.length > longestLabels || metric === '' || metric.length > longestMetric || lineEnd.test(metric)) dropped.malformed += 1;
    else {
      const name = { host, metric: metric.toWellFormed(), labels: text };
      const day = dayOf(timeMs);
      const list = byDay.get(day);
      const wanted = { key: entryKey(name), name, exact: isExact(metric, isCounter), timeMs, value };
      if (list === undefined) byDay.set(day, [wanted]);
      else list.push(wanted);
    }
  };
  for (const { metric, labels } of batch.ended) want(metric, labels, batch.timeMs, 'ended');
  for (const { metric, labels, timeMs, value, isCounter } of batch.samples) {
    if (Number.isFinite(value)) want(metric, labels, timeMs, value, isCounter);
    else dropped.notFinite += 1;
  }
  return byDay;
}

function tooMany(host: string, count: number, limit: number): SamplesRefused {
  return new SamplesRefused('too-many-series', `${host} brings more series than the ${limit} that one host may have (${count}). Its samples are not kept.`, host);
}

/** Throws when the host would have more series than one may. Nothing has been taken then. */
function checkSeries(day: OpenDay, wanted: readonly Wanted[], limit: number): void {
  /** Series that will be alive or not other than they are now. */
  const then = new Map<string, boolean>();
  let [live, fresh] = [0, 0];
  for (const { key, value } of wanted) {
    const entry = day.index.find(key);
    const before = then.get(key) ?? (entry === undefined ? undefined : !entry.ended);
    const after = value !== 'ended';
    if (before === after) continue;
    if (before === undefined) fresh += 1;
    live += Number(after) - Number(before ?? false);
    then.set(key, after);
  }
  const host = wanted[0]!.name.host;
  const count = day.index.countOf(host);
  const [liveThen, totalThen] = [count.live + live, count.total + fresh];
  if ((live > 0 && liveThen > limit) || (fresh > 0 && totalThen > limit * churn)) throw tooMany(host, Math.max(liveThen, Math.ceil(totalThen / churn)), limit);
}

/** Takes what was planned, all of it or nothing. */
export function takePlanned(plan: ReadonlyMap<Day, readonly Wanted[]>, dayFor: (day: Day) => OpenDay, settings: EmbeddedSettings, nowMs: number): number {
  for (const [day, wanted] of plan) checkSeries(dayFor(day), wanted, settings.maxSeriesPerHost);
  let taken = 0;
  for (const [day, wanted] of plan) {
    const open = dayFor(day);
    for (const { key, name, exact, timeMs, value } of wanted) {
      const entry: SeriesEntry = open.index.find(key) ?? open.index.add(name, exact, -1, value === 'ended');
      open.take(entry, timeMs, value, nowMs);
      if (value !== 'ended') taken += 1;
    }
  }
  return taken;
}
