import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunOptions } from '../define.ts';
import { runProcess } from './process.ts';

/** What every connection to a lab machine needs: its host key changes with each build, and only its own key is offered. */
export function sshOptions(port: number, keyFile: string): string[] {
  const settings = [`Port=${port}`, 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'IdentitiesOnly=yes', 'BatchMode=yes'];
  return ['-i', keyFile, ...settings.flatMap((setting) => ['-o', setting])];
}

/** The lab's own way into a machine: one connection that stays open, so that a command costs no new key exchange. */
export class Shell {
  readonly #words: readonly string[];

  constructor(port: number, keyFile: string, folder: string) {
    const master = ['ControlMaster=auto', `ControlPath=${join(folder, 'ssh')}`, 'ControlPersist=yes', 'ConnectTimeout=5', 'ServerAliveInterval=20'];
    this.#words = [...sshOptions(port, keyFile), ...master.flatMap((setting) => ['-o', setting])];
  }

  async run(script: string, { timeoutSeconds = 60, mayFail = false }: RunOptions = {}): Promise<string> {
    const outcome = await runProcess('ssh', [...this.#words, 'root@127.0.0.1', 'bash -s'], { input: script, timeoutSeconds });
    if (outcome.status === 0 || mayFail) return outcome.stdout;
    const why = outcome.timedOut ? `did not end within ${timeoutSeconds} s` : `ended with ${outcome.status ?? 'a signal'}`;
    throw new Error(`A script in the machine ${why}: ${script.trim().slice(0, 300)}\n${outcome.stderr.trim().slice(-1000)}`);
  }

  /** Waits until a command runs. Throws after the time, with what ssh said last. */
  async waitUntilReady(timeoutSeconds: number, isAlive: () => boolean): Promise<void> {
    const end = performance.now() + timeoutSeconds * 1000;
    for (;;) {
      const { status, stderr } = await runProcess('ssh', [...this.#words, 'root@127.0.0.1', 'true'], { timeoutSeconds: 20 });
      if (status === 0) return;
      if (!isAlive()) throw new Error('QEMU ended before the machine was up.');
      if (performance.now() > end) throw new Error(`The machine does not answer to ssh after ${timeoutSeconds} s: ${stderr.trim()}`);
      await sleep(300);
    }
  }

  async close(): Promise<void> {
    await runProcess('ssh', [...this.#words, '-O', 'exit', 'root@127.0.0.1'], { timeoutSeconds: 5 }).catch(() => {});
  }
}
