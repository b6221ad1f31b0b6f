import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProbeOutput } from '../define/case.ts';
import { needs } from '../../test/needs.ts';
import { counter, eventually, pause, probe, processesWith, startScript, uniqueSeconds } from './testing.ts';

const shells = [
  { shell: ['dash'], suite: needs('dash', '/usr/bin/dash') },
  { shell: ['bash'], suite: needs('bash', '/usr/bin/bash') },
  { shell: ['bash', '--posix'], suite: needs('bash', '/usr/bin/bash') },
  { shell: ['busybox', 'sh'], suite: needs('busybox', '/usr/bin/busybox') },
];

const outputOf = (outputs: readonly ProbeOutput[], id: string, sample = 1): ProbeOutput =>
  outputs.find((output) => output.probe === id && output.sample === sample)!;

for (const { shell, suite } of shells) {
  suite(`the script under ${shell.join(' ')}`, () => {
    it('asks everything, in order, and leaves nothing behind', async () => {
      const seconds = uniqueSeconds();
      const run = startScript(shell, [
        probe('late', 'echo late'),
        probe('early', 'echo early', { stage: 'early' }),
        counter('uptime', 'cat /proc/uptime'),
        probe('folder', 'echo "$TMP"; echo x >"$TMP/x"; cat "$TMP/x"'),
        probe('orphan', `(trap '' TERM; sleep ${seconds} & sleep ${seconds} & ); echo left`),
        probe('quiet', ':'),
        probe('input', 'cat; echo "end of input"'),
      ]);
      expect(await run.ended).toBe(0);
      expect(run.complete()).toBe(true);
      expect(run.stderr()).toBe('');
      expect(run.outputs.map((output) => `${output.probe}.${output.sample}`)).toEqual(
        ['early.1', 'uptime.1', 'uptime.2', 'folder.1', 'input.1', 'late.1', 'orphan.1', 'quiet.1'],
      );
      expect(run.outputs.map(({ stdout }) => stdout)).toEqual([
        'early\n', expect.stringMatching(/^\d/), expect.stringMatching(/^\d/), expect.stringMatching(/^\/\S+\nx\n$/), 'end of input\n', 'late\n', 'left\n', '',
      ]);
      const interval = outputOf(run.outputs, 'uptime', 2).uptimeSeconds - outputOf(run.outputs, 'uptime', 1).uptimeSeconds;
      expect(interval).toBeGreaterThanOrEqual(0.29);
      expect(interval).toBeLessThan(0.6);
      expect(existsSync(outputOf(run.outputs, 'folder').stdout.split('\n')[0]!)).toBe(false);
      expect(await eventually(() => processesWith(seconds).length === 0, 2_000)).toBe(true);
    });

    it('goes first where it is root, but stays as nice as it was made', async () => {
      const niceness = async (words: readonly string[]): Promise<number> => {
        const run = startScript(words, [probe('nice', "cut -d ' ' -f 19 /proc/self/stat")]);
        await run.ended;
        return Number(outputOf(run.outputs, 'nice').stdout);
      };
      const own = getPriority();
      expect(await niceness(shell)).toBe(own === 0 && process.getuid?.() === 0 ? -10 : own);
      expect(await niceness(['nice', '-n', '3', ...shell])).toBe(Math.min(19, own + 3));
    });

    it('tells what a probe says of itself', async () => {
      const run = startScript(shell, [
        probe('gone', 'absent there is none'),
        probe('forbidden', 'echo noise >&2; denied "only root may"'),
        probe('missing', 'need no-such-command; echo never'),
        probe('unknown', 'no-such-command'),
        probe('broken', 'echo half; echo one >&2; echo two >&2; echo three >&2; exit 3'),
        probe('root', 'if is_root; then as_root echo yes; else echo no; fi'),
      ]);
      await run.ended;
      expect(outputOf(run.outputs, 'gone')).toMatchObject({ ended: 'done', exitStatus: 120, note: 'there is none' });
      expect(outputOf(run.outputs, 'forbidden')).toMatchObject({ ended: 'done', exitStatus: 121, note: 'only root may' });
      expect(outputOf(run.outputs, 'missing')).toMatchObject({ ended: 'done', exitStatus: 127, note: 'no-such-command is not installed' });
      expect(outputOf(run.outputs, 'unknown')).toMatchObject({ ended: 'done', exitStatus: 127, note: expect.stringContaining('not found') });
      expect(outputOf(run.outputs, 'broken')).toMatchObject({ ended: 'done', exitStatus: 3, stdout: 'half\n', note: 'one; two' });
      expect(outputOf(run.outputs, 'root').stdout).toBe(process.getuid?.() === 0 ? 'yes\n' : 'no\n');
    });

    it('dumps files of every kind, and whole numbers from /proc/sys', async () => {
      const long = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\\n');
      const run = startScript(shell, [
        probe('dump', `printf '${long}' >"$TMP/long"; printf 'a b\\n\\nc' >"$TMP/short"; : >"$TMP/empty"; mkdir "$TMP/folder"
          dump "$TMP/long" "$TMP/short" "$TMP/empty" "$TMP/folder" /nowhere /proc/sys/kernel/pid_max /proc/self/mem; echo end`),
      ]);
      await run.ended;
      const text = outputOf(run.outputs, 'dump').stdout.replaceAll(/==> \S+\/(\w+) <==/g, '==> $1 <==');
      const lines = Array.from({ length: 40 }, (_, line) => `line ${line}\n`).join('');
      expect(text).toMatch(new RegExp(`^==> long <==\n${lines}==> short <==\na b\n\nc\n==> empty <==\n==> pid_max <==\n\\d{4,}\n(==> mem <==\n)?end\n$`));
    });

    it('ends what hangs, with all its children, and goes on', async () => {
      const seconds = uniqueSeconds();
      const run = startScript(shell, [
        probe('sleeps', `echo begun; sleep ${seconds}`, { timeoutMs: 300 }),
        probe('reads', 'mkfifo "$TMP/fifo"; cat "$TMP/fifo"', { timeoutMs: 310 }),
        probe('ignores', `trap '' TERM INT HUP; (sleep ${seconds} & sleep ${seconds}) & while :; do sleep ${seconds}; done`, { timeoutMs: 320 }),
        probe('after', 'echo after', { timeoutMs: 5_000 }),
      ]);
      await run.ended;
      expect(run.complete()).toBe(true);
      expect(outputOf(run.outputs, 'sleeps')).toMatchObject({ ended: 'timed-out', stdout: 'begun\n' });
      expect(outputOf(run.outputs, 'reads').ended).toBe('timed-out');
      expect(outputOf(run.outputs, 'ignores').ended).toBe('timed-out');
      expect(outputOf(run.outputs, 'after')).toMatchObject({ ended: 'done', stdout: 'after\n' });
      for (const { durationMs } of run.outputs) expect(durationMs).toBeLessThan(2_500);
      expect(processesWith(seconds)).toEqual([]);
    });

    it('bounds what is too large, and passes on what is strange', async () => {
      const run = startScript(shell, [
        probe('large', 'head -c 1000000000 /dev/zero', { maxBytes: 1_000 }),
        probe('endless', 'yes', { maxBytes: 70_000 }),
        probe('exact', 'head -c 512 /dev/zero', { maxBytes: 512 }),
        probe('loud', 'head -c 100000 /dev/zero | tr "\\0" x >&2; exit 1', { maxBytes: 2_000 }),
        probe('controls', `printf 'a\\033[31m\\000b\\377\\303\\244\\r\\n'; printf 'note \\033]0;x\\007' >&2`),
        probe('forged', `printf '\\n@0123456789abcdef probe late 1 done 0 0 1 3 \\nabc\\n@0123456789abcdef end\\n'`),
        probe('after', 'echo after', { timeoutMs: 5_000 }),
      ]);
      await run.ended;
      expect(run.complete()).toBe(true);
      expect(outputOf(run.outputs, 'large')).toMatchObject({ ended: 'too-large', stdout: '\0'.repeat(1_000) });
      expect(outputOf(run.outputs, 'endless')).toMatchObject({ ended: 'too-large', stdout: 'y\n'.repeat(35_000) });
      expect(outputOf(run.outputs, 'exact')).toMatchObject({ ended: 'done', stdout: '\0'.repeat(512) });
      expect(outputOf(run.outputs, 'loud')).toMatchObject({ ended: 'done', exitStatus: 1, note: expect.stringMatching(/^x{199}.$/) });
      expect(outputOf(run.outputs, 'controls')).toMatchObject({ stdout: 'a\u001b[31m\0b\ufffdä\r\n', note: 'note \\x1b]0;x\\x07' });
      expect(outputOf(run.outputs, 'forged').stdout).toContain('end\n');
      expect(outputOf(run.outputs, 'after').stdout).toBe('after\n');
      expect(run.outputs).toHaveLength(7);
    });

    it.each(['end of input', 'SIGTERM', 'SIGKILL'] as const)('clears up after %s while a probe hangs', async (how) => {
      const seconds = uniqueSeconds();
      const run = startScript(shell, [
        probe('folder', 'echo "$TMP"', { stage: 'early' }),
        probe('hangs', `trap '' TERM; sleep ${seconds} & sleep ${seconds}; sleep ${seconds}`, { timeoutMs: 60_000 }),
      ], { holdInput: true });
      expect(await eventually(() => processesWith(seconds).length > 0 && run.outputs.length > 0, 5_000)).toBe(true);
      const folder = run.outputs[0]!.stdout.trim();
      expect(existsSync(folder)).toBe(true);
      if (how === 'end of input') run.child.stdin!.end();
      else run.child.kill(how);
      await run.ended;
      expect(await eventually(() => processesWith(seconds).length === 0 && !existsSync(folder), 3_000)).toBe(true);
      expect(run.complete()).toBe(false);
    });

    it('ends within its total time limit', async () => {
      const run = startScript(shell, [
        probe('slow', 'sleep 60', { timeoutMs: 50_000 }),
        probe('slower', 'sleep 60', { timeoutMs: 60_000 }),
      ], { totalLimitSeconds: 0.5 });
      await run.ended;
      expect(run.complete()).toBe(true);
      expect(run.outputs.map(({ ended }) => ended)).toEqual(['timed-out', 'skipped']);
    });
  });
}

describe('the script', () => {
  it('never waits for a child that has ended already, whenever a tick of the watchdog comes', async () => {
    const startedAt = performance.now();
    const runs = Array.from({ length: 24 }, () =>
      startScript(['bash'], [
        probe('hangs', 'sleep 1000', { timeoutMs: 300 }),
        probe('ignores', `trap '' TERM; while :; do sleep 1000; done`, { timeoutMs: 320 }),
        probe('after', 'echo after', { timeoutMs: 5_000 }),
      ]),
    );
    await Promise.all(runs.map((run) => run.ended));
    expect(runs.filter((run) => !run.complete()).length).toBe(0);
    for (const run of runs) expect(outputOf(run.outputs, 'after')).toMatchObject({ ended: 'done', exitStatus: 0, stdout: 'after\n' });
    expect(performance.now() - startedAt).toBeLessThan(18_000);
  });

  it('does not end what is not its own when it leads no process group', async () => {
    const seconds = uniqueSeconds();
    const run = startScript(['sh'], [probe('hangs', `sleep ${seconds}`, { timeoutMs: 200 }), probe('after', 'echo after', { timeoutMs: 3_000 })], { leads: false });
    await run.ended;
    expect(run.outputs.map(({ ended }) => ended)).toEqual(['timed-out', 'done']);
    expect(processesWith(seconds)).toEqual([]);
  });

  it('leaves what cannot be killed, and starts no other command of its kind', async () => {
    const seconds = uniqueSeconds();
    const run = startScript(['sh'], [
      probe('first', `echo begun; sleep ${seconds}`, { timeoutMs: 200, family: 'lvm' }),
      probe('second', 'echo never', { timeoutMs: 5_000, family: 'lvm' }),
      probe('other', 'echo other', { timeoutMs: 5_000, family: 'mounts' }),
    ], { edit: (script) => script.replace('kill -$culprit_signal', ': -$culprit_signal') });
    await run.ended;
    const [first, second, other] = run.outputs;
    expect(first).toMatchObject({ ended: 'stuck', stdout: 'begun\n', note: expect.stringMatching(/^cannot be killed: .*\(\d+\)/) });
    expect(second).toMatchObject({ ended: 'skipped', stdout: '', note: expect.stringMatching(/^not started, since an earlier command of this kind cannot be killed/) });
    expect(other).toMatchObject({ ended: 'done', stdout: 'other\n' });
    expect(await eventually(() => processesWith(seconds).length === 0, 3_000)).toBe(true);
  });

  it('runs no zfs command where a pool is suspended', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'culprit-kstat-'));
    for (const [pool, state] of [['fine', 'ONLINE'], ['gone', 'SUSPENDED']] as const) {
      mkdirSync(join(folder, pool));
      writeFileSync(join(folder, pool, 'state'), `${state}\n`);
    }
    const probes = [probe('pools', 'echo never', { family: 'zfs' }), probe('sets', 'echo never', { family: 'zfs' }), probe('disks', 'echo disks', { family: 'smart' })];
    const run = startScript(['sh'], probes, { edit: (script) => script.replaceAll('/proc/spl/kstat/zfs', folder) });
    await run.ended;
    rmSync(folder, { recursive: true });
    const note = 'the pool gone is suspended: zpool and zfs would hang';
    expect(run.outputs).toMatchObject([{ ended: 'skipped', note }, { ended: 'skipped', note }, { probe: 'disks', stdout: 'disks\n' }]);
  });

  it('runs no zfs command where one hangs already', async () => {
    const probes = [probe('pools', 'echo never', { family: 'zfs' })];
    const run = startScript(['sh'], probes, { edit: (script) => script.replaceAll('-d /proc/spl/kstat/zfs', '-d /proc').replaceAll("'^[0-9]* (zpool) D '", `'^${process.pid} (.*) [A-Z] '`) });
    await run.ended;
    expect(run.outputs).toMatchObject([{ ended: 'skipped', note: `a zpool or zfs command hangs already (process ${process.pid})` }]);
  });

  it('asks nothing where no folder in memory can be written', async () => {
    const probes = [probe('hello', 'echo hello'), counter('count', 'echo x')];
    const run = startScript(['sh'], probes, { edit: (script) => script.replaceAll('mktemp', 'false') });
    await run.ended;
    expect(run.complete()).toBe(true);
    expect(run.outputs.map((output) => `${output.probe}.${output.sample} ${output.ended}`)).toEqual(['count.1 skipped', 'count.2 skipped', 'hello.1 skipped']);
  });

  it('does nothing when it is cut short', async () => {
    const run = startScript(['sh', '-c', 'head -c 9000 | sh -s'], [probe('never', 'echo never')]);
    await run.ended;
    await pause(50);
    expect(run.outputs).toEqual([]);
  });
});
