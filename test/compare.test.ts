import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, describe, expect, it } from 'vitest';
import { catalog } from '../src/catalog/index.ts';
import { loadCase, saveCase } from '../src/collect/case-file.ts';
import { redactCase } from '../src/collect/redact.ts';
import { compareReadings } from '../src/compare/compare.ts';
import type { Case } from '../src/define/case.ts';
import { comparisonSchema } from '../src/define/comparison.ts';
import { reportSchema } from '../src/define/report.ts';
import { diagnose } from '../src/diagnose/diagnose.ts';
import { readingsOfCase } from '../src/diagnose/readings.ts';
import { withBaseline } from '../src/investigate/baseline.ts';
import { renderComparison } from '../src/report/comparison-text.ts';
import { renderers } from '../src/report/index.ts';

const root = join(import.meta.dirname, '..');
const hosts = join(import.meta.dirname, 'hosts');
const folder = mkdtempSync(join(tmpdir(), 'culprit-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const caseOf = (name: string): Promise<Case> => loadCase(join(hosts, name, 'case.tgz'), catalog.probes);
const lostAvx = 'ZFS no longer lists avx for AES-GCM (icp_gcm_impl: avx generic pclmulqdq → generic pclmulqdq)';

async function differences(before: string, after: string) {
  const [one, other] = [await caseOf(before), await caseOf(after)];
  return compareReadings(catalog, catalog.comparison!, readingsOfCase(catalog, one), readingsOfCase(catalog, other)).differences;
}

describe('recorded hosts', () => {
  it.each([['healthy-twin-zfs21', 'story-zfs21'], ['healthy-twin-zfs23', 'story-zfs23'], ['idle-zfs21', 'story-zfs21'], ['idle-zfs23', 'story-zfs23']])('%s → %s: the lost avx comes first', async (before, after) => {
    const found = await differences(before, after);
    expect(found[0]).toMatchObject({ text: lostAvx, kind: 'capability', suspicion: 'high', before: 'avx generic pclmulqdq', after: 'generic pclmulqdq' });
    expect(found.filter(({ kind, weight }) => kind !== 'capability' && weight > 95)).toEqual([]);
  });

  it.each([['idle-zfs21', 'healthy-twin-zfs21'], ['idle-zfs23', 'healthy-twin-zfs23']])('%s → %s: at rest and under load, only loads differ', async (before, after) => {
    const found = await differences(before, after);
    expect(found.length).toBeLessThanOrEqual(5);
    expect(found.filter(({ kind, suspicion }) => kind !== 'measured' || suspicion === 'high')).toEqual([]);
  });

  it('a degraded pool and its update are seen', async () => {
    expect((await differences('idle-bookworm', 'degraded-mirror-bookworm')).map(({ text }) => text)).toContain('The state of the pool tank changed from ONLINE to DEGRADED');
    const texts = (await differences('idle-zfs21', 'idle-zfs23')).map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(['The running kernel changed from 6.1.176-1 to 6.12.107-1', 'The ZFS that runs in the kernel changed from 2.1.11-1+deb12u1 to 2.3.9-0+deb13u1']));
  });

  it('none differs from itself', async () => {
    const names = globSync('*/case.tgz', { cwd: hosts }).map((file) => file.split('/')[0]!);
    expect(names.length).toBeGreaterThan(60);
    for (const name of names) expect(await differences(name, name), name).toEqual([]);
  });
});

describe('the baseline of a host', () => {
  const baselineOf = (aCase: Case) => diagnose(catalog, aCase).baseline;

  it('is compared, carried by the saved case, and told again by its report', async () => {
    const [baseline, now] = [await caseOf('healthy-twin-zfs21'), await caseOf('story-zfs21')];
    const whole = withBaseline(catalog, now, baseline, (same) => same);
    const path = join(folder, 'whole.tgz');
    await saveCase(whole, path);
    const report = diagnose(catalog, await loadCase(path, catalog.probes));
    expect(reportSchema.safeParse(report).error?.message).toBeUndefined();
    expect(report).toEqual(diagnose(catalog, whole));
    expect(report.baseline).toMatchObject({ takenAt: baseline.startedAt, sameHost: true, further: 0 });
    expect(report.baseline!.differences[0]!.text).toBe(lostAvx);
    for (const format of ['text', 'markdown', 'html'] as const) {
      const text = renderers[format](report, { width: 300 }).replaceAll('\\', '').replaceAll('`', '');
      expect(text, format).toMatch(/baseline.*of 2026-11-23 03:56 UTC, 14 minutes old/i);
      expect(text, format).toContain('ZFS no longer lists avx for AES-GCM');
    }
    expect(baselineOf(withBaseline(catalog, whole, 'none', (same) => same))).toBeUndefined();
    expect(baselineOf(now)).toBeUndefined();
  });

  it('tells ten differences at most', async () => {
    const found = baselineOf(withBaseline(catalog, await caseOf('degraded-mirror-bookworm'), await caseOf('idle-bookworm'), (same) => same))!;
    expect(found.differences).toHaveLength(10);
    expect(found.further).toBeGreaterThan(0);
    expect(found.differences.some(({ suspicion }) => suspicion === 'low')).toBe(false);
  });

  it('is redacted with the case: what only the baseline names is gone as well', async () => {
    const plain = await caseOf('idle-bookworm');
    const secret = (aCase: Case, from: RegExp, to: string): Case => ({ ...aCase, redacted: false, outputs: aCase.outputs.map((output) => ({ ...output, stdout: output.stdout.replaceAll(from, to) })) });
    const baseline = secret(plain, /SERIAL1\b/g, 'WDX7PRIVATE42');
    const shown = baselineOf(withBaseline(catalog, secret(plain, /$^/g, ''), baseline, (same) => same))!;
    expect(JSON.stringify(shown)).toContain('WDX7PRIVATE42');
    const whole = withBaseline(catalog, secret(plain, /$^/g, ''), baseline, redactCase);
    expect(JSON.stringify(whole)).not.toContain('WDX7PRIVATE42');
    expect(baselineOf(whole)!.differences.map(({ text }) => text)).toEqual(expect.arrayContaining([expect.stringMatching(/^The disk virtio-\S+ is gone/)]));
  });

  it('may hold hostile text: it is escaped wherever it is shown', async () => {
    const evil = 'evil\u001b]0;x\u0007<script>alert(1)</script>\u202e';
    const [baseline, now] = [await caseOf('healthy-twin-zfs21'), await caseOf('healthy-twin-zfs21')];
    const mounts = now.outputs.map((output) => (output.probe === 'clocksource' ? { ...output, stdout: output.stdout.replaceAll('hpet', evil) } : output));
    const whole = withBaseline(catalog, { ...now, outputs: mounts }, baseline, (same) => same);
    const report = diagnose(catalog, whole);
    expect(JSON.stringify(report.baseline)).toContain('<script>');
    for (const format of ['text', 'markdown', 'html', 'json'] as const) {
      const text = renderers[format](report, { verbose: true });
      // oxlint-disable-next-line no-control-regex -- that is what is looked for
      expect(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(text), format).toBe(false);
      if (format === 'html') expect(text).not.toContain('<script>');
    }
    const compared = compareReadings(catalog, catalog.comparison!, readingsOfCase(catalog, baseline), readingsOfCase(catalog, whole));
    const side = { name: evil, hostname: evil, startedAt: now.startedAt, complete: true };
    const text = renderComparison({ schemaVersion: 1, culpritVersion: '1', before: side, after: side, leftOut: 0, ...compared, differences: [...compared.differences] });
    expect(text).toContain('\\x1b');
    // oxlint-disable-next-line no-control-regex -- that is what is looked for
    expect(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(text)).toBe(false);
  });
});

describe('culprit compare and culprit baseline', () => {
  const culprit = (...words: string[]) => spawnSync(process.execPath, [join(root, 'src/cli/main.ts'), ...words], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', XDG_DATA_HOME: join(folder, 'data') } });
  const [before, after] = ['healthy-twin-zfs21', 'story-zfs21'].map((name) => join(hosts, name, 'case.tgz')) as [string, string];

  it('say what differs, and by the exit status whether it matters', () => {
    const text = culprit('compare', before, after);
    expect(text.status).toBe(1);
    expect(text.stdout).toMatch(/1\. ZFS no longer lists avx for AES-GCM/);
    const same = culprit('compare', before, before);
    expect([same.status, same.stderr]).toEqual([0, '']);
    expect(same.stdout).toContain('Nothing differs that matters.');
  });

  it('print JSON that the published schema accepts', () => {
    const { stdout } = culprit('compare', join(hosts, 'idle-zfs21/case.tgz'), join(hosts, 'idle-zfs23/case.tgz'), '--json');
    const comparison = comparisonSchema.parse(JSON.parse(stdout));
    expect(comparison).toMatchObject({ sameHost: true, before: { hostname: 'host1' } });
    const ajv = new Ajv2020({ strict: false });
    (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
    const validate = ajv.compile(JSON.parse(readFileSync(join(root, 'docs/comparison.schema.json'), 'utf8')) as object);
    expect(validate(comparison), JSON.stringify(validate.errors)).toBe(true);
    const all = comparisonSchema.parse(JSON.parse(culprit('compare', join(hosts, 'idle-zfs21/case.tgz'), join(hosts, 'idle-zfs23/case.tgz'), '--json', '--all').stdout));
    expect(all.leftOut).toBe(0);
    expect(all.differences).toHaveLength(comparison.differences.length + comparison.leftOut);
  });

  it.each([
    ['one state only', ['compare', 'x.tgz'], /missing required argument 'after'/],
    ['a case that is missing', ['compare', '/nonexistent.tgz', before], /does not exist/],
    ['a host that is none', ['compare', '--', before, '-oProxyCommand=true'], /neither a host/],
    ['ssh options without a host', ['compare', before, after, '-i', 'key'], /no host/],
    ['a list of one host', ['baseline', 'root@pve1', '--list'], /stands alone/],
    ['a baseline that is not there', ['baseline', 'root@pve1', '--remove'], /no baseline of pve1/],
  ])('wrong usage: %s', (_, words, says) => {
    const { status, stdout, stderr } = culprit(...words);
    expect([status, stdout]).toEqual([64, '']);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('a baseline of this machine is kept, listed, compared with by the next investigation, and removed', () => {
    const kept = culprit('baseline', '--window', '1');
    expect([kept.status, kept.stderr]).toEqual([0, '']);
    expect(culprit('baseline', '--list').stdout).toMatch(/this machine +\d{4}-\d\d-\d\d .* old/);
    const saved = join(folder, 'now.tgz');
    const live = culprit('investigate', '--json', '--window', '1', '--experiments', 'none', '--save', saved);
    const { baseline } = reportSchema.parse(JSON.parse(live.stdout));
    expect(baseline).toMatchObject({ sameHost: true });
    expect(baseline!.differences.filter(({ kind }) => kind !== 'measured')).toEqual([]);
    expect(reportSchema.parse(JSON.parse(culprit('investigate', '--json', '--from', saved).stdout)).baseline).toEqual(baseline);
    expect(reportSchema.parse(JSON.parse(culprit('investigate', '--json', '--from', saved, '--no-baseline').stdout)).baseline).toBeUndefined();
    expect(culprit('baseline', '--remove').status).toBe(0);
    expect(culprit('baseline', '--list').stdout).toContain('No baseline is kept');
  }, 120_000);
});
