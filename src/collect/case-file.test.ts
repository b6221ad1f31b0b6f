import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { createTar } from 'nanotar';
import { afterAll, describe, expect, it } from 'vitest';
import type { Case, ProbeOutput } from '../define/case.ts';
import { unpackArchive } from './archive.ts';
import { loadCase, saveCase } from './case-file.ts';
import { assembleScript } from './script.ts';
import { counter, nonce, probe } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'culprit-case-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const place = (end = ''): string => join(folder, `case${count++}${end}`);

const output = (id: string, stdout: string, more: Partial<ProbeOutput> = {}): ProbeOutput =>
  ({ probe: id, sample: 1, ended: 'done', exitStatus: 0, durationMs: 10, uptimeSeconds: 123.45, note: '', stdout, ...more });
const caseOf = (outputs: readonly ProbeOutput[]): Case => ({
  caseVersion: 1, culpritVersion: '0.1.0', target: 'root@pve1', startedAt: '2026-01-02T03:04:05.000Z', durationMs: 4_321, redacted: false, complete: true,
  givenSymptoms: ['io-delay'], connection: { exitStatus: 0, says: 'hello\nthere' }, outputs,
});
const wellFormed = fc.string({ unit: 'binary', maxLength: 2_000 }).map((text) => text.toWellFormed());

describe('a saved case', () => {
  it.each(['', '.tgz', '.tar.gz'])('comes back as it was%s', async (end) => {
    await fc.assert(
      fc.asyncProperty(wellFormed, fc.string({ maxLength: 200 }), async (stdout, note) => {
        const saved = caseOf([output('odd', stdout, { note: note.toWellFormed() }), output('odd', '\ufeff\r\n\0', { sample: 2 }), output('empty', '', { ended: 'stuck', exitStatus: 137 })]);
        const path = place(end);
        await saveCase(saved, path, { verdict: 'x' });
        expect(await loadCase(path, [])).toEqual(saved);
      }),
      { numRuns: 15 },
    );
  });

  it('is a folder that people can read', async () => {
    const path = place();
    await saveCase(caseOf([output('memory', 'MemTotal: 1\n')]), path, {});
    expect(readdirSync(path).sort()).toEqual(['case.json', 'outputs', 'report.json']);
    expect(readdirSync(join(path, 'outputs'))).toEqual(['memory.1.txt']);
  });

  it('lacks what only newer probes ask', async () => {
    const path = place('.tgz');
    await saveCase(caseOf([output('old', 'x')]), path);
    const loaded = await loadCase(path, [probe('old', ':'), counter('new', ':'), probe('outside', ':', { vantage: 'client' })]);
    expect(loaded.outputs.map((one) => `${one.probe}.${one.sample} ${one.ended} ${one.note}`)).toEqual([
      'old.1 done ', 'new.1 lost not part of this case', 'new.2 lost not part of this case',
    ]);
  });

  it.each([true, false])('may be the output of the collector script, whole: %s', async (whole) => {
    const probes = [probe('hello', 'echo hello'), probe('other', 'echo other')];
    const run = spawnSync('sh', { input: assembleScript(probes, { sudo: false, holdInput: false, nonce }), encoding: 'latin1' });
    const path = place('.case');
    writeFileSync(path, `Welcome to the host!\n${run.stdout.slice(0, whole ? undefined : run.stdout.indexOf('probe other'))}`, 'latin1');
    const loaded = await loadCase(path, [...probes, probe('new', ':')]);
    expect(loaded).toMatchObject({ complete: whole, target: path });
    expect(Math.abs(Date.parse(loaded.startedAt) - Date.now())).toBeLessThan(60_000);
    expect(loaded.outputs.map(({ stdout, ended }) => `${ended} ${stdout}`)).toEqual(['done hello\n', whole ? 'done other\n' : 'lost ', 'lost ']);
  });
});

describe('what is not a case', () => {
  const tgz = (files: { name: string; data: string }[]): string => {
    const path = place('.tgz');
    writeFileSync(path, gzipSync(createTar(files)));
    return path;
  };
  const index = (more: object = {}): string => JSON.stringify({ ...caseOf([]), ...more });

  it('is told from what cannot be read', async () => {
    await expect(loadCase(place(), [])).rejects.toMatchObject({ code: 'case-not-readable', message: expect.stringContaining('does not exist') });
    const empty = place();
    mkdirSync(empty);
    await expect(loadCase(empty, [])).rejects.toMatchObject({ code: 'case-not-readable' });
  });

  it.each([
    ['text', () => { const path = place(); writeFileSync(path, 'some text'); return path; }],
    ['no gzip', () => { const path = place('.tgz'); writeFileSync(path, Buffer.from([0x1f, 0x8b, 1, 2, 3])); return path; }],
    ['an archive without an index', () => tgz([{ name: 'x', data: 'y' }])],
    ['broken JSON', () => tgz([{ name: 'case.json', data: '{' }])],
    ['a newer version', () => tgz([{ name: 'case.json', data: index({ caseVersion: 2 }) }])],
    ['other JSON', () => tgz([{ name: 'case.json', data: '[]' }])],
    ['a path that leads out', () => tgz([{ name: 'case.json', data: index({ outputs: [{ ...output('x', ''), file: '../../etc/passwd' }] }) }])],
    ['too many files', () => tgz(Array.from({ length: 1_100 }, (_, number) => ({ name: `outputs/x${number}.1.txt`, data: '' })))],
    ['a bomb', () => { const path = place('.tgz'); writeFileSync(path, gzipSync(Buffer.alloc(40_000_000))); return path; }],
  ])('is refused: %s', async (_name, make) => {
    await expect(loadCase(make(), [])).rejects.toMatchObject({ code: 'case-not-understood', hint: expect.stringContaining('culprit') });
  });

  it('cannot name a file of this machine through a link', async () => {
    const path = place();
    await saveCase(caseOf([output('x', 'y')]), path);
    rmSync(join(path, 'outputs', 'x.1.txt'));
    symlinkSync('/etc/hostname', join(path, 'outputs', 'x.1.txt'));
    await expect(loadCase(path, [])).rejects.toMatchObject({ code: 'case-not-readable' });
  });

  it('is refused in bounded time, whatever its bytes', () => {
    const packed = Buffer.from(createTar([{ name: 'case.json', data: index() }]));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(packed.length - 1), fc.nat(255)), { maxLength: 20 }), (changes) => {
        const bytes = Buffer.from(packed);
        for (const [at, byte] of changes) bytes[at] = byte;
        try {
          unpackArchive(gzipSync(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });

  it('cannot be saved where nothing may be written', async () => {
    await expect(saveCase(caseOf([]), '/proc/nowhere/case.tgz')).rejects.toMatchObject({ code: 'file-not-writable' });
  });
});
