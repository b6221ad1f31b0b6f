import type { RunResult } from '../define.ts';
import type { ScenarioDescription } from './descriptions.ts';
import { notesOn, withoutFailingRun, type KnownFailure } from './known-failures.ts';
import { code, counted, escapeMarkdown, fixed, table } from './markdown.ts';
import { compareRuns } from './results-json.ts';

/** The variant, and which run of it where there are several. */
const variantOf = (run: RunResult): string => `${code(run.variant)}${run.repeat > 1 ? ` (run ${run.repeat})` : ''}`;
const half = (run: RunResult): string => (run.heldOut ? 'held out' : 'open');
const outcome = (run: RunResult): string => (run.outcome === 'right' ? 'right' : `**${run.outcome.replace('-', ' ')}**`);

function madeHow(run: RunResult): string {
  if (run.verdict === undefined) return '–';
  if (run.takenOver) return 'earlier';
  return run.diagnosedAgain ? 'again' : 'live';
}

function runRow(run: RunResult): string[] {
  const lead = run.verdict?.causes[0];
  return [
    variantOf(run),
    code(run.suite),
    half(run),
    outcome(run),
    run.verdict === undefined ? '–' : escapeMarkdown(run.verdict.status),
    lead === undefined ? '–' : code(lead.id),
    fixed(lead?.probability, 3),
    run.verdict === undefined ? '–' : fixed(run.seconds.investigate, 1),
    madeHow(run),
  ];
}

function scenarioSection(name: string, runs: readonly RunResult[], described: ScenarioDescription | undefined): string {
  const first = runs[0]!;
  return [
    `### ${escapeMarkdown(name)}`,
    `${first.subject}, ${first.kind}. ${escapeMarkdown(described?.why ?? 'This scenario no longer exists.')}`,
    table(
      ['Variant', 'Suite', 'Half', 'Outcome', 'Verdict', 'Leading cause', '>Probability', '>Seconds', 'Verdict made'],
      runs.map(runRow),
    ),
  ].join('\n\n');
}

/** A table for each scenario with a row for each run, and what is done in it. */
export function runsSection(results: readonly RunResult[], descriptions: readonly ScenarioDescription[]): string {
  const described = new Map(descriptions.map((one) => [one.name, one]));
  const runs = new Map<string, RunResult[]>();
  for (const run of results.toSorted(compareRuns)) runs.set(run.scenario, [...(runs.get(run.scenario) ?? []), run]);
  const sections = [...runs].map(([name, some]) => scenarioSection(name, some, described.get(name)));
  return ['## Every run', ...(sections.length === 0 ? ['There is none yet.'] : sections)].join('\n\n');
}

function entryName({ scenario, variant, suite }: KnownFailure): string {
  return `${code(scenario)}, ${variant === undefined ? 'all variants' : code(variant)}, ${suite === undefined ? 'both suites' : code(suite)}`;
}

/** Every failing run with what is wrong, and what is known about it; and notes to which no failing run belongs. */
export function failuresSection(results: readonly RunResult[], known: readonly KnownFailure[]): string {
  const failing = results.filter((run) => run.outcome !== 'right').sort(compareRuns);
  const lines = failing.flatMap((run) => [
    `- ${code(run.scenario)}, ${variantOf(run)}, ${code(run.suite)} (${half(run)}): ${outcome(run)}`,
    ...(run.failures.length === 0 ? ['No reason was given.'] : run.failures).map((failure) => `  - ${escapeMarkdown(failure)}`),
    ...notesOn(run, known).map((note) => `  - Why: ${escapeMarkdown(note)}`),
  ]);
  const unexplained = failing.filter((run) => notesOn(run, known).length === 0).length;
  const parts = ['## Every failure'];
  if (failing.length === 0) parts.push('No run failed.');
  else parts.push(`${counted(failing.length, 'run')} of ${results.length} failed; ${unexplained} of them without a note on why.`, lines.join('\n'));
  const stale = withoutFailingRun(known, results);
  if (stale.length > 0) {
    parts.push('These notes are about failures that no run shows (any more):', stale.map((one) => `- ${entryName(one)}: ${escapeMarkdown(one.note)}`).join('\n'));
  }
  return parts.join('\n\n');
}
