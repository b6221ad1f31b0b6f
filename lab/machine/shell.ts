import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface CommandOptions {
  /** All output is appended here; without it, stdout is given back and stderr goes into the error. */
  readonly logFile?: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** Runs a program and gives what it printed on stdout (nothing when it goes to a log). Throws with its last words when it fails. */
export async function command(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const printed = await commandBytes(program, args, options);
  return printed.toString();
}

/** As `command`, for what is no text. */
export async function commandBytes(program: string, args: readonly string[], options: CommandOptions = {}): Promise<Buffer> {
  const { logFile, input, env } = options;
  if (logFile) mkdirSync(dirname(logFile), { recursive: true });
  const log = logFile ? openSync(logFile, 'a') : undefined;
  const child = spawn(program, [...args], {
    stdio: ['pipe', log ?? 'pipe', log ?? 'pipe'],
    env: { ...process.env, LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive', ...env },
  });
  const printed: Buffer[] = [];
  const complaints: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => printed.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => complaints.push(chunk));
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  const { promise, resolve, reject } = Promise.withResolvers<number | string>();
  child.on('error', reject);
  child.on('close', (status, signal) => resolve(status ?? signal ?? 'no status'));
  try {
    const status = await promise;
    if (status === 0) return Buffer.concat(printed);
    const words = logFile ? `${lastLines(readFileSync(logFile, 'utf8'), 8)}\nAll of it is in ${logFile}.` : lastLines(Buffer.concat(complaints).toString(), 8);
    throw new Error(`${program} ended with ${status}: ${words}`);
  } finally {
    if (log !== undefined) closeSync(log);
  }
}

/** Runs a bash script that stops at its first error; `$1`, `$2` … are the words. */
export async function bash(script: string, words: readonly string[] = [], options: CommandOptions = {}): Promise<string> {
  return await command('bash', ['-euo', 'pipefail', '-c', script, 'lab', ...words], options);
}
