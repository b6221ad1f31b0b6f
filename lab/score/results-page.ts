import type { RunResult } from '../define.ts';
import { gapsIn, type ScenarioDescription } from './descriptions.ts';
import type { KnownFailure } from './known-failures.ts';
import { code, counted, escapeMarkdown, table } from './markdown.ts';
import { experimentsSection } from './page-experiments.ts';
import { figuresSection } from './page-figures.ts';
import { failuresSection, runsSection } from './page-runs.ts';
import { scores } from './scores.ts';

export interface PageMeta {
  /** When the page was written, ISO 8601. */
  readonly date: string;
  /** Version and commit of the present product, as in `versions.culprit` of a run. */
  readonly culprit: string;
  readonly knownFailures: readonly KnownFailure[];
  /** The machine that ran the lab, in a few words. */
  readonly ranOn?: string;
}

const whatItIsNot = `## What the lab is not

- It is no real hardware. The CPUs are emulated by QEMU (TCG); the disks are files behind QEMU's block layer with limits on them. No time on
  this page is a figure for hardware, neither of the host nor of the look at it.
- It is not Proxmox VE. The machines run Debian 12 and 13 with Debian's kernels and Debian's OpenZFS. Proxmox's tools are shims that print what the
  real ones print; guests are real cgroups and processes with the right names, and real LXC containers.
- It is no sample of what goes wrong in the field. Which faults there are, how strong, and how many of each kind is our own choice. The shares below
  are shares of that choice, not the chance that a verdict on your host is right.
- The faults are made on purpose, one or two at a time, on a machine that was well a minute before.
- Faults and rules are written in one project. Half of the variants are therefore held out and scored apart.`;

function howMade(results: readonly RunResult[], meta: PageMeta): string {
  const present = (run: RunResult): boolean => run.versions['culprit'] === meta.culprit;
  const ended = results.filter((run) => run.verdict !== undefined);
  const judged = ended.filter((run) => !run.takenOver);
  const count = (again: boolean, now: boolean): number =>
    judged.filter((run) => run.diagnosedAgain === again && present(run) === now).length;
  const sentences = [
    `${counted(ended.length, 'run')} of ${results.length} ended with a verdict.`,
    `${count(false, true)} of the verdicts were made live, on the running machine, by the present product (${code(meta.culprit)}).`,
    `${count(true, true)} were made again by the present product from the case that the run itself had saved when an older product looked at the machine.`,
  ];
  if (count(false, false) > 0) sentences.push(`${count(false, false)} were made live by an older product and not made again.`);
  if (count(true, false) > 0) sentences.push(`${count(true, false)} were made again from the saved case by a product that is not the present one either.`);
  const takenOver = results.filter((run) => run.takenOver);
  if (takenOver.length > 0) {
    const products = [...new Set(takenOver.map((run) => code(run.versions['culprit'] ?? 'unknown')))].sort();
    sentences.push(`The results of ${counted(takenOver.length, 'run')} are as this page had them before: the cases lie on another machine, so the verdicts are still those of ${products.join(', ')}.`);
  }
  return sentences.join('\n');
}

function introduction(results: readonly RunResult[], descriptions: readonly ScenarioDescription[], meta: PageMeta): string {
  const kinds = (['fault', 'double', 'control'] as const).map((kind) => {
    const some = results.filter((run) => run.kind === kind);
    return `${counted(some.length, 'run')} of ${counted(new Set(some.map((run) => run.scenario)).size, kind)}`;
  });
  const scenarioCount = new Set(results.map((run) => run.scenario)).size;
  const times = results.map((run) => run.startedAt).sort((a, b) => Date.parse(a) - Date.parse(b));
  const lines = [
    `Written by the lab on ${escapeMarkdown(meta.date)}${meta.ranOn === undefined ? '' : `, on ${escapeMarkdown(meta.ranOn)}`}.`,
    `${counted(results.length, 'run')} of ${counted(scenarioCount, 'scenario')} in ${counted(new Set(results.map((run) => run.family)).size, 'family', 'families')}: ${kinds.join(', ')}. The lab has ${counted(descriptions.length, 'scenario')}.`,
  ];
  if (times.length > 0) lines.push(`The oldest run is of ${escapeMarkdown(times[0]!)}, the newest of ${escapeMarkdown(times.at(-1)!)}.`);
  return `## What was run\n\n${lines.join('\n')}\n\n${howMade(results, meta)}`;
}

function gapsSection(results: readonly RunResult[], descriptions: readonly ScenarioDescription[]): string {
  const { scenarios, variants, unknown } = gapsIn(results, descriptions);
  const list = (names: readonly string[]): string => names.map((name) => `- ${escapeMarkdown(name)}`).join('\n');
  const parts = ['## What has no result yet'];
  if (scenarios.length + variants.length === 0) parts.push('Every variant of every scenario has a result.');
  if (scenarios.length > 0) parts.push(`${counted(scenarios.length, 'scenario')} without any:`, list(scenarios));
  if (variants.length > 0) parts.push(`${counted(variants.length, 'variant')} of the other scenarios, each on one suite:`, list(variants));
  if (unknown.length > 0) parts.push('These have results that are counted above, but the lab does not know them any more:', list(unknown));
  return parts.join('\n\n');
}

function versionsSection(results: readonly RunResult[]): string {
  const runs = new Map<string, number>();
  for (const run of results) {
    for (const [name, version] of Object.entries(run.versions)) {
      const key = JSON.stringify([name, run.suite, version]);
      runs.set(key, (runs.get(key) ?? 0) + 1);
    }
  }
  const rows = [...runs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => [...(JSON.parse(key) as string[]).map(escapeMarkdown), String(count)]);
  return `## Versions\n\n${rows.length === 0 ? 'No run, no versions.' : table(['Of', 'Suite', 'Version', '>Runs'], rows)}`;
}

/** The text of lab/RESULTS.md. Runs with experiments have a section of their own; all other figures are without. */
export function resultsPage(all: readonly RunResult[], descriptions: readonly ScenarioDescription[], meta: PageMeta): string {
  const results = all.filter((run) => run.experiments === undefined);
  const tried = all.filter((run) => run.experiments !== undefined);
  const parts = [
    '# Results of the fault lab',
    whatItIsNot,
    introduction(results, descriptions, meta),
    figuresSection(scores(results), gapsIn(results, descriptions)),
    experimentsSection(results, tried),
    failuresSection(results, meta.knownFailures),
    runsSection(results, descriptions),
    gapsSection(results, descriptions),
    versionsSection(results),
  ];
  return `${parts.join('\n\n')}\n`;
}
