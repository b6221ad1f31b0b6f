import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ticksPerSecond = 100;

/** Processor time of a process until now, user and system (proc_pid_stat(5)). */
export function cpuSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Memory that is its own, and its share of what is shared (proc_pid_smaps_rollup). */
export function memoryMib(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024;
}

export function bytesIn(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).filter((one) => one.isFile()).reduce((sum, one) => sum + statSync(join(one.parentPath, one.name)).size, 0);
}

/** Starts a process; what it says is kept for when it fails. */
export class Started {
  readonly child: ChildProcess;
  says = '';

  constructor(command: string, words: readonly string[]) {
    this.child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout!, this.child.stderr!]) stream.setEncoding('utf8').on('data', (piece: string) => (this.says = (this.says + piece).slice(-20_000)));
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Waits until it says something. */
  async until(pattern: RegExp, limitMs = 60_000): Promise<RegExpExecArray> {
    for (const endMs = performance.now() + limitMs; performance.now() < endMs; ) {
      const found = pattern.exec(this.says);
      if (found !== null) return found;
      if (this.child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`it did not come up: ${this.says}`);
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'close');
    this.child.kill('SIGTERM');
    await ended;
  }
}
