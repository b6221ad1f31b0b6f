import type { Series } from '../../define/series.ts';
import { literal, type Database, type SampleColumns } from './database.ts';
import { lookbackMs, stepSql, type Grid, type Slot } from './grid.ts';
import { matches, matchesSql, type Matcher } from './labels.ts';
import type { OpenDay } from './open-day.ts';

/** Series of one open day that fit, by their numbers in its database. */
interface Fitting {
  readonly day: OpenDay;
  readonly slots: ReadonlyMap<number, Slot>;
  readonly pending: readonly SampleColumns[];
}

/** The last sample of each step out of the sorted files of closed days. */
async function fromDayFiles(database: Database, paths: readonly string[], matcher: Matcher, grid: Grid, signal: AbortSignal | undefined): Promise<void> {
  if (paths.length === 0) return;
  const { condition, values } = matchesSql(matcher);
  const time = 'epoch_ms("time")';
  const sql = `SELECT host, labels, max(${time})::DOUBLE, arg_max(coalesce(value, 'NaN'::DOUBLE), "time")
    FROM read_parquet([${paths.map(literal).join(', ')}])
    WHERE ${condition} AND "time" > epoch_ms(${grid.fromMs - lookbackMs}) AND "time" <= epoch_ms(${grid.toMs})
    GROUP BY host, labels, ${stepSql(grid, time)}`;
  await database.each(sql, values, ([hosts, labels, times, lastValues], rows) => {
    for (let row = 0; row < rows; row += 1) grid.offer(grid.slot(hosts![row] as string, labels![row] as string), times![row] as number, lastValues![row] as number);
  }, signal);
}

/** The same out of the database of an open day: first what came in order, then what came late. */
async function fromOpenDay(database: Database, { day, slots }: Fitting, grid: Grid, signal: AbortSignal | undefined): Promise<void> {
  const ids = [...slots.keys()];
  const [lowest, highest] = [ids.reduce((low, id) => Math.min(low, id)), ids.reduce((high, id) => Math.max(high, id))];
  const millis = `(${day.startMs} + millis::BIGINT)`;
  const where = `series BETWEEN ${lowest} AND ${highest} AND series IN (${ids.join(',')})
    AND millis > ${Math.max(-1, grid.fromMs - lookbackMs - day.startMs)} AND millis <= ${Math.min(86_400_000, grid.toMs - day.startMs)}`;
  const offer = ([series, times, values]: unknown[][], rows: number): void => {
    for (let row = 0; row < rows; row += 1) grid.offer(slots.get(series![row] as number)!, day.startMs + (times![row] as number), values![row] as number);
  };
  const both = ['settled', 'recent'].map((table) => `SELECT * FROM ${day.catalog}.${table} WHERE ${where}`).join(' UNION ALL ');
  await database.each(`SELECT series, max(millis), arg_max(value, millis) FROM (${both}) GROUP BY series, ${stepSql(grid, millis)}`, [], offer, signal);
  await database.each(`SELECT series, millis, arg_max(value, rowid) FROM ${day.catalog}.late WHERE ${where} GROUP BY series, millis`, [], offer, signal);
}

/**
 * Series that fit, out of closed days, open days and memory. `openDays` come in the order in which they count. What is in memory is looked at before the databases are asked: a flush in between then shows
 * samples twice, which does no harm, and never hides them.
 */
export async function readSeries(database: Database, dayFiles: readonly string[], openDays: readonly OpenDay[], matcher: Matcher, grid: Grid, signal: AbortSignal | undefined): Promise<readonly Series[]> {
  const fitting = openDays
    .map((day): Fitting => {
      const entries = day.index.ofMetric(matcher.metric).filter((entry) => matches(matcher, entry));
      return { day, slots: new Map(entries.map((entry) => [entry.id, grid.slot(entry.host, entry.labels)])), pending: day.pendingColumns() };
    })
    .filter(({ slots }) => slots.size > 0);
  await fromDayFiles(database, dayFiles, matcher, grid, signal);
  for (const one of fitting) {
    await fromOpenDay(database, one, grid, signal);
    for (const rows of one.pending) {
      for (let row = 0; row < rows.length; row += 1) {
        const slot = one.slots.get(rows.series[row]!);
        const timeMs = one.day.startMs + rows.millis[row]!;
        if (slot !== undefined && timeMs > grid.fromMs - lookbackMs) grid.offer(slot, timeMs, rows.values[row]!);
      }
    }
  }
  return grid.all();
}
