import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host, Look, RunResult } from '../define.ts';
import { runProcess } from '../vm/process.ts';
import { sshOptions } from '../vm/ssh.ts';

const root = join(import.meta.dirname, '..', '..');
const culprit = join(root, 'src', 'cli', 'main.ts');

/** What the lab reads of a report; the rest is the product's own business. */
interface ReportDocument {
  readonly verdict: { readonly status: string; readonly summary: string };
  readonly causes: readonly { readonly id: string; readonly status: string; readonly probability: number; readonly objects: readonly string[] }[];
  readonly alsoNoticed: readonly { readonly id: string }[];
  readonly symptoms: readonly { readonly id: string }[];
  readonly experiments: readonly { readonly id: string; readonly outcome: string; readonly durationMs?: number }[];
}
export type Verdict = NonNullable<RunResult['verdict']>;

function verdictOf(report: ReportDocument): Verdict {
  return {
    status: report.verdict.status,
    summary: report.verdict.summary,
    causes: report.causes.map(({ id, status, probability, objects }) => ({ id, status, probability, objects })),
    noticed: report.alsoNoticed.map(({ id }) => id),
    symptoms: report.symptoms.map(({ id }) => id),
  };
}

interface Answer {
  readonly verdict: Verdict;
  readonly experiments: NonNullable<RunResult['experiments']>;
  readonly stderr: string;
}

function experimentsOf({ experiments }: ReportDocument): Answer['experiments'] {
  return experiments.map(({ id, outcome, durationMs }) => ({ id, outcome, seconds: Math.round((durationMs ?? 0) / 100) / 10 }));
}

async function ask(words: readonly string[], timeoutSeconds: number): Promise<Answer> {
  const { status, stdout, stderr, timedOut } = await runProcess(process.execPath, [culprit, 'investigate', ...words, '--json'], { timeoutSeconds, cwd: root });
  if (timedOut) throw new Error(`culprit gave no verdict within ${timeoutSeconds} s.\n${stderr.slice(-1500)}`);
  if (status === undefined || status > 3) throw new Error(`culprit ended with ${status ?? 'a signal'}: ${stderr.trim().slice(-1500)}`);
  const report = JSON.parse(stdout) as ReportDocument;
  return { verdict: verdictOf(report), experiments: experimentsOf(report), stderr };
}

/** Seconds that experiments may take in all, and what a look may take longer for them. */
const budgetSeconds = 240;

export interface Means {
  /** The product may run experiments, those that write to something of their own included. */
  readonly experiments?: true | undefined;
  /** It may, and knows no documented issue. */
  readonly blind?: true | undefined;
}

const knowing = ({ blind }: Means): string[] => (blind ? ['--no-known-issues'] : []);

/** Lets the product look at the machine over ssh, as a user would, and keeps the case. */
export function investigate(host: Host, keyFile: string, caseFile: string, look: Look = {}, means: Means = {}): Promise<Answer> {
  const mayTry = means.experiments === true || means.blind === true;
  const tries = mayTry ? ['--experiments', 'safe', '--budget', `${budgetSeconds}s`] : ['--experiments', 'none'];
  const words = look.words ?? ['root@127.0.0.1', ...sshOptions(host.sshPort, keyFile)];
  const symptoms = (look.symptoms ?? []).flatMap((id) => ['--symptom', id]);
  return ask([...words, ...symptoms, ...tries, ...knowing(means), '--save', caseFile], (look.timeoutSeconds ?? 360) + (mayTry ? 2 * budgetSeconds : 0));
}

/** The verdict of the present product on what an earlier run saved. */
export async function diagnoseAgain(caseFile: string, means: Means): Promise<Verdict> {
  return (await ask(['--from', caseFile, ...knowing(means)], 60)).verdict;
}

/** Whether the product would run an experiment on the host of a saved case. */
export async function wouldTry(caseFile: string): Promise<boolean> {
  const { status, stdout, stderr } = await runProcess(process.execPath, [culprit, 'investigate', '--from', caseFile, '--experiments', 'safe', '--budget', `${budgetSeconds}s`, '--plan'], { timeoutSeconds: 60, cwd: root });
  if (status !== 0) throw new Error(`culprit ended with ${status ?? 'a signal'}: ${stderr.trim().slice(-1500)}`);
  return stdout.startsWith('First: ');
}

/** Saves the case of an earlier run without names and addresses, and gives the verdict on what is left. */
export async function redact(caseFile: string, to: string): Promise<Verdict> {
  return (await ask(['--from', caseFile, '--redact', '--save', to], 60)).verdict;
}

/** CPU seconds that ssh logins have used in the machine so far; undefined where that cannot be read. */
export async function loginCpuSeconds(host: Host): Promise<number | undefined> {
  const text = await host.run('cat /sys/fs/cgroup/user.slice/cpu.stat /sys/fs/cgroup/system.slice/ssh.service/cpu.stat', { mayFail: true, timeoutSeconds: 15 });
  const usages = [...text.matchAll(/^usage_usec (\d+)$/gm)].map((match) => Number(match[1]) / 1e6);
  return usages.length === 0 ? undefined : usages.reduce((sum, one) => sum + one, 0);
}

export function culpritVersion(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

export const hasCase = (caseFile: string): boolean => existsSync(caseFile);
