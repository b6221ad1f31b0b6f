import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import attribution, { type AttributedChange } from '../src/catalog/changes/attribution.fact.ts';
import { catalog } from '../src/catalog/index.ts';
import { loadCase } from '../src/collect/case-file.ts';
import { objectNames } from '../src/diagnose/objects.ts';
import { readingsOfCase } from '../src/diagnose/readings.ts';

const folder = join(import.meta.dirname, 'hosts');
const expectationSchema = z.object({ kind: z.string(), truth: z.object({ first: z.array(z.string()), objects: z.record(z.string(), z.string()).optional() }) });

/** Causes that slow down what waits for a guest, a disk or a pool: the others (a limit, a sick sensor, a full file system) change nobody's latency or work on storage. */
const slowing = ['disk-slow', 'guest-io-hog', 'guest-cpu-hog', 'backup-job-running', 'zfs-scrub-running', 'zfs-resilver-running', 'zfs-trim-running', 'disks-slow-together'];

interface Judged {
  readonly name: string;
  readonly wanted: string | undefined;
  readonly found: AttributedChange | undefined;
  readonly hit: boolean;
}

async function judge(file: string): Promise<Judged[]> {
  const { kind, truth } = expectationSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  const cause = truth.first.find((id) => slowing.includes(id));
  if (kind === 'control' || cause === undefined) return [];
  const aCase = await loadCase(join(folder, dirname(file), 'case.tgz'), catalog.probes);
  const readings = readingsOfCase(catalog, aCase);
  const host = readings.read(catalog.hostIdentity);
  const result = readings.read(attribution);
  const found = result.status === 'ok' ? result.value : undefined;
  const named = objectNames(host.status === 'ok' ? host.value.hostname : undefined);
  const wanted = truth.objects?.[cause];
  // Where no single thing is at fault, none may be named: the pool with all its disks alike is right.
  const hit = found !== undefined && (wanted === undefined ? found.end === 'several alike' && found.object.startsWith('storage/') : named(found.object) === wanted);
  return [{ name: dirname(file), wanted, found, hit }];
}

describe('attribution on recorded hosts', async () => {
  const judged = (await Promise.all(globSync('*/expect.json', { cwd: folder }).sort().map(judge))).flat();

  it('has cases of both kinds', () => {
    expect(judged.length).toBeGreaterThanOrEqual(9);
    expect(judged.filter(({ wanted }) => wanted?.startsWith('disk/')).length).toBeGreaterThanOrEqual(3);
  });

  it('ends at what was really at fault in 9 of 10', () => {
    const wrong = judged.filter(({ hit }) => !hit).map(({ name, wanted, found }) => `${name}: ${found?.object ?? 'nothing'} (${found?.end ?? '-'}), not ${wanted ?? 'all alike'}`);
    expect(judged.length - wrong.length, wrong.join('; ')).toBeGreaterThanOrEqual(0.9 * judged.length);
  });

  it.each(judged)('tells $name in a sentence with figures', ({ found }) => {
    expect(found?.says).toMatch(/\d/);
    expect(found?.says).not.toMatch(/undefined|NaN|Infinity/);
  });
});
