import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { freezeFunctions, thawLeft } from '../src/catalog/guests/freeze-script.ts';
import { restoreSetting, settingFunctions } from '../src/catalog/guests/quiet-setting.ts';
import { eventually } from '../src/collect/testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'culprit-hold-'));
const file = (name: string): string => join(folder, name);
const words = `as_root() { "$@"; }\nTMP='${folder}' group='${folder}'\n`;
const clean = `experiment_clean() {\n${restoreSetting}\n${thawLeft}\n}\n`;
const text = (name: string): string => readFileSync(file(name), 'utf8').trim();
const run = (script: string): string => spawnSync('sh', ['-c', `${words}${clean}${script}`], { encoding: 'utf8' }).stdout;

/** Ordinary files stand for those of a control group. */
describe('a guest that is held up', () => {
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    for (const name of ['held', 'frozen', 'timer']) rmSync(file(name), { force: true });
    writeFileSync(file('cgroup.freeze'), '0\n');
    writeFileSync(file('cgroup.events'), 'populated 1\nfrozen 1\n');
    writeFileSync(file('cpu.max'), '150000 100000\n');
  });

  it('gets its setting back exactly, however often the clean-up runs', () => {
    expect(run(`${settingFunctions}prepare_setting cpu.max '25000 100000'; hold; cat '${folder}/cpu.max'`)).toBe('25000 100000\n');
    expect(run('experiment_clean; experiment_clean')).toBe('');
    expect(text('cpu.max')).toBe('150000 100000');
  });

  it('keeps what somebody else has set meanwhile', () => {
    run(`${settingFunctions}prepare_setting cpu.max '25000 100000'; hold; echo '50000 100000' >'${folder}/cpu.max'`);
    expect(run('experiment_clean')).toBe('');
    expect(text('cpu.max')).toBe('50000 100000');
  });

  it('is not touched where nothing was changed yet', () => {
    run(`${settingFunctions}prepare_setting cpu.max '25000 100000'`);
    expect(run('experiment_clean')).toBe('');
    expect(text('cpu.max')).toBe('150000 100000');
  });

  it('is thawed by itself within three seconds when all else is killed', async () => {
    const shell = spawn('sh', ['-c', `${words}${freezeFunctions([])}freeze_it; echo frozen; sleep 60`], { detached: true });
    expect(await eventually(() => text('cgroup.freeze') === '1', 5_000)).toBe(true);
    process.kill(-shell.pid!, 'SIGKILL');
    expect(await eventually(() => text('cgroup.freeze') === '0', 4_500)).toBe(true);
  }, 15_000);

  it('is thawed by the clean-up at once', () => {
    expect(run(`${freezeFunctions([])}freeze_it; cat '${folder}/cgroup.freeze'; experiment_clean; cat '${folder}/cgroup.freeze'; thaw`)).toBe('1\n0\n');
  });

  it('is given up when it does not stand still', () => {
    writeFileSync(file('cgroup.events'), 'populated 1\nfrozen 0\n');
    expect(run(`${freezeFunctions([])}freeze_it; echo never`)).toBe('stopped it did not stand still within a second\n');
    expect(text('cgroup.freeze')).toBe('0');
  }, 15_000);

  it('is left alone when somebody else has frozen or locked it', () => {
    writeFileSync(file('config'), 'cores: 2\nlock: backup\n');
    expect(run(`${freezeFunctions([file('config')])}freeze_it; echo never`)).toBe('stopped it is locked for an operation\n');
    writeFileSync(file('cgroup.freeze'), '1\n');
    expect(run(`${freezeFunctions([])}freeze_it; echo never`)).toBe('stopped somebody else has frozen it\n');
    expect(run('experiment_clean')).toBe('');
    expect(text('cgroup.freeze')).toBe('1');
  });
});
