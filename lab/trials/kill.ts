import { spawn } from 'node:child_process';
import type { Host } from '../define.ts';
import { sshOptions } from '../vm/ssh.ts';
import { product } from './machine.ts';
import { tracesOn, waitUntilAsBefore } from './traces.ts';

/** Who is killed with SIGKILL: the product with its ssh, its ssh alone, the shell that measures, all that the experiment runs, the process that cleans up, or nobody (Ctrl-C). */
export const victims = ['product', 'ssh', 'measuring shell', 'what it runs', 'keeper', 'nobody, but Ctrl-C'] as const;
export type Victim = (typeof victims)[number];

export interface Kill {
  readonly experiment: string;
  readonly victim: Victim;
  /** After the experiment began on the host. */
  readonly afterSeconds: number;
}

export interface KillResult extends Kill {
  readonly outcome: 'as before' | 'something is left' | 'it ended before' | 'it did not begin';
  /** From the kill until the host was as before. */
  readonly seconds: number;
  readonly left: readonly string[];
}

/** Pids on the host: of the keeper and of the shell that measures. */
async function pidsOf(host: Host): Promise<{ keeper: number; main: number } | undefined> {
  const [line] = (await host.run("pgrep -af '^sh .*culprit.[A-Za-z0-9]*/keep [0-9]'", { mayFail: true })).split('\n');
  const [, keeper, main] = /^(\d+) sh \S+\/keep (\d+) /.exec(line ?? '') ?? [];
  return keeper === undefined || main === undefined ? undefined : { keeper: Number(keeper), main: Number(main) };
}

async function killOnHost(host: Host, victim: Victim): Promise<void> {
  const pids = await pidsOf(host);
  if (pids === undefined) return;
  const { keeper, main } = pids;
  if (victim === 'measuring shell') await host.run(`kill -9 ${main}`, { mayFail: true });
  if (victim === 'keeper') await host.run(`kill -9 ${keeper}`, { mayFail: true });
  if (victim === 'what it runs') await host.run(`for pid in $(pgrep -g ${main}); do [ "$pid" = ${main} ] || kill -9 "$pid"; done`, { mayFail: true });
}

/** Starts one experiment with the product, kills something at a moment of it, and waits until the host is as before. */
export async function kill(host: Host, keyFile: string, { experiment, victim, afterSeconds }: Kill, limitSeconds: number): Promise<KillResult> {
  const before = await tracesOn(host);
  const words = [product, 'try', experiment, 'root@127.0.0.1', ...sshOptions(host.sshPort, keyFile), '--json'];
  const child = spawn(process.execPath, words, { stdio: 'ignore', detached: true });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const result = (outcome: KillResult['outcome'], seconds = 0, left: readonly string[] = []): KillResult => ({ experiment, victim, afterSeconds, outcome, seconds, left });
  for (let waited = 0; (await pidsOf(host)) === undefined; waited += 1) {
    if (isOver() || waited > 240) return result('it did not begin');
    await host.wait(0.25);
  }
  await Promise.race([ended, host.wait(afterSeconds)]);
  if (isOver()) {
    const { seconds, left } = await waitUntilAsBefore(host, before, limitSeconds);
    return result('it ended before', seconds, left);
  }
  if (victim === 'product') process.kill(-child.pid!, 'SIGKILL');
  else if (victim === 'ssh') spawn('pkill', ['-KILL', '-g', String(child.pid), '-x', 'ssh'], { stdio: 'ignore' });
  else if (victim === 'nobody, but Ctrl-C') process.kill(child.pid!, 'SIGINT');
  else await killOnHost(host, victim);
  const { seconds, left } = await waitUntilAsBefore(host, before, limitSeconds);
  if (!isOver()) await Promise.race([ended, host.wait(limitSeconds)]);
  if (!isOver()) process.kill(-child.pid!, 'SIGKILL');
  return result(left.length === 0 ? 'as before' : 'something is left', seconds, left);
}
