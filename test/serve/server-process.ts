import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logIn } from '../../src/server/testing.ts';

const root = join(import.meta.dirname, '../..');

/** `culprit serve` as a process of its own, with a data folder of its own. */
export class ServerProcess {
  readonly folder = mkdtempSync(join(tmpdir(), 'culprit-serve-'));
  log = '';
  #child: ChildProcess | undefined;

  /** Resolves when it listens. */
  async start(settings: object, environment: Readonly<Record<string, string>> = {}): Promise<{ readonly address: string; readonly token: string | undefined }> {
    const config = join(this.folder, 'culprit.yaml');
    // JSON is YAML.
    writeFileSync(config, JSON.stringify({ http: { port: 0 }, timeZone: 'UTC', ...settings }));
    this.log = '';
    const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), 'serve', '--config', config, '--data', join(this.folder, 'data')], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...environment } });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (this.log += piece));
    for (;;) {
      const address = /at (http:\/\/[^\s"]+)/.exec(this.log)?.[1];
      if (address !== undefined) return { address, token: /this token: (\S+)/.exec(this.log)?.[1] };
      if (child.exitCode !== null) throw new Error(`the server ended by itself: ${this.log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'close');
    child.kill(signal);
    await ended;
    return child.exitCode;
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Asks until the answer is there. */
export async function until<T>(ask: () => T | undefined | Promise<T | undefined>, what: string, limitMs: number): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > endMs) throw new Error(`waited ${limitMs / 1_000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Makes the first admin, logs in, and gives the headers of who is logged in. */
export async function adminOf(address: string, token: string | undefined): Promise<Readonly<Record<string, string>>> {
  const [name, password] = ['anna', 'correct horse battery'];
  await fetch(`${address}/api/v1/first-start`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token, name, password }) });
  return logIn(address, name, password);
}
