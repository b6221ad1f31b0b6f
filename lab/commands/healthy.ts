import type { Suite } from '../define.ts';
import { sshOptions } from '../vm/ssh.ts';
import { runProcess } from '../vm/process.ts';
import { Journal } from '../trials/journal.ts';
import { listExperiments, onHealthyMachines, product } from '../trials/machine.ts';
import { endMachinesOnSignals } from './context.ts';

/** What an experiment said of a healthy machine. */
export interface HealthyRun {
  readonly experiment: string;
  readonly ran: boolean;
  readonly findings: readonly { readonly object: string; readonly outcome: string; readonly says: string }[];
  readonly reasons: readonly string[];
  readonly seconds: number;
}

/** An end that healthy hosts have so rarely is a difference that is not there. */
const rareShare = 0.15;

/** Runs each experiment so many times on a healthy machine, going on where an earlier run stopped. */
export async function runOnHealthy(suite: Suite, count: number, only: readonly string[]): Promise<readonly HealthyRun[]> {
  endMachinesOnSignals();
  const ids = listExperiments().map(({ id }) => id).filter((id) => only.length === 0 || only.includes(id));
  const journal = new Journal<HealthyRun>(`healthy-${suite}`);
  const missing = (): string | undefined => ids.find((id) => journal.entries.filter(({ experiment }) => experiment === id).length < count);
  if (missing() !== undefined) {
    await onHealthyMachines(suite, console.log, async (host, keyFile) => {
      for (let id = missing(); id !== undefined; id = missing()) {
        const { stdout, stderr } = await runProcess(process.execPath, [product, 'try', id, 'root@127.0.0.1', ...sshOptions(host.sshPort, keyFile), '--json'], { timeoutSeconds: 300 });
        if (!stdout.startsWith('{')) throw new Error(`culprit try ${id} printed no result: ${stderr.slice(-1000)}`);
        const { ran, findings, reasons, durationMs } = JSON.parse(stdout) as Omit<HealthyRun, 'experiment' | 'seconds'> & { readonly durationMs: number };
        journal.add({ experiment: id, ran, findings, reasons, seconds: Math.round(durationMs / 100) / 10 });
        console.log(`${id}: ${[...findings.map(({ object, outcome }) => `${object} ${outcome}`), ...reasons].join('; ')}`);
      }
      return 'done';
    });
  }
  return journal.entries.filter(({ experiment }) => ids.includes(experiment));
}

/** What was found that is not there. */
export function falseFindings(runs: readonly HealthyRun[]): string[] {
  const outcomes = new Map(listExperiments().map((one) => [one.id, one.outcomes]));
  return runs.flatMap(({ experiment, findings }) => findings.filter(({ outcome }) => (outcomes.get(experiment)?.[outcome] ?? 1) < rareShare).map(({ object, outcome, says }) => `${experiment}, ${object}: ${outcome}. ${says}`));
}

/** One line an experiment: how often it ran, and how it ended. */
export function healthySummary(runs: readonly HealthyRun[]): string {
  const ids = [...new Set(runs.map(({ experiment }) => experiment))];
  const lines = ids.map((id) => {
    const own = runs.filter(({ experiment }) => experiment === id);
    const ends = new Map<string, number>();
    for (const { outcome } of own.flatMap(({ findings }) => findings)) ends.set(outcome, (ends.get(outcome) ?? 0) + 1);
    return `${id}: ran ${own.filter(({ ran }) => ran).length} of ${own.length} times; ${[...ends].map(([outcome, count]) => `${outcome} (${count})`).join(', ') || 'no finding'}`;
  });
  const wrong = falseFindings(runs);
  return [...lines, wrong.length === 0 ? 'No experiment found a difference that is not there.' : `Found, and not there: ${wrong.length}\n${wrong.join('\n')}`].join('\n');
}
