/**
 * The gate of metric ranking: labelled troubles of real servers (ASD, SMD), each with the metrics that showed it. `npm run bench:metrics -- FOLDER`: the share of the labelled metrics among
 * the top ranked, beside what others rank by on the same segments. One setting for both data sets: what ships.
 */
import { learnMetric } from '../src/timeline/metric-ranking.ts';
import { baselines, type Scorer } from './bench/metrics/baselines.ts';
import { interpretationScore, type Ranked } from './bench/metrics/interpretation-score.ts';
import { readMachines, type Machine } from './bench/metrics/server-metrics.ts';

/** Metrics have no names here, so every one counts in both directions. */
const shipped: Scorer = (machine) => {
  const trainSteps = machine.train[0]?.length ?? 0;
  const learners = machine.train.map((history, metric) => {
    const values = [...history, ...machine.test[metric]!];
    const series = { metric: `metric_${metric}`, labels: {}, timesMs: values.map((_, step) => step * machine.stepMs), values };
    return learnMetric(series, trainSteps * machine.stepMs);
  });
  return ({ from, to }) => learners.map((learner) => learner({ onsetMs: (trainSteps + from) * machine.stepMs, untilMs: (trainSteps + to) * machine.stepMs })?.score ?? 0);
};

function rankedBy(scorer: Scorer, machines: readonly Machine[]): Ranked[] {
  return machines.flatMap((machine) => {
    const scoreOf = scorer(machine);
    return machine.segments.map((segment) => ({ scores: scoreOf(segment), labelled: segment.metrics, samples: segment.to - segment.from }));
  });
}

const folder = process.argv[2] ?? '';
if (folder === '') {
  console.error('Usage: npm run bench:metrics -- FOLDER\nThe folder holds meta.json and the matrices of servers of ASD and SMD, made from the data of the repository zhhlee/InterFusion.');
  process.exit(64);
}
const cuts = [1, 1.5];
let met = true;
for (const [set, machines] of Object.entries(readMachines(folder))) {
  const segments = machines.flatMap((machine) => machine.segments);
  console.log(`${set}: ${machines.length} servers, ${segments.length} segments of ${segments.reduce((sum, { from, to }) => sum + to - from, 0)} samples, ${machines[0]?.test.length ?? 0} metrics\n`);
  console.log(['scorer'.padEnd(16), 'IPS@100', 'IPS@150', 'by segment @100', '@150'].join('  '));
  const scores = Object.entries({ ...baselines, Culprit: shipped }).map(([name, scorer]) => {
    const ranked = rankedBy(scorer, machines);
    const found = cuts.map((cut) => interpretationScore(ranked, cut));
    const cells = [...found.map(({ byLength }) => byLength), ...found.map(({ bySegment }) => bySegment)].map((value) => value.toFixed(3));
    console.log([name.padEnd(16), cells[0]!.padStart(7), cells[1]!.padStart(7), cells[2]!.padStart(15), cells[3]!.padStart(5)].join('  '));
    return { name, byLength: found.map(({ byLength }) => byLength) };
  });
  const best = cuts.map((_, index) => Math.max(...scores.filter(({ name }) => name !== 'Culprit').map(({ byLength }) => byLength[index]!)));
  const own = scores.at(-1)!.byLength;
  const reached = cuts.every((_, index) => own[index]! >= best[index]! - 0.0005);
  met &&= reached;
  console.log(`${reached ? 'Not worse than' : 'Worse than'} the best of the others: ${own.map((value) => value.toFixed(3)).join(' / ')} against ${best.map((value) => value.toFixed(3)).join(' / ')}.\n`);
}
process.exitCode = met ? 0 : 1;
