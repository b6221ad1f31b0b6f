import { spawn } from 'node:child_process';

export interface CommandResult {
  /** Null when it was killed on its time limit. */
  readonly exitStatus: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of this machine, killed after `timeoutMs`, at most 64 KiB of each output kept. Undefined when it is not installed. */
export function runCommand(command: string, args: readonly string[], timeoutMs: number): Promise<CommandResult | undefined> {
  return new Promise((resolve) => {
    const texts = { stdout: '', stderr: '' };
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C', PATH: `${process.env['PATH'] ?? '/usr/bin:/bin'}:/usr/sbin:/sbin` },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] = (texts[name] + text).slice(0, 65_536);
      });
    }
    child.on('error', () => resolve(undefined));
    child.on('exit', (exitStatus) => setTimeout(() => resolve({ exitStatus, ...texts }), 50));
    child.on('close', (exitStatus) => resolve({ exitStatus, ...texts }));
  });
}
