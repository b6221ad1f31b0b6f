import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { closeServers, mailServer } from '../../src/notify/email/testing.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'culprit-commands-'));
afterAll(() => {
  closeServers();
  rmSync(folder, { recursive: true, force: true });
});

const main = join(root, 'src/cli/main.ts');
const run = (words: readonly string[], environment: Readonly<Record<string, string>> = {}) => spawnSync(process.execPath, [main, ...words], { encoding: 'utf8', env: { ...process.env, ...environment } });

/** Beside servers of this process, which has to go on. */
async function runBeside(words: readonly string[]): Promise<{ readonly status: number | null; readonly stdout: string }> {
  const child = spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (stdout += piece));
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, stdout })));
}

function settings(text: string): string {
  const path = join(folder, 'culprit.yaml');
  writeFileSync(path, text);
  return path;
}

/** The example of the documentation. */
function documented(): string {
  const lines = readFileSync(join(root, 'docs/serve.md'), 'utf8').split('\n');
  const from = lines.findIndex((line) => line.startsWith('    dataFolder:'));
  const length = lines.slice(from).findIndex((line) => line !== '' && !line.startsWith('    '));
  return lines.slice(from, from + length).map((line) => line.slice(4)).join('\n');
}

describe('culprit config', () => {
  it('says what the example of the documentation means', () => {
    const { status, stdout, stderr } = run(['config', 'check', '--config', settings(documented())], { MAIL_PASSWORD: 'hunter22', HEARTBEAT_URL: 'https://hc.example.org/x' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('  pve1: measures over ssh (root@pve1.example.org); investigated, experiments: none\n');
    expect(stdout).toContain('  pve2: http://pve2.example.org:9100/metrics; investigated, experiments: read-only\n');
    expect(stdout).toContain('  web: http://10.0.0.7:9100/metrics; cannot be investigated: no target\n');
    expect(stdout).toContain('  admins (email)\n');
    expect(stdout).not.toContain('hunter22');
  });

  it('says all that is wrong, each with its line, and shows no secret', () => {
    const text = 'hosts:\n  - name: pve1\n    target: "root@pve1; reboot"\n  - name: pve1\n    runsOn: { host: nobody, object: qemu/1 }\nchannels:\n  - { type: email, name: mail, password: hunter22 }\nfoo: 1\n';
    const { status, stdout, stderr } = run(['config', 'check', '--config', settings(text)]);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain('line 3, hosts[0].target: neither local, a host, user@host nor ssh://user@host:port');
    expect(stderr).toContain('There is no setting "foo" here.');
    expect(stderr).toContain('channels[0].host');
    expect(stderr).not.toContain('hunter22');
  });

  it('knows what hosts have to do with each other', () => {
    const { stderr } = run(['config', 'check', '--config', settings('hosts:\n  - name: pve1\n  - name: pve1\n    runsOn: { host: nobody, object: qemu/1 }\nshared:\n  - { kind: switch, name: sw, hosts: [pve1, pve9] }\n')]);
    expect(stderr).toContain('line 3, hosts[1].name: two hosts are called pve1');
    expect(stderr).toContain('there is no other host nobody in these settings');
    expect(stderr).toContain('there is no host pve9 in these settings');
  });

  it('names the file that is not there', () => {
    expect(run(['config', 'check', '--config', join(folder, 'none.yaml')])).toMatchObject({ status: 64, stderr: expect.stringContaining('none.yaml cannot be read') });
    expect(run(['serve', '--config', join(folder, 'none.yaml')])).toMatchObject({ status: 64 });
  });

  it('prints a JSON Schema that the example of the documentation fits', () => {
    const schema = JSON.parse(run(['config', 'schema']).stdout) as object;
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    expect(validate(parse(documented())), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ hosts: [{ nmae: 'pve1' }] })).toBe(false);
  });
});

describe('culprit channels test', () => {
  it('sends a message by each channel, and says which did not arrive', { timeout: 60_000 }, async () => {
    const { port, mails } = await mailServer();
    const mail = (name: string, at: number) => `  - { type: email, name: ${name}, host: 127.0.0.1, port: ${at}, tls: none, from: c@example.org, to: [a@example.org] }\n`;
    const path = settings(`channels:\n${mail('mail', port)}${mail('dead', 1)}`);
    const { status, stdout } = await runBeside(['channels', 'test', '--config', path]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^mail \(email\): delivered\ndead \(email\): did not arrive: .+\n$/);
    expect(mails.map(({ raw }) => /^Subject: (.*)$/m.exec(raw)?.[1]?.trim())).toEqual(['[Culprit] test of the channel mail']);
    expect((await runBeside(['channels', 'test', 'mail', '--config', path])).status).toBe(0);
    expect(run(['channels', 'test', 'nobody', '--config', path])).toMatchObject({ status: 64, stderr: expect.stringContaining('Channels: mail, dead.') });
  });
});

describe('culprit hosts add', () => {
  it('says what will be seen of a host, and writes it into settings that can be used', { timeout: 120_000 }, () => {
    const config = settings('# ours\nchannels: []\n');
    const checked = run(['hosts', 'add', 'local', '--config', config, '--check']);
    expect(checked.stdout).toMatch(/^\S+ answers, and told all in [\d.]+ s: .*kernel /);
    expect(checked.stdout).toMatch(/questions of an investigation are answered/);
    expect(readFileSync(config, 'utf8')).toBe('# ours\nchannels: []\n');
    const { status, stdout } = run(['hosts', 'add', 'local', '--name', 'here', '--config', config]);
    expect({ status, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({ status: 0, last: `here is in ${config} now. culprit serve reads it when it starts.` });
    expect(readFileSync(config, 'utf8')).toBe('# ours\nchannels: []\nhosts:\n  - name: here\n    target: local\n');
    expect(run(['config', 'check', '--config', config]).stdout).toContain('  here: measures this machine; ');
    const again = run(['hosts', 'add', 'local', '--name', 'here', '--config', config]);
    expect({ status: again.status, stdout: again.stdout }).toEqual({ status: 64, stdout: '' });
    expect(again.stderr).toContain('The settings have a host here already.');
  });

  it('writes nothing of a host that does not answer', { timeout: 60_000 }, () => {
    const config = settings('hosts: []\n');
    const { status, stdout } = run(['hosts', 'add', 'ssh://nobody@127.0.0.1:1', '--config', config]);
    expect(status).toBe(3);
    expect(stdout).toContain('Nothing was written.');
    expect(readFileSync(config, 'utf8')).toBe('hosts: []\n');
  });
});
