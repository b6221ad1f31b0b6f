import { spawn } from 'node:child_process';

export interface Outcome {
  /** Undefined when it was ended for want of time, or by a signal. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** Runs a program to its end, or kills it when its time is over. What it prints is kept up to 64 MiB. */
export function runProcess(
  command: string,
  args: readonly string[],
  options: { readonly input?: string; readonly timeoutSeconds: number; readonly cwd?: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'pipe', cwd: options.cwd, env: options.env ?? process.env });
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, options.timeoutSeconds * 1000);
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8');
      child[name].on('data', (chunk: string) => {
        if (texts[name].length < 2 ** 26) texts[name] += chunk;
      });
    }
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status: timedOut ? undefined : (status ?? undefined), ...texts, timedOut });
    });
  });
}
