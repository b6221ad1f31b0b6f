import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Database, literal } from './database.ts';
import { openEmbeddedHistory } from './embedded-history.ts';
import { beganMs, seriesOfTick, tickMs, valueAt } from './testing.ts';

const kills = Number(process.env.CULPRIT_HISTORY_KILLS ?? 8);

/** Numbers in [0, 1) that are the same in every run (G. Marsaglia, xorshift32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Runs the writer, kills it so long after a number of flushes, and returns the last tick that it said is on the disk. */
function writeAndKill(folder: string, firstTick: number, flushes: number, delayMs: number): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'testing.ts'), folder, String(firstTick)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  let counted = 0;
  child.stdout.on('data', (data: Buffer) => {
    text += data.toString();
    counted = text.split('\n').length - 1;
    if (counted >= flushes) setTimeout(() => child.kill('SIGKILL'), delayMs);
  });
  return new Promise((resolve, reject) => {
    child.once('close', (_code, signal) => {
      const last = text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1);
      if (signal === 'SIGKILL') resolve(Number(last));
      else reject(new Error('the writer has ended by itself'));
    });
  });
}

it(`loses nothing that was flushed, and has nothing twice, after ${kills} kills`, { timeout: 60_000 + kills * 30_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'culprit-history-'));
  const random = seeded(20_261_122);
  let nextTick = 0;
  let flushed = -1;
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      flushed = await writeAndKill(folder, nextTick, 1 + Math.floor(random() * 40), Math.floor(random() * 40));
      const history = await openEmbeddedHistory(folder, { flushSeconds: 0, clock: () => beganMs + flushed * tickMs });
      const found = await history.series({ metric: 'kill_total' }, beganMs, beganMs + (flushed + 100) * tickMs, tickMs / 1000);
      await history.close();
      expect(found.map(({ labels }) => labels.series), `kill ${kill}`).toEqual(Array.from({ length: seriesOfTick }, (_, series) => String(series)));
      for (const [series, { timesMs, values }] of found.entries()) {
        // Whole batches, without a hole, at least to the last one that was flushed.
        expect(timesMs).toEqual(timesMs.map((_, tick) => beganMs + tick * tickMs));
        expect(timesMs.length).toBeGreaterThan(flushed);
        expect(values).toEqual(values.map((_, tick) => valueAt(tick, series)));
      }
      expect(new Set(found.map(({ timesMs }) => timesMs.length)).size).toBe(1);
      nextTick = found[0]!.timesMs.length;
    }
    expect(nextTick).toBeGreaterThan(96);
    const inAYear = await openEmbeddedHistory(folder, { flushSeconds: 0, clock: () => beganMs + 365 * 86_400_000 });
    await inAYear.compact();
    expect(inAYear.stats()).toMatchObject({ openDays: 0, bufferedSamples: 0 });
    await inAYear.close();
    const database = await Database.open({ memoryLimitBytes: 128 * 2 ** 20, threads: 1 }, join(folder, 'tmp'));
    const files = literal(join(folder, 'samples-*.parquet'));
    let counts: unknown[] = [];
    await database.each(`SELECT count(*)::INTEGER, count(DISTINCT (host, metric, labels, "time"))::INTEGER, count(*) FILTER (metric = 'kill_total')::INTEGER, count(*) FILTER (metric = 'late_total')::INTEGER FROM read_parquet(${files})`, [], (columns) => {
      counts = columns.map(([count]) => count);
    });
    database.close();
    expect(counts[0]).toBe(counts[1]);
    expect(counts[2]).toBe(nextTick * seriesOfTick);
    expect(counts[3]).toBeGreaterThanOrEqual(Math.floor((flushed - 5) / 8) * seriesOfTick);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
