import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { SampleBatch } from '../../define/sample.ts';
import { openEmbeddedHistory, type EmbeddedHistory } from './embedded-history.ts';

const mount = mkdtempSync(join(tmpdir(), 'culprit-full-'));
const mounted = process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', mount]).status === 0;
afterAll(() => {
  if (mounted) spawnSync('umount', [mount]);
  rmSync(mount, { recursive: true, force: true });
});

const beganMs = Date.UTC(2026, 10, 22);
const seriesCount = 2_000;

/** A counter each, whose digits do not compress. */
const valueAt = (tick: number, series: number): number => Math.sin(tick * 7_919 + series * 104_729) * 1e9;
function batchAt(tick: number): SampleBatch {
  const timeMs = beganMs + tick * 15_000;
  return { host: 'pve1', timeMs, ended: [], samples: Array.from({ length: seriesCount }, (_, series) => ({ metric: 'full_total', labels: { series: String(series) }, timeMs, value: valueAt(tick, series) })) };
}

/** Appends and flushes until it is refused; returns the ticks that were taken. */
async function untilRefused(history: EmbeddedHistory, firstTick: number): Promise<{ readonly nextTick: number; readonly error: unknown }> {
  for (let tick = firstTick; tick < firstTick + 2_000; tick += 1) {
    try {
      await history.append(batchAt(tick));
    } catch (error) {
      return { nextTick: tick, error };
    }
    try {
      await history.flush();
    } catch (error) {
      return { nextTick: tick + 1, error };
    }
  }
  throw new Error('the disk was never full');
}

async function hasAll(history: EmbeddedHistory, ticks: number): Promise<void> {
  for (const series of [0, 999, 1_999]) {
    const [found] = await history.series({ metric: 'full_total', labels: { series: String(series) } }, beganMs, beganMs + (ticks - 1) * 15_000, 15);
    expect(found!.values).toEqual(Array.from({ length: ticks }, (_, tick) => valueAt(tick, series)));
  }
}

const skipped = mounted ? '' : ' (skipped: a tmpfs cannot be mounted here, which takes root)';
describe.skipIf(!mounted)(`a full disk${skipped}`, () => {
  it.each([
    ['as long as there is less room than it leaves to others', 2 ** 20],
    ['as the system says it', 0],
  ])('stops collecting, keeps what it took, and goes on when there is room: %s', { timeout: 300_000 }, async (_name, reserveBytes) => {
    const folder = join(mount, `history-${reserveBytes}`);
    mkdirSync(folder);
    const filler = join(mount, 'filler');
    // Of the 12 MiB, 2 MiB are left for the history until it stops.
    const free = statfsSync(mount).bavail * statfsSync(mount).bsize;
    writeFileSync(filler, Buffer.alloc(Math.max(0, free - reserveBytes - 2 * 2 ** 20)));
    const history = await openEmbeddedHistory(folder, { flushSeconds: 0, reserveBytes, clock: () => beganMs + 43_200_000 });
    const { nextTick, error } = await untilRefused(history, 0);
    expect(error).toMatchObject({ name: 'SamplesRefused', reason: 'disk-full' });
    expect(history.stats().refusal).toBe(error);
    await expect(history.append(batchAt(nextTick))).rejects.toMatchObject({ reason: 'disk-full' });
    await expect(history.flush()).rejects.toMatchObject({ reason: 'disk-full' });
    await hasAll(history, nextTick);
    rmSync(filler);
    await history.flush();
    expect(history.stats().refusal).toBeUndefined();
    for (const tick of [nextTick, nextTick + 1]) await history.append(batchAt(tick));
    await history.flush();
    await hasAll(history, nextTick + 2);
    await history.close();
    const again = await openEmbeddedHistory(folder, { flushSeconds: 0, reserveBytes, clock: () => beganMs + 43_200_000 });
    await hasAll(again, nextTick + 2);
    await again.close();
    rmSync(folder, { recursive: true });
  });
});
