import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Suite } from '../define.ts';
import { ensureMachine } from '../machine/build.ts';
import { installPartners } from '../machine/partners.ts';
import { ensureQemu } from '../machine/qemu.ts';
import { culpritVersion } from '../run/look.ts';
import type { RunContext } from '../run/run.ts';
import { takeTurn } from '../run/slots.ts';
import { productHash } from '../run/store.ts';
import { cacheFolder } from '../cache.ts';
import { endStragglers } from '../vm/stragglers.ts';
import type { Machine } from '../vm/machine.ts';

const root = join(import.meta.dirname, '..', '..');
export const running = new Set<Machine>();

/** The commit that the product was run from, or nothing where this is no checkout. */
function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

/** The product's version and commit. */
export const culprit = (): string => [culpritVersion(), commit()].filter(Boolean).join(' ');

/** Everything that runs on a suite need: built where it is missing. */
export async function contextOf(suite: Suite, kind: 'quick' | 'upgrade', log: (line: string) => void): Promise<Omit<RunContext, 'log'>> {
  const release = await takeTurn('building');
  try {
    return await buildContext(suite, kind, log);
  } finally {
    release();
  }
}

async function buildContext(suite: Suite, kind: 'quick' | 'upgrade', log: (line: string) => void): Promise<Omit<RunContext, 'log'>> {
  await installPartners(log);
  const { program, args, env, version } = await ensureQemu(log);
  const qemu = { command: [program, ...args] as const, env: { ...process.env, ...env }, imageTool: ['qemu-img'] as const };
  const machine = kind === 'quick' ? await ensureMachine(suite, log) : await (await import('../machine/upgrade.ts')).ensureUpgradeMachine(suite, log);
  return {
    prepared: { qemu, image: { rootFormat: 'raw', ...machine }, imageHash: machine.hash },
    versions: { ...machine.versions, qemu: version, culprit: culprit() },
    productHash: productHash(),
    running,
  };
}

const runFolder = (): string => join(cacheFolder(), 'run');

/** Ends all machines of this process, whatever happens: also those that are just being started. What earlier processes left behind when they were killed ends now. */
export function endMachinesOnSignals(): void {
  endStragglers(runFolder());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      console.error('\nInterrupted: ending the machines. Results so far are kept; "npm run lab -- all" goes on from there.');
      void Promise.allSettled([...running].map((machine) => machine.stop())).then(() => {
        endStragglers(runFolder(), true);
        process.exit(130);
      });
    });
  }
}
