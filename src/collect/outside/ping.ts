import type { PingSeen } from '../../define/reachability.ts';
import { runCommand } from './run-command.ts';

const count = 3;

/** Asks an address by the system's ping: three times, a second each. */
export async function ping(address: string): Promise<PingSeen> {
  // iputils and busybox take seconds for -W, BSD and macOS milliseconds.
  const wait = process.platform === 'darwin' ? '1000' : '1';
  const result = await runCommand('ping', ['-n', '-c', String(count), '-W', wait, address], 5_000);
  if (!result) return { outcome: 'not-installed', sent: 0, received: 0 };
  return parsePing(result.stdout);
}

/** Reads the summary that iputils, busybox and BSD ping print alike. */
export function parsePing(stdout: string): PingSeen {
  const [, sent, received] = /(\d{1,9}) packets transmitted, (\d{1,9}) (?:packets )?received/.exec(stdout) ?? [];
  if (sent === undefined || Number(sent) === 0) return { outcome: 'failed', sent: 0, received: 0 };
  const average = /= [\d.]{1,12}\/([\d.]{1,12})\//.exec(stdout)?.[1];
  return {
    outcome: Number(received) > 0 ? 'answered' : 'no-answer',
    sent: Number(sent),
    received: Number(received),
    ...(average !== undefined && Number.isFinite(Number(average)) ? { averageMs: Number(average) } : {}),
  };
}
