import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { endStragglers } from './stragglers.ts';

const folder = mkdtempSync(join(tmpdir(), 'culprit-stragglers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A process that stands for the machine of a run, named after its owner. */
function machine(name: string) {
  const own = join(folder, name);
  mkdirSync(own);
  const child = spawn('sh', ['-c', 'sleep 60; :', 'sh', `${own}/root.qcow2`], { stdio: 'ignore' });
  writeFileSync(join(own, 'pid'), `${child.pid}\n`);
  return { own, ended: new Promise<void>((resolve) => child.once('exit', () => resolve())), end: () => child.kill('SIGKILL') };
}

it('ends what nobody owns any more, and nothing else', async () => {
  const gone = machine('story-1a2b3c-999999999');
  const first = machine('story-1a2b3c-999999999-first');
  const alive = machine(`story-1a2b3c-${process.ppid}`);
  const own = machine(`story-1a2b3c-${process.pid}`);
  mkdirSync(join(folder, 'stale-999999999'));
  writeFileSync(join(folder, 'stale-999999999', 'pid'), `${process.ppid}\n`);
  expect(endStragglers(folder)).toBe(2);
  await Promise.all([gone.ended, first.ended]);
  expect([gone, first, alive, own].map((one) => existsSync(one.own))).toEqual([false, false, true, true]);
  expect(existsSync(join(folder, 'stale-999999999'))).toBe(false);
  expect(endStragglers(folder, true)).toBe(1);
  await own.ended;
  alive.end();
  await alive.ended;
});

it('has nothing to do where nothing ran', () => expect(endStragglers(join(folder, 'nowhere'))).toBe(0));
