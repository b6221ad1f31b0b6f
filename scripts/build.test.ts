import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, installedBeside } from './build.ts';
import { packageFolders } from './build/licenses.ts';

const repository = join(import.meta.dirname, '..');
const elsewhere = mkdtempSync(join(tmpdir(), 'culprit-build-'));
const folder = join(elsewhere, 'bundle');

beforeAll(async () => void (await build(folder)));
afterAll(() => rmSync(elsewhere, { recursive: true }));

function run(program: string, ...words: string[]) {
  return spawnSync(process.execPath, [program, ...words], { encoding: 'utf8', cwd: elsewhere, maxBuffer: 2 ** 26 });
}

function readText(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

describe('the bundle', () => {
  it('runs where nothing else is, also behind a link', () => {
    symlinkSync(join(folder, 'main.js'), join(elsewhere, 'culprit'));
    const { version } = JSON.parse(readText('package.json')) as { version: string };
    expect(spawnSync(join(elsewhere, 'culprit'), ['--version'], { encoding: 'utf8', cwd: elsewhere })).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
    expect(run(join(folder, 'main.js'), 'nonsense').status).toBe(64);
  });

  it.each([['access'], ['catalog'], ['collector'], ['explain', 'io-delay'], ['issues', 'zfs'], ['investigate', '--show-commands']])('has all that %s needs', (...words) => {
    const { status, stdout, stderr } = run(join(folder, 'main.js'), ...words);
    expect({ status, stderr }).toEqual({ status: words[0] === 'issues' && stdout === '' ? 1 : 0, stderr: words[0] === 'issues' && stdout === '' ? stderr : '' });
  });

  it('serves, with what npm installs beside it', { timeout: 60_000 }, async () => {
    symlinkSync(join(repository, 'node_modules'), join(elsewhere, 'node_modules'));
    writeFileSync(join(elsewhere, 'culprit.yaml'), 'http: { port: 0 }\nhosts: [{ name: pve1 }]\n');
    const child = spawn(process.execPath, [join(folder, 'main.js'), 'serve', '--config', join(elsewhere, 'culprit.yaml'), '--data', join(elsewhere, 'data')], { cwd: elsewhere, stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (log += piece));
    const ended = once(child, 'close');
    while (child.exitCode === null && !/at http:\/\/[\d.:]+/.test(log)) await new Promise((resolve) => setTimeout(resolve, 50));
    const address = /at (http:\/\/[\d.:]+)/.exec(log)?.[1];
    expect(await (await fetch(`${address}/readyz`)).json()).toEqual({ status: 'ready' });
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
  });

  it('prints the same collector as the sources', () => {
    const scripts = [join(folder, 'main.js'), join(repository, 'src/cli/main.ts')].map((program) => run(program, 'collector').stdout.replaceAll(/\bculprit_nonce=\w+/g, ''));
    expect(scripts[0]).toContain('culprit_main');
    expect(scripts[0]).toBe(scripts[1]);
  });

  it('imports only its own parts, Node and what npm installs beside it', () => {
    const files = globSync('**/*.js', { cwd: folder });
    const imports = files.flatMap((file) => [...readText(file).matchAll(/^(?:import|\} from|export)\b[^'"\n]*["']([^"']+)["'];$/gm)].map((match) => match[1]!));
    expect(imports.length).toBeGreaterThan(10);
    expect(imports.filter((path) => !path.startsWith('node:') && !path.startsWith('./') && !path.startsWith('../') && !installedBeside.some((name) => name === path))).toEqual([]);
  });

  it('has a manifest without scripts, and with no dependencies but those', () => {
    const manifest = JSON.parse(readText('package.json')) as Record<string, unknown>;
    expect(Object.keys(manifest).sort()).toEqual(['bin', 'dependencies', 'description', 'engines', 'keywords', 'license', 'name', 'type', 'version']);
    expect(manifest).toMatchObject({ name: 'culprit', type: 'module', bin: { culprit: 'main.js' }, license: 'MIT' });
    expect(Object.keys(manifest['dependencies'] as object).sort()).toEqual([...installedBeside].sort());
    expect(statSync(join(folder, 'main.js')).mode & 0o111).toBe(0o111);
    expect(readText('main.js').startsWith('#!/usr/bin/env node\n')).toBe(true);
  });

  it('carries its licence and those of all packages in it', () => {
    expect(readText('LICENSE')).toBe(readFileSync(join(repository, 'LICENSE'), 'utf8'));
    const { dependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
    const licenses = readText('THIRD-PARTY-LICENSES');
    for (const name of Object.keys(dependencies)) expect(licenses.includes(`\n${name} `), name).toBe(!installedBeside.some((one) => one === name));
    const parts = licenses.split(/^-{80}$/m).slice(1);
    expect(parts.length).toBeGreaterThan(50);
    const terms = /Permission (?:is hereby granted|to use)|Apache License\n|Redistribution and use in source and binary forms|PERMISSION TO COPY|Permission is granted/i;
    expect(parts.filter((part) => !terms.test(part)).map((part) => part.trim().split('\n')[0])).toEqual([]);
  });
});

describe('building', () => {
  it('never empties a folder that holds something else', async () => {
    writeFileSync(join(elsewhere, 'letter.txt'), 'dear');
    await expect(build(elsewhere)).rejects.toThrow('holds something else');
    expect(readFileSync(join(elsewhere, 'letter.txt'), 'utf8')).toBe('dear');
  });

  it('tells the packages of its inputs', () => {
    const inputs = ['src/cli/main.ts', 'node_modules/zod/v4/index.js', 'node_modules/zod/index.js', 'node_modules/@scope/one/a.js', 'node_modules/wrap/node_modules/string/index.js'];
    expect(packageFolders(inputs)).toEqual(['node_modules/@scope/one', 'node_modules/wrap/node_modules/string', 'node_modules/zod']);
  });
});
