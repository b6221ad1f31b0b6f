import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Case } from '../define/case.ts';
import { baselineFolder, listBaselines, loadBaseline, removeBaseline, storeBaseline } from './baselines.ts';
import { parseTarget } from './target.ts';

const target = (text?: string) => parseTarget(text, { sshOptions: [], sudo: false }) as Parameters<typeof storeBaseline>[1];
const caseAt = (startedAt: string): Case => ({
  caseVersion: 1, culpritVersion: '0.1.0', target: 'root@pve1', startedAt, durationMs: 1, redacted: false, complete: true, givenSymptoms: [],
  connection: { exitStatus: 0, says: '' },
  outputs: [{ probe: 'memory', sample: 1, ended: 'done', exitStatus: 0, durationMs: 1, uptimeSeconds: 1, note: '', stdout: 'x\n' }],
});
const [older, newer] = ['2026-01-02T03:04:05.000Z', '2026-02-03T04:05:06.000Z'];

let home = '';
let folder = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'culprit-baselines-'));
  folder = baselineFolder({}, home);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('the folder of baselines', () => {
  it('follows the XDG Base Directory Specification', () => {
    expect(baselineFolder({}, '/home/a')).toBe('/home/a/.local/share/culprit/baselines');
    expect(baselineFolder({ XDG_DATA_HOME: '/data' }, '/home/a')).toBe('/data/culprit/baselines');
    for (const ignored of ['', 'relative/path']) expect(baselineFolder({ XDG_DATA_HOME: ignored }, '/home/a')).toBe('/home/a/.local/share/culprit/baselines');
  });
});

describe('a baseline', () => {
  it('comes back as it was stored, whoever logs in, and only the user may read it', async () => {
    const path = await storeBaseline(folder, target('root@PVE1'), caseAt(older), {});
    expect(await loadBaseline(folder, target('admin@pve1'), [])).toEqual(caseAt(older));
    expect([statSync(folder).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  it('closes a folder that was open to others', async () => {
    await storeBaseline(folder, target('pve1'), caseAt(older), {});
    chmodSync(folder, 0o755);
    await storeBaseline(folder, target('pve1'), caseAt(newer), {});
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('replaces the last one of its host and of no other', async () => {
    for (const [name, at] of [['root@pve1', older], ['root@pve2', older], ['ssh://root@pve1:2222', older], [undefined, older], ['root@pve1', newer]] as const) await storeBaseline(folder, target(name), caseAt(at), {});
    expect((await listBaselines(folder)).map(({ host, takenAt }) => [host, takenAt])).toEqual([['pve1', newer], ['pve1:2222', older], ['pve2', older], ['this machine', older]]);
    expect(readdirSync(folder)).toHaveLength(4);
  });

  it('that cannot be stored leaves the last one and nothing unfinished', async () => {
    await storeBaseline(folder, target('pve1'), caseAt(older), {});
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    await expect(storeBaseline(folder, target('pve1'), caseAt(newer), circular)).rejects.toThrow('circular');
    expect(await loadBaseline(folder, target('pve1'), [])).toEqual(caseAt(older));
    expect(readdirSync(folder)).toHaveLength(1);
    writeFileSync(join(home, 'file'), '');
    await expect(storeBaseline(join(home, 'file', 'x'), target('pve1'), caseAt(newer), {})).rejects.toMatchObject({ code: 'file-not-writable' });
  });

  it('stays in its folder, whatever its host is called', async () => {
    for (const name of ['a..b', 'fe80::1%eth0', '_x', 'A.example.org']) {
      const path = await storeBaseline(folder, target(name), caseAt(older), {});
      expect(join(path, '..')).toBe(folder);
      expect(await loadBaseline(folder, target(name), [])).toBeDefined();
    }
    expect((await listBaselines(folder)).map(({ host }) => host).sort()).toEqual(['_x', 'a..b', 'a.example.org', 'fe80::1%eth0']);
  });

  it('is missing, damaged or removed', async () => {
    expect(await loadBaseline(folder, target('pve1'), [])).toBeUndefined();
    expect(await listBaselines(folder)).toEqual([]);
    await expect(removeBaseline(folder, target('pve1'))).rejects.toMatchObject({ code: 'baseline-not-found' });
    const path = await storeBaseline(folder, target('pve1'), caseAt(older), {});
    writeFileSync(path, 'damaged');
    await expect(loadBaseline(folder, target('pve1'), [])).rejects.toMatchObject({ code: 'case-not-understood' });
    expect(await listBaselines(folder)).toEqual([{ host: 'pve1', path }]);
    await removeBaseline(folder, target('pve1'));
    expect(existsSync(path)).toBe(false);
  });
});
