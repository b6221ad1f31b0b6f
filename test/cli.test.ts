import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const main = join(root, 'src/cli/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'culprit-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function culprit(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  return { status, stdout, stderr };
}

function childrenOf(pid: number | undefined): string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
}

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 100));
}

/** A report without what differs from run to run. */
function timeless(text: string): unknown {
  const report = JSON.parse(text) as Record<string, unknown>;
  return { ...report, id: '', startedAt: '', durationMs: 0, steps: [], target: '' };
}

describe('wrong usage is said in few lines, with exit status 64', () => {
  it.each([
    ['an unknown command', ['investgate'], /Did you mean investigate/],
    ['an unknown option', ['investigate', '--frob'], /unknown option '--frob'/],
    ['a wrong format', ['investigate', '--output', 'yaml'], /Allowed choices are text, json/],
    ['an option in place of a target', ['investigate', '--', '-oProxyCommand=true'], /neither a host, user@host/],
    ['a missing case', ['investigate', '--from', '/nonexistent'], /does not exist/],
    ['target and case', ['investigate', 'root@pve1', '--from', 'x.tgz'], /exclude each other/],
    ['an unknown symptom', ['investigate', '--symptom', 'foo'], /no symptom "foo"/],
    ['an unknown id', ['explain', 'zfs-crypto'], /Did you mean: .*zfs-crypto-unaccelerated/],
    ['an unknown experiment', ['try', 'zfs-crypto'], /Experiments: .*encrypted-against-plain/],
    ['an experiment on a wrong target', ['try', 'encrypted-against-plain', '--', '-oProxyCommand=true'], /neither a host, user@host/],
    ['a budget that is no time', ['investigate', '--budget', 'long'], /such as 90s or 2m/],
    ['an unknown class of experiments', ['investigate', '--experiments', 'all'], /Allowed choices are none, read-only, safe, intrusive/],
    ['a folder that is none', ['issues', '--catalog', '/nonexistent'], /nonexistent/],
  ])('%s', (_, words, says) => {
    const { status, stdout, stderr } = culprit(...words);
    expect(status).toBe(64);
    expect(stdout).toBe('');
    expect(stderr).toMatch(says);
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(3);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('what works without a host', () => {
  it('explains causes, symptoms and known issues', () => {
    expect(culprit('explain', 'zfs-crypto-unaccelerated').stdout).toContain('icp_gcm_impl');
    expect(culprit('explain', 'io-delay').stdout).toContain('zfs-crypto-unaccelerated');
    expect(culprit('explain', 'pvk-001').stdout).toContain('PVK-001');
    expect(culprit('explain', 'encrypted-against-plain').stdout).toMatch(/encrypting costs far too much\*\*; speaks for .*`zfs-crypto-unaccelerated`/);
  });
  it('lists what it knows', () => {
    const known = JSON.parse(culprit('catalog', '--json').stdout) as Record<string, unknown[]>;
    expect(known['causes']!.length).toBeGreaterThanOrEqual(70);
    expect(known['symptoms']!.length).toBe(18);
    expect(known['knownIssues']!.length).toBeGreaterThanOrEqual(70);
  });
  it('searches known issues', () => {
    expect(culprit('issues', 'OSXSAVE').stdout).toContain('PVK-001');
    expect(culprit('issues', 'no', 'such', 'words', 'anywhere').status).toBe(1);
  });
  it('prints the script, the commands and the rights that it needs', () => {
    expect(culprit('collector').stdout).toContain('icp/parameters');
    expect(culprit('investigate', '--show-commands').stdout).toContain('zpool status');
    expect(culprit('access').stdout).toContain('PVEAuditor');
  });
});

describe('this machine', () => {
  const file = join(folder, 'case.tgz');
  const page = join(folder, 'report.html');

  it('gives a report that the published schema accepts, and the same again from the saved case', () => {
    const live = culprit('investigate', '--json', '--save', file, '--html', page, '--window', '1');
    expect([0, 1, 2, 3]).toContain(live.status);
    expect(live.stderr).toContain(page);
    const ajv = new Ajv2020({ strict: false });
    (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
    const validate = ajv.compile(JSON.parse(readFileSync(join(root, 'docs/report.schema.json'), 'utf8')) as object);
    expect(validate(JSON.parse(live.stdout)), JSON.stringify(validate.errors)).toBe(true);
    const again = culprit('investigate', '--json', '--from', file);
    expect(again.status).toBe(live.status);
    expect(timeless(again.stdout)).toEqual(timeless(live.stdout));
    expect(readFileSync(page, 'utf8')).toContain('<!doctype html>');
  });

  it('can be redacted: the host has another name in everything', () => {
    const plain = join(folder, 'plain');
    culprit('investigate', '--from', file, '--save', plain);
    const system = join(plain, 'outputs/operating-system.1.txt');
    writeFileSync(system, readFileSync(system, 'utf8').replace(/^hostname=.*$/m, 'hostname=confidential7'));
    const saved = join(folder, 'redacted.tgz');
    const { stdout } = culprit('investigate', '--from', plain, '--redact', '--json', '--save', saved);
    expect((JSON.parse(stdout) as { host: { hostname: string } }).host.hostname).toMatch(/^[a-z0-9-]+$/);
    expect(stdout).not.toContain('confidential7');
    expect(gunzipSync(readFileSync(saved)).toString('latin1')).not.toContain('confidential7');
  });

  it.each(['text', 'markdown', 'html', 'nagios', 'prometheus'])('prints %s', (format) => {
    const { stdout, stderr } = culprit('investigate', '--from', file, '--output', format);
    expect(stdout.length).toBeGreaterThan(80);
    expect(stderr).toBe('');
  });

  it('is examined by the printed script alone', () => {
    const { stdout } = culprit('collector', '--window', '1');
    const stream = spawnSync('sh', { input: stdout, maxBuffer: 1e8 });
    const raw = join(folder, 'host.case');
    writeFileSync(raw, stream.stdout);
    const { status, stdout: text } = culprit('investigate', '--from', raw, '--json');
    expect([0, 1, 2, 3]).toContain(status);
    expect((JSON.parse(text) as { host: { hostname: string } }).host.hostname).toBe(hostname());
  });

  it('a reader that is slow gets all of it', async () => {
    const child = spawn('sh', ['-c', '"$0" "$1" collector | { sleep 2; cat; }', process.execPath, main], { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.on('data', (piece: Buffer) => (text += piece.toString()));
    await new Promise((resolve) => child.once('close', resolve));
    expect(text.length).toBeGreaterThan(100_000);
    expect(text.replaceAll(/[0-9a-f]{32}/g, '')).toBe(culprit('collector').stdout.replaceAll(/[0-9a-f]{32}/g, ''));
  });

  it('an interrupt ends it at once and says so', async () => {
    const child = spawn(process.execPath, [main, 'investigate', '--window', '30'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let says = '';
    child.stderr.on('data', (piece: Buffer) => (says += piece.toString()));
    await waitFor(() => childrenOf(child.pid).length > 0);
    const startedAt = performance.now();
    child.kill('SIGINT');
    const status = await new Promise((resolve) => child.on('exit', resolve));
    expect(performance.now() - startedAt).toBeLessThan(6_000);
    expect(status).toBe(130);
    expect(says).toContain('Interrupted');
  });
});

describe('a host that cannot be reached', () => {
  it.each([
    ['nothing listens', 'ssh://root@127.0.0.1:1', 'ssh-refused'],
    ['the name does not exist', 'root@no-such-host.invalid', 'name-not-resolved'],
  ])('%s', (_, target, cause) => {
    const startedAt = performance.now();
    const { status, stdout } = culprit('investigate', target, '--json');
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(status).toBe(3);
    const report = JSON.parse(stdout) as { verdict: { status: string }; causes: { id: string; subject: string }[] };
    expect(report.verdict.status).toBe('unreachable');
    expect(report.causes[0]).toMatchObject({ id: cause, subject: 'reach' });
  });
});

describe('private knowledge', () => {
  it('is added; a broken file is said with its line, and the rest still works', () => {
    writeFileSync(join(folder, 'broken.issue.md'), '---\nid: OWN-1\ntitle: broken\ncause: none\nsigns:\n  - when: "cpuInfo.nothing == 1"\n    strength: strong\n    says: x\n---\n');
    writeFileSync(join(folder, 'good.issue.md'), readFileSync(join(root, 'src/catalog/zfs/issues/pvk-001-kernel-hides-avx-from-zfs.issue.md'), 'utf8').replace('PVK-001', 'OWN-2'));
    const { stdout, stderr, status } = culprit('issues', '--catalog', folder, 'OWN-2');
    expect(stdout).toContain('OWN-2');
    expect(stderr).toMatch(/broken\.issue\.md:\d+/);
    expect(status).toBe(0);
  });
});
