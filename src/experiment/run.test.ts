import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, pause, processesWith, uniqueSeconds } from '../collect/testing.ts';
import { runExperiment, type RunOptions } from './run.ts';

const local = { kind: 'local', sudo: false } as const;

/** Stands for a temporary dataset: a file that the experiment makes, and its clean-up removes, or cannot remove as long as there is a file `busy`. */
describe('an experiment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'culprit-experiment-'));
  const thing = join(folder, 'thing');
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => readdirSync(folder).forEach((name) => rmSync(join(folder, name))));

  const options = (sh: string, more: Partial<RunOptions> = {}): RunOptions => ({
    id: 'sample',
    sh: `echo $$ >'${folder}/pid'\necho $experiment_mark >'${thing}'\n${sh}`,
    cleanUp: `[ ! -e '${thing}' ] || { [ ! -e '${folder}/busy' ] && rm '${thing}'; } || echo 'rm ${thing}'`,
    abortWhen: [],
    limitSeconds: 30,
    maxBytes: 10_000,
    ...more,
  });
  const foldersInMemory = (): string[] => readdirSync('/dev/shm').filter((name) => name.startsWith('culprit.'));
  const gone = (path: string): Promise<true | undefined> => eventually(() => !existsSync(path), 15_000);
  let before: string[] = [];
  beforeAll(() => {
    before = foldersInMemory();
  });

  it('brings what it measured, and leaves nothing behind', async () => {
    const run = await runExperiment(local, options('echo "measured 42"; have sh && is_root && echo root'));
    expect(run).toMatchObject({ output: { ended: 'done', exitStatus: 0, stdout: expect.stringContaining('measured 42\n') }, left: [] });
    expect(existsSync(thing)).toBe(false);
    expect(await eventually(() => foldersInMemory().length <= before.length, 15_000)).toBe(true);
  });

  it('says why it did not run', async () => {
    const run = await runExperiment(local, options("absent 'there is no second pool'"));
    expect(run.output).toMatchObject({ ended: 'done', exitStatus: 120, note: 'there is no second pool' });
  });

  it('names what cannot be removed', async () => {
    writeFileSync(join(folder, 'busy'), '');
    const run = await runExperiment(local, options('echo measured'));
    expect(run).toMatchObject({ output: { ended: 'done', stdout: 'measured\n' }, left: [`rm ${thing}`] });
    rmSync(join(folder, 'busy'));
    expect(await gone(thing)).toBe(true);
  }, 60_000);

  it('ends at its time, with what it had until then', async () => {
    const seconds = uniqueSeconds();
    const run = await runExperiment(local, options(`echo first; trap '' TERM; sleep ${seconds}; echo second`, { limitSeconds: 2 }));
    expect(run.output).toMatchObject({ ended: 'timed-out', note: 'its time was over', stdout: 'first\n' });
    expect(existsSync(thing)).toBe(false);
    expect(processesWith(seconds)).toEqual([]);
  }, 30_000);

  it('ends when the host has too little space', async () => {
    const run = await runExperiment(local, options(`sleep ${uniqueSeconds()}`, { abortWhen: [{ metric: 'free-space', path: "/it's/nowhere", leastBytes: 1 }, { metric: 'free-space', path: '/dev/shm', leastBytes: 2 ** 60 }] }));
    expect(run.output.ended).toBe('timed-out');
    expect(run.output.note).toMatch(/^only \d+ MiB are free on \/dev\/shm$/);
    expect(existsSync(thing)).toBe(false);
  }, 30_000);

  it('ends when the user does not want it any more', async () => {
    const abort = new AbortController();
    const seconds = uniqueSeconds();
    const running = runExperiment(local, options(`sleep ${seconds}`, { signal: abort.signal }));
    expect(await eventually(() => processesWith(seconds).length > 0, 10_000)).toBe(true);
    abort.abort();
    const run = await running;
    expect(run).toMatchObject({ output: { ended: 'timed-out', note: 'the connection ended' }, left: [] });
    expect(existsSync(thing)).toBe(false);
  }, 30_000);

  it.each(['the measuring shell', 'the keeper', 'what it runs'])('cleans up when %s is killed', async (who) => {
    const seconds = uniqueSeconds();
    const running = runExperiment(local, options(`sleep ${seconds}`, { limitSeconds: 4 }));
    expect(await eventually(() => processesWith(seconds).some((id) => readFileSync(`/proc/${id}/comm`, 'utf8') === 'sleep\n'), 10_000)).toBe(true);
    const main = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    const keeper = processesWith('/keep').find((id) => readFileSync(`/proc/${id}/cmdline`, 'latin1').split('\0').includes(String(main)))!;
    const victim = { 'the measuring shell': main, 'the keeper': keeper, 'what it runs': processesWith(seconds)[0]! }[who]!;
    process.kill(victim, 'SIGKILL');
    if (who === 'the keeper') processesWith(seconds).forEach((id) => process.kill(id, 'SIGKILL'));
    const run = await running;
    expect(run.output.ended).toBe(who === 'the measuring shell' ? 'lost' : 'done');
    expect(await gone(thing)).toBe(true);
    expect(await eventually(() => processesWith(seconds).length === 0, 10_000)).toBe(true);
    expect(await eventually(() => foldersInMemory().length <= before.length, 15_000)).toBe(true);
  }, 60_000);

  it('takes no harm from an impossible nonce or a loud host', async () => {
    const run = await runExperiment(local, options(`printf '\\n@0123456789abcdef probe sample 1 done 0 0 0 3 x\\nabc'; head -c 20000 /dev/zero | tr '\\0' x`));
    expect(run.output.stdout.length).toBe(10_000);
    await pause(10);
  });
});
