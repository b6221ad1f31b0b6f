/**
 * What the history of our own costs. `npm run bench:history [-- TICKS FOLDER]`: 2,000 series of the usual kinds, a look every 15 s, 5,000 of them (20.8 h) unless said, each written as it comes; then the day is closed. All is
 * made up, with seeded numbers. Prints bytes a sample, samples a second, what a day's chart takes, and the memory of the process.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sample } from '../src/define/sample.ts';
import { openEmbeddedHistory, type EmbeddedHistory } from '../src/history/embedded/embedded-history.ts';

const seriesCount = 2_000;
const stepMs = 15_000;
const beganMs = Date.UTC(2026, 10, 22);
const ticks = Number(process.argv[2] ?? 5_000);
const folder = mkdtempSync(join(process.argv[3] ?? tmpdir(), 'culprit-bench-history-'));

let state = 20_261_122;
/** In [0, 1) (G. Marsaglia, xorshift32). */
function random(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
}

/** Of ten series three count, three are noisy, two move slowly in whole numbers, two stay. */
const current = Array.from({ length: seriesCount }, () => Math.floor(random() * 1e6));
const names = current.map((_, series) => {
  const kind = series % 10;
  const metric = `node_${kind < 3 ? 'work' : kind < 6 ? 'level' : kind < 8 ? 'slow' : 'constant'}_${Math.floor(series / 40)}${kind < 3 ? '_total' : ''}`;
  return { kind, metric, labels: { device: `sd${Math.floor((series % 40) / 10)}`, mode: String(kind) } };
});
function samplesAt(tick: number): Sample[] {
  return names.map(({ kind, metric, labels }, series) => {
    if (kind < 3) current[series]! += Math.floor(random() * 1_000);
    else if (kind >= 6 && kind < 8 && random() < 0.1) current[series]! += random() < 0.5 ? -1 : 1;
    const value = kind >= 3 && kind < 6 ? current[series]! * (0.8 + 0.4 * random()) : current[series]!;
    return { metric, labels, timeMs: beganMs + tick * stepMs, value };
  });
}

const resident = (): string => `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`;
const percentile = (values: readonly number[], share: number): string => `${[...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!.toFixed(1)} ms`;

/** A chart of a day: 1,000 points of one series, and of all of one metric. */
async function charts(history: EmbeddedHistory, when: string): Promise<void> {
  const stepSeconds = Math.ceil((ticks * stepMs) / 1_000 / 1_000);
  for (const [what, of] of [['one series', { device: 'sd1', mode: '4' }], ['all of a metric', {}]] as const) {
    const times: number[] = [];
    let points = 0;
    for (let turn = 0; turn < 20; turn += 1) {
      const startedAt = performance.now();
      const found = await history.series({ metric: `node_level_${turn}`, labels: of }, beganMs, beganMs + (ticks - 1) * stepMs, stepSeconds);
      times.push(performance.now() - startedAt);
      points = found.reduce((sum, { values }) => sum + values.length, 0);
    }
    console.log(`a day's chart, ${when}, ${what} (${points} points): median ${percentile(times, 0.5)}, 95 % ${percentile(times, 0.95)}`);
  }
}

let nowMs = beganMs;
let [appendMs, flushMs, peakBytes] = [0, 0, 0];
const flushes: number[] = [];
const history = await openEmbeddedHistory(folder, { flushSeconds: 0, clock: () => nowMs });
try {
  console.log(`${seriesCount} series, ${ticks} looks; load of this machine: ${loadavg()[0]!.toFixed(1)}; memory after opening ${resident()}`);
  for (let tick = 0; tick < ticks; tick += 1) {
    nowMs = beganMs + tick * stepMs;
    const samples = samplesAt(tick);
    const startedAt = performance.now();
    await history.append({ host: 'pve1', timeMs: nowMs, samples, ended: [] });
    const appendedAt = performance.now();
    await history.flush();
    const flushedAt = performance.now();
    appendMs += appendedAt - startedAt;
    flushMs += flushedAt - appendedAt;
    flushes.push(flushedAt - appendedAt);
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  }
  const samples = seriesCount * ticks;
  console.log(`append ${(samples / appendMs / 1_000).toFixed(2)} M samples/s, with a flush after each look ${(samples / (appendMs + flushMs) / 1_000).toFixed(2)} M samples/s`);
  console.log(`a flush of ${seriesCount} samples: median ${percentile(flushes, 0.5)}, 99 % ${percentile(flushes, 0.99)}, longest ${percentile(flushes, 1)}; memory at most ${Math.round(peakBytes / 2 ** 20)} MiB`);
  console.log(`open day: ${(history.stats().bytesOnDisk / samples).toFixed(2)} bytes a sample, journal included`);
  await charts(history, 'open day');
  nowMs = beganMs + 2 * 86_400_000;
  const startedAt = performance.now();
  await history.compact();
  console.log(`closing the day: ${((performance.now() - startedAt) / 1_000).toFixed(1)} s; memory ${resident()}`);
  console.log(`closed day: ${(history.stats().bytesOnDisk / samples).toFixed(2)} bytes a sample`);
  await charts(history, 'closed day');
  console.log(`memory at the end ${resident()}; load of this machine: ${loadavg()[0]!.toFixed(1)}`);
} finally {
  await history.close();
  rmSync(folder, { recursive: true, force: true });
}
