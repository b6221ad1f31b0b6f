import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import loadAverage from '../src/catalog/cpu/load-average.probe.ts';
import type { Experiment } from '../src/define/experiment.ts';
import { toResult } from '../src/define/result.ts';
import type { Source } from '../src/define/source.ts';
import type { RunningVersions } from '../src/define/versions.ts';
import { loadIssue } from '../src/diagnose/issues/load.ts';
import { matchIssueOn } from '../src/diagnose/issues/match.ts';
import { kinds, writeUnit, WrongUsage } from './new/write-unit.ts';

const repository = join(import.meta.dirname, '..');

/** A checkout with the contracts of this one, and of its catalogue only what the templates build on. */
function makeCheckout(): string {
  const root = mkdtempSync(join(tmpdir(), 'culprit-new-'));
  mkdirSync(join(root, 'src/catalog/cpu'), { recursive: true });
  for (const path of ['node_modules', 'package.json', 'src/define', 'src/lib']) symlinkSync(join(repository, path), join(root, path));
  for (const path of ['src/catalog/cpu/load-average.probe.ts', 'src/catalog/alarms']) cpSync(join(repository, path), join(root, path), { recursive: true });
  return root;
}

const root = makeCheckout();
afterAll(() => rmSync(root, { recursive: true }));

const names: Partial<Record<string, string>> = { symptom: 'meter/target-missing', issue: 'meter/PVK-9200-short-name' };
const written = kinds.map((kind) => ({ kind, where: names[kind] ?? `meter/new-${kind}` })).map((one) => ({ ...one, path: writeUnit(root, [one.kind, one.where]) }));

async function unitsOf(kind: string): Promise<unknown[]> {
  const paths = written.filter((one) => one.kind === kind).map(({ path }) => join(root, path));
  return Promise.all(paths.map(async (path) => ((await import(path)) as { default: unknown }).default));
}

const units = Object.fromEntries(await Promise.all(kinds.filter((kind) => kind !== 'issue').map(async (kind) => [kind, await unitsOf(kind)] as const)));
const { probe: probes, fact: facts, symptom: symptoms, hypothesis: hypotheses, mitigation: mitigations, experiment: experiments, figure: figures, alarm: alarms } = units;

vi.doMock('../src/catalog/catalog.generated.ts', () => ({ probes, facts, symptoms, hypotheses, mitigations, experiments, figures, alarms }));
// Registers the catalogue's own tests for the units that were just written.
await import('../src/catalog/catalog.test.ts');

describe('what the templates make', () => {
  it('lies where the catalogue expects it', () => {
    for (const { kind, path } of written) expect(path).toMatch(kind === 'issue' ? /^src\/catalog\/meter\/issues\/pvk-9200-short-name\.issue\.md$/ : /^src\/catalog\/meter\/[a-z-]+\.[a-z]+\.ts$/);
  });

  it('compiles', () => {
    const compilerOptions = { typeRoots: [join(repository, 'node_modules/@types')] };
    writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ extends: join(repository, 'tsconfig.json'), compilerOptions, include: ['src/catalog/meter'] }));
    const tsc = spawnSync(join(repository, 'node_modules/.bin/tsc'), ['--noEmit', '-p', root], { encoding: 'utf8' });
    expect(tsc).toMatchObject({ stdout: '', status: 0 });
  });

  it('the known issue matches what it says', () => {
    const file = 'src/catalog/meter/issues/pvk-9200-short-name.issue.md';
    const loaded = loadIssue(readFileSync(join(root, file), 'utf8'), file, [loadAverage as Source]);
    if (!('issue' in loaded)) throw new Error(loaded.problems.join('\n'));
    const { examples } = loaded.issue;
    const matched = [...examples.match, ...examples.noMatch].map(({ given: { versions, ...given } }) => {
      const values = new Map(Object.entries(given).map(([name, value]) => [name, toResult(value)]));
      return matchIssueOn(loaded.issue, values, versions as RunningVersions).matched;
    });
    expect(matched).toEqual([...examples.match.map(() => true), ...examples.noMatch.map(() => false)]);
  });

  it('the experiment ends as it says', () => {
    for (const { spec } of experiments as Experiment[]) {
      for (const { stdout, findings } of spec.examples) {
        const parsed = spec.parse(stdout);
        if (typeof findings === 'string') expect(parsed).toMatchObject({ status: 'failed', reason: findings });
        else expect(parsed).toMatchObject({ findings });
      }
    }
  });

  it('is never written over what exists', () => {
    for (const { kind, where, path } of written) expect(() => writeUnit(root, [kind, where])).toThrow(`exists already: ${path}`);
  });
});

describe('npm run new refuses', () => {
  it.each([
    [[], /^Usage: /],
    [['probe'], /^Usage: /],
    [['probe', 'zfs/arc', 'more'], /^Usage: /],
    [['probe', 'zfs/arc/more'], /^Usage: /],
    [['rule', 'zfs/arc'], /no kind "rule"/],
    [['probe', 'storage/arc'], /no subject "storage"/],
    [['probe', '../arc'], /no subject "\.\."/],
    [['probe', 'zfs'], /is no name/],
    [['probe', 'zfs/Arc_2'], /is no name/],
    [['issue', 'zfs/arc'], /such as PVK-200-pool-hangs/],
    [['symptom', 'zfs/slow'], /src\/define\/ids\.ts/],
    [['fact', 'meter/load-average'], /exists already: src\/catalog\/cpu\/load-average\.probe\.ts/],
    [['issue', 'meter/PVK-9200-other-words'], /exists already: src\/catalog\/meter\/issues\/pvk-9200-short-name/],
  ] as const)('%j', (words, says) => {
    expect(() => writeUnit(root, words)).toThrow(WrongUsage);
    expect(() => writeUnit(root, words)).toThrow(says);
    expect(() => writeUnit(root, words)).not.toThrow(/\n.*\n/);
  });
});

describe('the command', () => {
  const start = (...words: string[]) => spawnSync(process.execPath, [join(repository, 'scripts/new.ts'), '--root', root, ...words], { encoding: 'utf8' });

  it('says what it wrote, and ends with 64 when it cannot', () => {
    expect(start('probe', 'disk/queue-depth')).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/^Written: src\/catalog\/disk\/queue-depth\.probe\.ts\n/) });
    expect(start('probe', 'disk/queue-depth')).toMatchObject({ status: 64, stdout: '', stderr: expect.stringMatching(/^queue-depth exists already: .*\n.*\n$/) });
    expect(start('--forse', 'probe', 'disk/other')).toMatchObject({ status: 64, stdout: '', stderr: expect.stringMatching(/^Unknown option '--forse'/) });
  });
});
