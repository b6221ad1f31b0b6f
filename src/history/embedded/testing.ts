/**
 * For tests: a process that writes samples until it is killed. `node testing.ts FOLDER FIRST-TICK`. Every tick is a quarter of an hour of its own time; after each flush it prints the last tick that is on the disk.
 */
import { openEmbeddedHistory } from './embedded-history.ts';

export const tickMs = 900_000;
export const beganMs = Date.UTC(2026, 10, 20);
export const seriesOfTick = 5;

/** What the sample of a series at a tick is: nothing that could be right by accident. */
export function valueAt(tick: number, series: number): number {
  return tick * 1_000 + series * 7 + 0.125;
}

async function writeForever(folder: string, firstTick: number): Promise<void> {
  let tick = firstTick;
  const history = await openEmbeddedHistory(folder, { flushSeconds: 0, settleRows: 60, graceMinutes: 0, quietMinutes: 0, clock: () => beganMs + tick * tickMs });
  let compaction: Promise<void> | undefined;
  for (; ; tick += 1) {
    const timeMs = beganMs + tick * tickMs;
    const samples = Array.from({ length: seriesOfTick }, (_, series) => ({ metric: 'kill_total', labels: { series: String(series) }, timeMs, value: valueAt(tick, series) }));
    await history.append({ host: 'pve1', timeMs, samples, ended: [] });
    if (tick % 8 === 5) await history.append({ host: 'pve1', timeMs, samples: samples.map((sample) => ({ ...sample, metric: 'late_total', timeMs: timeMs - 3 * tickMs })), ended: [] });
    if (tick % 3 !== 0) continue;
    await history.flush();
    process.stdout.write(`${tick}\n`);
    compaction ??= history.compact().finally(() => {
      compaction = undefined;
    });
  }
}

if (import.meta.main) await writeForever(process.argv[2]!, Number(process.argv[3]));
