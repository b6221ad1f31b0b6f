import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Sample, SampleBatch } from '../../define/sample.ts';
import { Database, literal } from './database.ts';
import { openEmbeddedHistory, type EmbeddedHistory } from './embedded-history.ts';
import type { EmbeddedOptions } from './settings.ts';

const day = 86_400_000;
const minute = 60_000;
const beganMs = Date.UTC(2026, 10, 22);
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
let folder = '';
let nowMs = beganMs;
let opened: EmbeddedHistory[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'culprit-history-'));
  nowMs = beganMs;
  opened = [];
});
afterEach(async () => {
  for (const history of opened) await history.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedHistory> {
  const history = await openEmbeddedHistory(folder, { flushSeconds: 0, threads: 1, memoryLimitBytes: 64 * 2 ** 20, ...options, clock: () => nowMs });
  opened.push(history);
  return history;
}

/** Samples of one series, `[time, value]`; the name is a gauge's unless it says otherwise. */
const samplesOf = (points: readonly (readonly [number, number])[], metric = 'node_load1', labels: Record<string, string> = {}): Sample[] => points.map(([timeMs, value]) => ({ metric, labels, timeMs, value }));
const batch = (samples: readonly Sample[], host = 'pve1', ended: SampleBatch['ended'] = []): SampleBatch => ({ host, timeMs: nowMs, samples, ended });
const minutely = async (history: EmbeddedHistory, fromMs: number, count: number, metric = 'node_load1'): Promise<readonly (readonly [number, number])[]> => {
  const series = await history.series({ metric }, fromMs, fromMs + (count - 1) * minute, 60);
  return (series[0]?.timesMs ?? []).map((timeMs, index) => [(timeMs - fromMs) / minute, series[0]!.values[index]!]);
};

async function rowsOfDayFiles(sql: string): Promise<unknown[][]> {
  const database = await Database.open({ memoryLimitBytes: 64 * 2 ** 20, threads: 1 }, join(folder, 'tmp'));
  const rows: unknown[][] = [];
  await database.each(sql.replace('FILES', `read_parquet(${literal(join(folder, 'samples-*.parquet'))})`), [], (columns, count) => {
    for (let row = 0; row < count; row += 1) rows.push(columns.map((column) => column[row]));
  });
  database.close();
  return rows;
}

describe('values', () => {
  it('of gauges have four significant digits, those of counters and points in time all', async () => {
    const history = await open();
    const value = 1_234_567.891;
    const names = ['node_memory_free_bytes', 'node_cpu_seconds_total', 'node_boot_time_seconds', 'latency_seconds_bucket', 'queue_count', 'odd_name'];
    await history.append(batch(names.map((metric) => ({ metric, labels: {}, timeMs: nowMs, value, ...(metric === 'odd_name' && { isCounter: true }), ...(metric === 'queue_count' && { isCounter: false }) }))));
    const read = await Promise.all(names.map(async (metric) => (await history.series({ metric }, nowMs, nowMs, 15))[0]!.values[0]));
    expect(read).toEqual([1_235_000, value, value, value, 1_235_000, value]);
  });

  it('that are no finite numbers are left out, and so are impossible names and times', async () => {
    const history = await open();
    await history.append(batch([...samplesOf([[nowMs, Number.NaN], [nowMs, Number.POSITIVE_INFINITY], [nowMs - 30 * day, 1], [nowMs + day, 1], [Number.NaN, 1], [nowMs, 3]]), ...samplesOf([[nowMs, 1]], 'a\nb'), ...samplesOf([[nowMs, 1]], 'a', { 'b"': 'c' })]));
    expect(history.stats()).toMatchObject({ takenSamples: 1, dropped: { notFinite: 2, outOfTime: 3, malformed: 2 } });
    expect(await minutely(history, nowMs, 1)).toEqual([[0, 3]]);
  });
});

describe('time', () => {
  it('may go back: the last of two samples at one time counts, before and after flush, opening and compaction', async () => {
    let history = await open();
    nowMs = beganMs + 20 * minute;
    await history.append(batch(samplesOf([[beganMs, 1], [beganMs + 2 * minute, 2], [beganMs + minute, 7], [beganMs + 2 * minute, 5]])));
    const expected = [[0, 1], [1, 7], [2, 5]];
    expect(await minutely(history, beganMs, 3)).toEqual(expected);
    await history.flush();
    await history.append(batch(samplesOf([[beganMs + minute, 8]])));
    const later = [[0, 1], [1, 8], [2, 5]];
    expect(await minutely(history, beganMs, 3)).toEqual(later);
    await history.close();
    history = await open();
    expect(await minutely(history, beganMs, 3)).toEqual(later);
    await history.append(batch(samplesOf([[beganMs + 2 * minute, 6]])));
    nowMs = beganMs + 2 * day;
    await history.compact();
    expect(history.stats()).toMatchObject({ openDays: 0, closedDays: 1 });
    expect(await minutely(history, beganMs, 3)).toEqual([[0, 1], [1, 8], [2, 6]]);
    expect(await rowsOfDayFiles('SELECT count(*)::INTEGER FROM FILES')).toEqual([[3]]);
  });

  it('that is days old goes to its own day’s file, and is merged with it', async () => {
    const history = await open();
    await history.append(batch([...samplesOf([[beganMs, 1], [beganMs + minute, 2]]), ...samplesOf([[beganMs, 1]], 'node_load5')]));
    nowMs = beganMs + 3 * day;
    await history.compact();
    await history.append(batch([...samplesOf([[beganMs + minute, 4], [beganMs + 2 * minute, 3], [nowMs, 9]]), ...samplesOf([[beganMs, 6]], 'node_load15')]));
    expect(await minutely(history, beganMs, 3)).toEqual([[0, 1], [1, 4], [2, 3]]);
    expect(history.stats()).toMatchObject({ openDays: 2, closedDays: 1 });
    await history.compact();
    expect(history.stats()).toMatchObject({ openDays: 1, closedDays: 1 });
    expect(await minutely(history, beganMs, 3)).toEqual([[0, 1], [1, 4], [2, 3]]);
    expect(await history.metrics('pve1')).toEqual(['node_load1', 'node_load15', 'node_load5']);
    expect(await rowsOfDayFiles('SELECT metric, epoch_ms("time")::DOUBLE, value FROM FILES')).toEqual([
      ['node_load1', beganMs, 1], ['node_load1', beganMs + minute, 4], ['node_load1', beganMs + 2 * minute, 3], ['node_load15', beganMs, 6], ['node_load5', beganMs, 1],
    ]);
  });

  it('ends a series where its source says so, and no sooner', async () => {
    const history = await open();
    for (const at of [0, 1]) await history.append(batch(samplesOf([[beganMs + at * minute, at]])));
    nowMs = beganMs + 2 * minute;
    await history.append(batch([], 'pve1', [{ metric: 'node_load1', labels: {} }]));
    expect(await minutely(history, beganMs, 10)).toEqual([[0, 0], [1, 1]]);
    nowMs = beganMs + 4 * minute;
    await history.append(batch(samplesOf([[nowMs, 4]])));
    const expected = [[0, 0], [1, 1], [4, 4], [5, 4], [6, 4], [7, 4], [8, 4]];
    expect(await minutely(history, beganMs, 20)).toEqual(expected);
    nowMs = beganMs + 2 * day;
    await history.compact();
    expect(await minutely(history, beganMs, 20)).toEqual(expected);
    expect(await rowsOfDayFiles('SELECT value FROM FILES')).toEqual([[0], [1], [null], [4]]);
  });

  it('of a clock that jumps ahead by years deletes one day file and not all', async () => {
    const history = await open({ retentionDays: 3 });
    for (let at = 0; at < 4; at += 1) {
      nowMs = beganMs + at * day + 30 * minute;
      await history.append(batch(samplesOf([[nowMs, at]])));
      await history.compact();
    }
    expect(readdirSync(folder).filter((name) => name.endsWith('.parquet'))).toEqual(['samples-2026-11-22.parquet', 'samples-2026-11-23.parquet', 'samples-2026-11-24.parquet']);
    nowMs = Date.UTC(2040, 0, 1);
    await history.compact();
    expect(readdirSync(folder).filter((name) => name.endsWith('.parquet'))).toEqual(['samples-2026-11-23.parquet', 'samples-2026-11-24.parquet', 'samples-2026-11-25.parquet']);
  });
});

describe('files', () => {
  it('of a day are sorted, complete, and read by DuckDB as they are', async () => {
    const history = await open({ settleRows: 700 });
    for (let at = 0; at < 60; at += 1) {
      nowMs = beganMs + at * minute;
      for (const host of ['pve2', 'pve1']) await history.append(batch(['sdb', 'sda'].flatMap((device) => samplesOf([[nowMs, at]], 'node_disk_io_now', { device, b: 'ü' }).concat(samplesOf([[nowMs, at + 0.5]], 'node_disk_reads_total', { device }))), host));
      await history.flush();
    }
    nowMs = beganMs + day + 5 * minute;
    await history.compact();
    expect(existsSync(join(folder, 'samples-2026-11-22.parquet')), 'within the time of grace').toBe(false);
    nowMs = beganMs + day + 10 * minute;
    await history.compact();
    const rows = await rowsOfDayFiles('SELECT host, metric, labels, epoch_ms("time")::DOUBLE, value FROM FILES');
    expect(rows).toHaveLength(60 * 8);
    const keys = rows.map(([host, metric, labels, time]) => [host, metric, labels, String(time as number)].join(' '));
    expect(keys).toEqual([...keys].sort());
    expect(rows[0]).toEqual(['pve1', 'node_disk_io_now', '{"b":"ü","device":"sda"}', beganMs, 0]);
    expect(await rowsOfDayFiles('SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM FILES)')).toEqual([['host', 'VARCHAR'], ['metric', 'VARCHAR'], ['labels', 'VARCHAR'], ['time', 'TIMESTAMP'], ['value', 'DOUBLE']]);
    expect(await history.hosts()).toEqual(['pve1', 'pve2']);
    expect((await history.ofHost('pve2').series({ metric: 'node_disk_io_now', labels: { device: 'sda' } }, beganMs, beganMs, 60)).map(({ labels }) => labels)).toEqual([{ b: 'ü', device: 'sda', instance: 'pve2' }]);
    expect(readdirSync(folder).filter((name) => !name.startsWith('lock') && name !== 'tmp')).toEqual(['samples-2026-11-22.parquet']);
  });

  it('past their retention in bytes are deleted, the oldest first', async () => {
    const history = await open({ retentionBytes: 1 });
    await history.append(batch(samplesOf([[nowMs, 1]])));
    nowMs += 2 * day;
    await history.append(batch(samplesOf([[nowMs, 2]])));
    await history.compact();
    expect(history.stats()).toMatchObject({ closedDays: 0, openDays: 1 });
    expect(await minutely(history, beganMs, 1)).toEqual([]);
    expect(await minutely(history, nowMs, 1)).toEqual([[0, 2]]);
  });

  it('that were left half made are cleared away, and a day that is already in its file is not read twice', async () => {
    let history = await open();
    await history.append(batch(samplesOf([[beganMs, 1]])));
    await history.close();
    const database = readdirSync(folder).find((name) => name.startsWith('open-'))!;
    const copy = mkdtempSync(join(tmpdir(), 'culprit-copy-'));
    spawnSync('cp', [join(folder, database), copy]);
    nowMs = beganMs + 2 * day;
    history = await open();
    await history.compact();
    await history.close();
    // As if the process had died between naming the file and removing the database.
    spawnSync('cp', [join(copy, database), folder]);
    rmSync(copy, { recursive: true });
    for (const name of ['samples-2026-11-22.parquet.new', 'open-2026-11-23-1.duckdb.new', 'open-2026-11-20-1.duckdb.wal']) writeFileSync(join(folder, name), 'half');
    history = await open();
    expect(readdirSync(folder).sort()).toEqual(['lock.duckdb', 'samples-2026-11-22.parquet', 'tmp']);
    expect(await minutely(history, beganMs, 1)).toEqual([[0, 1]]);
  });

  it('that are damaged are named', async () => {
    writeFileSync(join(folder, 'samples-2026-11-22.parquet'), 'not a Parquet file');
    const history = await open();
    await expect(history.series({ metric: 'node_load1' }, beganMs, beganMs, 60)).rejects.toMatchObject({ code: 'history-damaged', message: expect.stringContaining('samples-2026-11-22.parquet') });
    writeFileSync(join(folder, 'open-2026-11-23-1.duckdb'), 'not a database, though long enough for somebody to believe it '.repeat(500));
    await history.close();
    await expect(open()).rejects.toMatchObject({ code: 'history-damaged', message: expect.stringContaining('open-2026-11-23-1.duckdb') });
  });
});

describe('a host with too many series', () => {
  const many = (count: number, from = 0): Sample[] => Array.from({ length: count }, (_, index) => ({ metric: 'made_up', labels: { number: String(from + index) }, timeMs: nowMs, value: 1 }));

  it('is refused as a whole, and hurts no other', async () => {
    const history = await open({ maxSeriesPerHost: 100 });
    await history.append(batch(many(100)));
    for (const samples of [many(101), many(1, 100), many(1_000_000)]) await expect(history.append(batch(samples))).rejects.toMatchObject({ reason: 'too-many-series', host: 'pve1' });
    await history.append(batch(many(100), 'pve2'));
    nowMs += minute;
    await history.append(batch(many(100)));
    expect(history.stats()).toMatchObject({ takenSamples: 300, bufferedSamples: 300 });
    expect(history.stats().refusal).toBeUndefined();
  });

  it('may have others when some have ended, up to ten times as many a day', async () => {
    const history = await open({ maxSeriesPerHost: 100 });
    let round = 0;
    for (; round < 10; round += 1) {
      nowMs += minute;
      await history.append(batch(many(100, round * 100), 'pve1', round === 0 ? [] : many(100, (round - 1) * 100)));
    }
    await expect(history.append(batch(many(100, 1_000), 'pve1', many(100, 900)))).rejects.toMatchObject({ reason: 'too-many-series' });
  });
});

it('takes no more than it may hold in memory', async () => {
  const history = await open({ maxBufferedSamples: 3 });
  await history.append(batch(samplesOf([[nowMs, 1], [nowMs + 1, 1]])));
  await expect(history.append(batch(samplesOf([[nowMs + 2, 1], [nowMs + 3, 1]])))).rejects.toMatchObject({ reason: 'too-fast' });
  await history.flush();
  await history.append(batch(samplesOf([[nowMs + 2, 1], [nowMs + 3, 1]])));
});

it('flushes by itself, and answers only what is asked in bounds', async () => {
  const history = await open({ flushSeconds: 0.05, maxSeriesPerAnswer: 2, maxPointsPerAnswer: 100 });
  await history.append(batch(['a', 'b', 'c'].flatMap((device) => samplesOf([[nowMs, 1]], 'node_disk_io_now', { device }))));
  await expect.poll(() => history.stats(), { timeout: 10_000 }).toMatchObject({ bufferedSamples: 0, lastFlushMs: nowMs });
  await expect(history.series({ metric: 'node_disk_io_now' }, nowMs, nowMs, 60)).rejects.toMatchObject({ code: 'history-too-large' });
  await expect((async () => history.series({ metric: 'x' }, 0, nowMs, 1))()).rejects.toMatchObject({ code: 'history-too-large' });
});
