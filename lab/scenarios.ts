import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suites, type Scenario, type Suite } from './define.ts';

const folder = join(import.meta.dirname, 'scenarios');

export interface LoadedScenario extends Scenario {
  /** Of the scenario's file and of all that it imports, so that a result is known to be of this very text. */
  readonly hash: string;
}

/** One thing to run: a variant of a scenario on a suite. */
export interface Job {
  readonly scenario: LoadedScenario;
  readonly variant: string;
  readonly suite: Suite;
  /** 1 unless it is run again for the statistics. */
  readonly repeat: number;
  /** The product may run experiments, those that write to something of their own included. */
  readonly experiments?: true;
}

export const jobName = ({ scenario, variant, suite, repeat, experiments }: Job): string => `${scenario.name}.${variant}.${suite}${repeat === 1 ? '' : `.${repeat}`}${experiments ? '+experiments' : ''}`;

function hashOf(file: string, seen = new Set<string>()): string {
  if (seen.has(file) || file === join(import.meta.dirname, 'define.ts')) return '';
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const imports = [...text.matchAll(/from '(\.[^']+)'/g)].map((match) => hashOf(join(dirname(file), match[1]!), seen));
  return createHash('sha256').update([text, ...imports].join('\0')).digest('hex').slice(0, 12);
}

/** All scenarios, by name. Throws when a name is not its file's, or occurs twice. */
export async function loadScenarios(): Promise<LoadedScenario[]> {
  const files = globSync('*/*.scenario.ts', { cwd: folder }).sort();
  const scenarios = await Promise.all(
    files.map(async (file) => {
      const path = join(folder, file);
      const { default: scenario } = (await import(pathToFileURL(path).href)) as { default: Scenario };
      if (!file.endsWith(`/${scenario.name}.scenario.ts`)) throw new Error(`${file} defines "${scenario.name}"; both must have one name.`);
      return { ...scenario, hash: hashOf(path) };
    }),
  );
  const names = scenarios.map((scenario) => scenario.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`There are two scenarios named "${twice}".`);
  return scenarios.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The jobs that words name: `story`, `story.no-avx`, `story.no-avx.trixie`. No word: all. */
export function chooseJobs(scenarios: readonly LoadedScenario[], words: readonly string[], { suite, repeat = 1 }: { suite?: Suite; repeat?: number } = {}): Job[] {
  const all = scenarios.flatMap((scenario) =>
    Object.keys(scenario.variants).flatMap((variant) =>
      suites
        .filter((one) => (scenario.suites ?? suites).includes(one) && (suite === undefined || one === suite))
        .flatMap((one) => Array.from({ length: repeat }, (_, index): Job => ({ scenario, variant, suite: one, repeat: index + 1 }))),
    ),
  );
  const matches = (job: Job, word: string): boolean => jobName(job) === word || jobName(job).startsWith(`${word}.`);
  const unknown = words.find((word) => !all.some((job) => matches(job, word)));
  if (unknown !== undefined) throw new Error(`No scenario is named "${unknown}". "npm run lab -- list" shows them all.`);
  return words.length === 0 ? all : all.filter((job) => words.some((word) => matches(job, word)));
}
