import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../../test/needs.ts';
import { collect, type CollectOptions } from './run.ts';
import { sshArguments } from './ssh.ts';
import { parseTarget } from './target.ts';
import { clock, counter, eventually, probe, processesWith, SshServer, uniqueSeconds } from './testing.ts';
import { freePort } from '../lib/testing.ts';

const options: CollectOptions = { givenSymptoms: [], culpritVersion: '0.0.0', windowSeconds: 0.2, clock };

needs('openssh-server', '/usr/sbin/sshd')('collecting over ssh', () => {
  const server = new SshServer();
  const me = userInfo().username;
  beforeAll(() => server.start());
  afterAll(() => server.stop());
  const target = (sshOptions = server.sshOptions) => parseTarget(`ssh://${me}@127.0.0.1:${server.port}`, { sshOptions, sudo: false });

  it('brings all answers', async () => {
    const events: string[] = [];
    const probes = [probe('hello', 'echo hello; echo noise >&2'), counter('uptime', 'cat /proc/uptime'), probe('early', 'id -u', { stage: 'early' })];
    const aCase = await collect(target(), probes, { ...options, onProgress: ({ kind }) => events.push(kind) });
    expect(aCase).toMatchObject({ complete: true, redacted: false, target: `ssh://${me}@127.0.0.1:${server.port}` });
    expect(aCase.outputs.map((output) => `${output.probe}.${output.sample} ${output.ended}`)).toEqual(['early.1 done', 'uptime.1 done', 'uptime.2 done', 'hello.1 done']);
    expect(aCase.outputs[0]!.stdout.trim()).toBe(String(userInfo().uid));
    expect(events).toEqual(['connected', 'answer', 'window', 'answer', 'answer', 'answer']);
  });

  it('notes its own clock beside that of the host', async () => {
    const aDayBehind = { ...clock, now: () => new Date(Date.now() - 86_400_000) };
    const aCase = await collect(target(), [probe('clock', 'echo now=$(date +%s)')], { ...options, clock: aDayBehind });
    const [host, asking] = ['clock', 'asking-clock'].map((id) => Number(aCase.outputs.find((output) => output.probe === id)?.stdout.replace('now=', '')));
    expect(host! - asking!).toBeGreaterThan(86_400 - 5);
    expect(host! - asking!).toBeLessThan(86_400 + 5);
    const silent = await collect(target(), [probe('clock', 'sleep 3', { timeoutMs: 500 })], options);
    expect(silent.outputs.map((output) => `${output.probe} ${output.ended}`)).toEqual(['clock timed-out']);
  });

  it('goes through a jump host', async () => {
    const config = join(server.folder, 'client_config');
    writeFileSync(config, `Host *\n  IdentityFile ${server.folder}/user\n  UserKnownHostsFile ${server.folder}/known\nHost gate\n  HostName 127.0.0.1\n  Port ${server.port}\n  HostKeyAlias [127.0.0.1]:${server.port}\nHost far\n  HostName 127.0.0.1\n  Port ${server.port}\n`);
    const far = parseTarget(`${me}@far`, { sshOptions: ['-F', config, '-J', `${me}@gate`], sudo: false });
    const aCase = await collect(far, [probe('hello', 'echo hello')], options);
    expect(aCase.connection.says).toBe('');
    expect(aCase.outputs).toMatchObject([{ stdout: 'hello\n' }]);
  });

  it('keeps what ssh says, and loses all answers, where the key is refused', async () => {
    const keyless = ['-F', '/dev/null', '-o', 'IdentitiesOnly=yes', '-i', '/dev/null', '-o', `UserKnownHostsFile=${server.folder}/known`];
    const aCase = await collect(target(keyless), [probe('hello', 'echo hello')], options);
    expect(aCase).toMatchObject({ complete: false, connection: { exitStatus: 255 } });
    expect(aCase.connection.says).toContain('Permission denied');
    expect(aCase.outputs).toMatchObject([{ probe: 'hello', ended: 'lost', note: expect.stringContaining('Permission denied') }]);
  });

  it('refuses a host whose key is not the known one', async () => {
    writeFileSync(join(server.folder, 'other'), '');
    const strange = [...server.sshOptions.slice(0, 4), '-o', `UserKnownHostsFile=${server.folder}/other`];
    const aCase = await collect(target(strange), [probe('hello', 'echo hello')], options);
    expect(aCase.connection.says).toContain('Host key verification failed');
  });

  it('leaves nothing running where the connection breaks', async () => {
    const seconds = uniqueSeconds();
    const probes = [probe('folder', 'echo "$TMP"', { stage: 'early' }), probe('hangs', `sleep ${seconds} & sleep ${seconds}`, { timeoutMs: 60_000 })];
    let folder = '';
    const running = collect(target(), probes, { ...options, onProgress: (event) => { if (event.kind === 'answer' && event.output.probe === 'folder') folder = event.output.stdout.trim(); } });
    expect(await eventually(() => folder !== '' && processesWith(seconds).length > 0, 10_000)).toBe(true);
    for (const pid of sessionsOf(server.port)) process.kill(pid, 'SIGKILL');
    const aCase = await running;
    expect(aCase.complete).toBe(false);
    expect(aCase.outputs).toMatchObject([{ probe: 'folder', ended: 'done' }, { probe: 'hangs', ended: 'lost' }]);
    expect(await eventually(() => processesWith(seconds).length === 0 && !existsSync(folder), 5_000)).toBe(true);
  });

  it('gives what it has when it is ended early, and leaves nothing running', async () => {
    const seconds = uniqueSeconds();
    const ending = new AbortController();
    const running = collect(target(), [probe('hangs', `sleep ${seconds}`, { timeoutMs: 60_000 })], { ...options, signal: ending.signal });
    expect(await eventually(() => processesWith(seconds).length > 0, 10_000)).toBe(true);
    ending.abort();
    expect(await running).toMatchObject({ complete: false, outputs: [{ ended: 'lost' }] });
    expect(await eventually(() => processesWith(seconds).length === 0, 3_000)).toBe(true);
  });

  it('gives up quickly where nothing listens', async () => {
    const startedMs = performance.now();
    const nowhere = parseTarget(`ssh://${me}@127.0.0.1:${await freePort()}`, { sshOptions: server.sshOptions, sudo: false });
    const aCase = await collect(nowhere, [probe('hello', 'echo hello'), counter('count', ':')], options);
    expect(aCase).toMatchObject({ complete: false, connection: { exitStatus: 255, says: expect.stringContaining('Connection refused') } });
    expect(aCase.outputs.map(({ ended }) => ended)).toEqual(['lost', 'lost', 'lost']);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  for (const shell of ['/usr/bin/fish', '/bin/csh', '/usr/bin/dash', '/bin/bash']) {
    if (!existsSync(shell) || userInfo().uid !== 0) continue;
    it(`does not depend on a login shell that is ${shell}`, async () => {
      const name = `culprit-test-${process.pid}`;
      execFileSync('useradd', ['--no-create-home', '--shell', shell, '--password', '*', name]);
      try {
        const aCase = await collect(parseTarget(`ssh://${name}@127.0.0.1:${server.port}`, { sshOptions: server.sshOptions, sudo: true }), [
          probe('user', 'id -un; is_root || denied "no root"'), probe('dump', 'dump /proc/sys/kernel/pid_max'),
        ], options);
        expect(aCase.outputs).toMatchObject([{ probe: 'dump', stdout: expect.stringMatching(/\d{4,}\n$/) }, { exitStatus: 121, stdout: `${name}\nno root\n`, note: 'no root' }]);
      } finally {
        // The script's watchdog may live on for half a second.
        expect(await eventually(() => removed(name), 3_000)).toBe(true);
      }
    });
  }
});

function removed(user: string): boolean {
  try {
    execFileSync('userdel', [user], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The processes of the ssh server that serve a connection: those with a socket of its port. */
function sessionsOf(port: number): number[] {
  const listing = execFileSync('ss', ['-tnpH', 'state', 'established', `( sport = :${port} )`], { encoding: 'utf8' });
  return [...listing.matchAll(/"sshd[^"]*",pid=(\d+)/g)].map((match) => Number(match[1]));
}

describe('the arguments for ssh', () => {
  const target = { kind: 'ssh', destination: 'root@pve1', sshOptions: ['-o', 'ConnectTimeout=1'], sudo: false } as const;
  it('has the user’s options first and the destination behind --', () => {
    const args = sshArguments(target, true);
    expect(args.slice(0, 3)).toEqual(['-T', '-o', 'ConnectTimeout=1']);
    expect(args.slice(-2)).toEqual(['--', 'root@pve1']);
    expect(args).not.toContain('BatchMode=yes');
    expect(sshArguments(target, false)).toContain('BatchMode=yes');
  });
});
