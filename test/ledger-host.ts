import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, vi } from 'vitest';
import { probe, startScript } from '../src/collect/testing.ts';
import type { Probe } from '../src/define/probe.ts';

vi.setConfig({ testTimeout: 180_000 });

export const shells = ['dash', 'bash', 'busybox sh'];
/** Of this test file; it goes when its tests are over. */
export const folder = mkdtempSync(join(tmpdir(), 'culprit-ledger-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Folders of a host, each in place of the real one; longer names first, so that none is part of another. */
const places = ['/usr/local/lib/', '/usr/local/etc', '/usr/lib/', '/var/log/', '/boot/', '/etc/', '/run/', '/lib/', '/sys/module/', '/sys/fs/cgroup/', '/proc/sys/', '/proc/cmdline'] as const;

/**
 * Asks a host that consists of these files, by the whole script. What counts against the time limit is processor time, and limits within the fragment are far, so that a busy machine does not fail the test; `hurried`
 * keeps those.
 */
export async function ask<T>(shell: string, { id, spec }: Probe<T>, host: string, environment: Readonly<Record<string, string>> = {}, hurried = false): Promise<T> {
  const named = [...places.map((place) => [new RegExp(`(?<![\\w.}])${place}`, 'g'), join(host, place)] as const), [/(?<=find |directory=|-C )\/etc /g, `${host}/etc `] as const];
  const there = named.reduce((text, [place, folderThere]) => text.replaceAll(place, folderThere), spec.sh);
  const sh = hurried ? there : there.replaceAll(/\btimeout [1-9] /g, 'timeout 60 ').replaceAll(/(?<=%%\.\*\} \+ )\d\)\)/g, '600))');
  const run = startScript(['env', ...Object.entries(environment).map(([name, value]) => `${name}=${value}`), ...shell.split(' ')], [probe(id, `${sh}\ntimes >"$TMP/times"\ncat "$TMP/times" >&2`, { timeoutMs: 150_000, maxBytes: spec.maxBytes })]);
  await run.ended;
  const output = run.outputs[0]!;
  expect(output, JSON.stringify(output).slice(0, 600)).toMatchObject({ ended: 'done', exitStatus: 0 });
  const spentSeconds = [...output.note.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
  expect(spentSeconds).toBeGreaterThanOrEqual(0);
  expect(spentSeconds).toBeLessThan(spec.timeoutMs / 2_000);
  const value = spec.parse(output.stdout, { exitStatus: 0 }) as T;
  expect(spec.schema.safeParse(value).error?.message).toBeUndefined();
  return value;
}

/** The files of a host; those under /bin/ are programs. */
export function hostOf(name: string, files: Readonly<Record<string, string | Buffer>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), text, { mode: path.startsWith('/bin/') ? 0o755 : 0o644 });
  }
  return join(folder, name);
}

/** The programs of this host come first. */
export const withPrograms = (host: string, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({ PATH: `${host}/bin:${process.env['PATH']}`, ...more });
