/**
 * The gate of the change points: the Turing Change Point Dataset (github.com/alan-turing-institute/TCPD), univariate series, against its five annotators.
 * `npm run bench:changepoints -- FOLDER` with the JSON files of the series and annotations.json: covering and F1 (margin 5) of the shipped search with its one setting, and of the usual methods.
 */
import { findChangePoints } from '../src/timeline/change-points.ts';
import { readAnnotatedData, type AnnotatedSeries } from './bench/changepoints/data.ts';
import { bayesianOnline, binarySegmentation, optimalPartitioning, standardised, zero, type Method } from './bench/changepoints/methods.ts';
import { covering, f1Score, validPoints } from './bench/changepoints/score.ts';

const bounds = { covering: 0.63, f1: 0.67 };
const methods: Readonly<Record<string, Method>> = {
  culprit: (values) => [...findChangePoints(values).changes],
  'ZERO (no change)': zero,
  'BINSEG, default': (values) => binarySegmentation(standardised(values)),
  'BOCPD, default': (values) => bayesianOnline(standardised(values)),
  'PELT, default': (values) => optimalPartitioning(standardised(values)),
};

interface Scored {
  readonly name: string;
  readonly found: readonly number[];
  readonly covering: number;
  readonly f1: number;
  readonly ms: number;
}

function scoreOf({ name, values, annotations }: AnnotatedSeries, method: Method): Scored {
  const before = performance.now();
  const found = validPoints(method(values), values.length);
  return { name, found, covering: covering(annotations, found, values.length), f1: f1Score(annotations, found), ms: performance.now() - before };
}

const average = (scored: readonly Scored[], of: (one: Scored) => number): number => scored.reduce((sum, one) => sum + of(one), 0) / scored.length;

const [folder = '', ...options] = process.argv.slice(2);
if (folder === '') {
  console.error('Usage: npm run bench:changepoints -- FOLDER [--series]\nThe folder holds annotations.json and the JSON files of the Turing Change Point Dataset; --series prints each series.');
  process.exit(64);
}
const { series, leftOut } = readAnnotatedData(folder);
// The published means are over the real series; the five made ones are a check of their own there.
const isMade = ({ name }: { readonly name: string }): boolean => name.startsWith('quality_control_');
const [real, made] = [series.filter((one) => !isMade(one)), series.filter(isMade)];
console.log(`Turing Change Point Dataset: ${real.length} of the 32 univariate series of the published comparison, and ${made.length} made ones (quality control).`);
if (leftOut.length > 0) console.log(`Left out: ${leftOut.join('; ')}.`);
console.log(`\n${['method'.padEnd(17), 'covering', 'F1', 'covering (made)', 'F1 (made)', 'time'].join('  ')}`);
let ours: readonly Scored[] = [];
for (const [name, method] of Object.entries(methods)) {
  const [scored, scoredMade] = [real.map((one) => scoreOf(one, method)), made.map((one) => scoreOf(one, method))];
  if (name === 'culprit') ours = scored;
  const cells = [average(scored, (one) => one.covering).toFixed(3).padStart(8), average(scored, (one) => one.f1).toFixed(3)];
  const madeCells = made.length === 0 ? [''.padStart(15), ''.padStart(9)] : [average(scoredMade, (one) => one.covering).toFixed(3).padStart(15), average(scoredMade, (one) => one.f1).toFixed(3).padStart(9)];
  console.log([name.padEnd(17), ...cells, ...madeCells, `${Math.round([...scored, ...scoredMade].reduce((sum, one) => sum + one.ms, 0))} ms`].join('  '));
  if (options.includes('--series')) for (const one of [...scored, ...scoredMade]) console.log(`    ${one.name.padEnd(20)} ${one.covering.toFixed(3)}  ${one.f1.toFixed(3)}  ${one.found.join(' ')}`);
}
const [meanCovering, meanF1] = [average(ours, (one) => one.covering), average(ours, (one) => one.f1)];
const holds = meanCovering >= bounds.covering && meanF1 >= bounds.f1;
console.log(`\n${holds ? 'Within the bounds' : 'Below the bounds'}: covering ${meanCovering.toFixed(3)} of at least ${bounds.covering}, F1 ${meanF1.toFixed(3)} of at least ${bounds.f1}.`);
process.exitCode = holds ? 0 : 1;
