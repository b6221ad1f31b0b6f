import type { RunResult } from '../define.ts';
import { code, counted, escapeMarkdown, fixed, table } from './markdown.ts';
import { plainShare } from './page-figures.ts';
import { groupScores, type GroupScores } from './scores.ts';
import { median } from './statistics.ts';

interface Pair {
  readonly without: RunResult;
  readonly tried: RunResult;
}

const keyOf = ({ scenario, variant, suite, repeat }: RunResult): string => [scenario, variant, suite, repeat].join(' ');

/** Each run with experiments beside the run of the same thing without. */
function pairsOf(plain: readonly RunResult[], tried: readonly RunResult[]): Pair[] {
  const byKey = new Map(plain.map((run) => [keyOf(run), run]));
  return tried.flatMap((run) => {
    const without = byKey.get(keyOf(run));
    return without === undefined ? [] : [{ without, tried: run }];
  });
}

function comparison(pairs: readonly Pair[]): string {
  const [without, tried] = [groupScores(pairs.map((pair) => pair.without)), groupScores(pairs.map((pair) => pair.tried))];
  const seconds = (of: keyof Pair): string => `${fixed(median(pairs.map((pair) => pair[of].seconds.investigate)), 1)} s`;
  const cost = (of: keyof Pair): string => `${fixed(median(pairs.flatMap((pair) => pair[of].hostCpuSeconds ?? [])), 1)} s`;
  const row = (name: string, text: (group: GroupScores) => string): string[] => [name, text(without), text(tried)];
  return table(
    ['Score', '>Without', '>With'],
    [
      row('Top-1', ({ topOne }) => plainShare(topOne)),
      row('Top-3', ({ topThree }) => plainShare(topThree)),
      row('Controls accused', ({ accusedControls }) => plainShare(accusedControls)),
      row('Runs with a cause wrongly called identified', ({ wronglyIdentifiedRuns }) => String(wronglyIdentifiedRuns)),
      row('All right', ({ right }) => plainShare(right)),
      ['Time to the verdict, median', seconds('without'), seconds('tried')],
      ['CPU time on the host, median', cost('without'), cost('tried')],
    ],
  );
}

/** One line an experiment: how often it was run, what it took, how it ended, and what became of the verdicts. */
function eachExperiment(pairs: readonly Pair[]): string {
  const ids = [...new Set(pairs.flatMap(({ tried }) => (tried.experiments ?? []).map(({ id }) => id)))].sort();
  const rows = ids.map((id) => {
    const triedIt = pairs.filter(({ tried }) => tried.experiments?.some((one) => one.id === id));
    const ends = new Map<string, number>();
    for (const one of triedIt.flatMap(({ tried }) => tried.experiments ?? [])) if (one.id === id) ends.set(one.outcome, (ends.get(one.outcome) ?? 0) + 1);
    const seconds = median(triedIt.flatMap(({ tried }) => tried.experiments?.find((one) => one.id === id)?.seconds ?? []));
    const turned = (from: 'right' | 'wrong'): number => triedIt.filter(({ without, tried }) => (without.outcome === 'right') === (from === 'right') && (tried.outcome === 'right') !== (from === 'right')).length;
    const endsText = [...ends].map(([outcome, count]) => `${escapeMarkdown(outcome)} (${count})`).join(', ');
    return [code(id), String(triedIt.length), `${fixed(seconds, 1)} s`, endsText, String(turned('wrong')), String(turned('right'))];
  });
  return table(['Experiment', '>Runs', '>Median time', 'How it ended', '>Right only with it', '>Wrong only with it'], rows);
}

/** The section about what experiments bring: the same runs without and with them. */
export function experimentsSection(plain: readonly RunResult[], tried: readonly RunResult[]): string {
  const pairs = pairsOf(plain, tried);
  if (pairs.length === 0) return '## With experiments\n\nNo run with experiments yet: `npm run lab -- experiments`.';
  const ran = pairs.filter(({ tried: run }) => (run.experiments ?? []).length > 0);
  const intro = `${counted(pairs.length, 'run')} of those above were looked at once more with \`--experiments safe\`. In ${ran.length} of them the product tried something; in the others no experiment was worth its cost, and the verdict is the same by
construction. The figures without experiments are of the very same runs.`;
  return ['## With experiments', intro, comparison(pairs), ...(ran.length > 0 ? ['Of the runs in which something was tried:', comparison(ran), eachExperiment(ran)] : [])].join('\n\n');
}
