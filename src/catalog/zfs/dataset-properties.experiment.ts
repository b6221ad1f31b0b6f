import { defineExperiment, tooNoisy, type Finding } from '../../define/experiment.ts';
import { unparsable } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import { countIn, words } from '../../lib/host-text.ts';
import { mean } from '../../lib/averages.ts';
import { pairedRatio, type Estimate } from '../../lib/paired.ts';
import busiestDatasets, { type BusiestDataset } from './busiest-datasets.fact.ts';
import { propertySamples } from './dataset-properties.samples.ts';
import { refusalsOfWriting } from './pool-refusals.ts';
import { propertyOutcomes, trialsOf, type PropertyClass, type Trial } from './property-trials.ts';
import snapshotTools from './snapshot-tools.probe.ts';
import { createOptions, historyTrace, makeTemporaries, plainPoolName, removeTemporaries, temporaryDatasets } from './temporary-datasets.ts';
import { writeInWays } from './write-in-ways.ts';
import zpools from './zpools.fact.ts';
import { abortWhenWorse } from '../disk/abort-when-worse.ts';
import { mebibyte } from '../../lib/units.ts';

const limitSeconds = 150;
const rounds = 3;
const mostTrials = 3;
/** Written to one side at a time, at most. */
const mostMib = 32;
const sideMib = 36;
/** Less than this is no reason for guests to be slow. */
const muchFactor = 2;
/** A write that takes less than this many times as long as writing nothing is lost in what the pool writes for others: no difference then means nothing. */
const leastOverBase = 1.5;
const plainDatasetName = /^[A-Za-z][\w.:/-]{0,255}$/;
const none = 'no property costs much';

interface Tried {
  readonly property: PropertyClass;
  readonly ownText: string;
  readonly otherText: string;
  readonly factor: Estimate;
  /** The write itself took the better part of the time, and not what others wrote at the same time. */
  readonly isClear: boolean;
}

const isClass = (word: string): word is PropertyClass => Object.hasOwn(propertyOutcomes, word);

/** The pool to look at, what to try there, and the options that make the two sides of each. */
function chosen(pools: readonly BusiestDataset[]): { readonly dataset: BusiestDataset; readonly trials: readonly (Trial & { readonly ownOptions: string; readonly otherOptions: string })[] }[] {
  const found = pools.filter(({ pool }) => plainPoolName.test(pool)).map((dataset) => ({
    dataset,
    trials: trialsOf(dataset).flatMap((trial) => {
      const [ownOptions, otherOptions] = [createOptions(dataset.type, trial.own), createOptions(dataset.type, trial.other)];
      return ownOptions === undefined || otherOptions === undefined ? [] : [{ ...trial, ownOptions, otherOptions }];
    }),
  }));
  return found.filter(({ trials }) => trials.length > 0).slice(0, 1);
}

function triedIn(rows: readonly (readonly string[])[]): Tried[] {
  return rows.filter(([kind]) => kind === 'trial').slice(0, mostTrials).flatMap(([, number, name = '', ownText = '', otherText = '']) => {
    const property = name.replace('-', ' ');
    const times = (side: string): number[] => rows.filter(([kind, of, which]) => kind === 'write' && of === number && which === side).map(([, , , took]) => Math.max(10, countIn(took) ?? Number.NaN));
    const [own, other] = [times('own'), times('other')];
    const base = rows.filter(([kind, of]) => kind === 'base' && of === number).map(([, , took]) => countIn(took) ?? 0);
    const isClear = mean([...own, ...other]) >= leastOverBase * mean(base);
    const factor = own.length === other.length ? pairedRatio(own.map((time, index) => [time, other[index] ?? Number.NaN])) : undefined;
    return isClass(property) && factor !== undefined ? [{ property, ownText: ownText.replace('_', ' '), otherText: otherText.replace('_', ' '), factor, isClear }] : [];
  });
}

const sentence = ({ property, ownText, otherText, factor }: Tried): string =>
  `${property} ${ownText} takes ${factor.mean.toFixed(1)} times as long as ${otherText} (95 % between ${factor.low.toFixed(1)} and ${factor.high.toFixed(1)})`;

function outcomeOf(tried: readonly Tried[]): string {
  const worst = tried.filter(({ factor }) => factor.low >= muchFactor).toSorted((a, b) => b.factor.mean - a.factor.mean)[0];
  if (worst !== undefined) return propertyOutcomes[worst.property];
  return tried.length > 0 && tried.every(({ factor, isClear }) => isClear && factor.high < muchFactor) ? none : tooNoisy;
}

export default defineExperiment({
  id: 'dataset-properties',
  title: 'Writing with the properties of the busiest dataset, one at a time',
  subject: 'zfs',
  about: `Looks at the dataset that most is written to, and takes those of its properties that can cost much as they are set: deduplication, \`sync=always\`, a block size that does not fit what is written,
gzip or zstd, more than one copy, no cache, \`logbias=throughput\`, a cryptographic checksum; at most three. For each it makes two temporary datasets that are alike but for this property and writes
generated data to them by turns, until the pool has it on its disks. A property that makes writing twice as slow is told by that from slow disks, which hold up both.`,
  needs: { busiest: busiestDatasets, zpools: optional(zpools), tools: optional(snapshotTools) },
  risk: 'writes-temporary',
  costSeconds: 40,
  costBytes: mostTrials * (4 * rounds + 4) * mostMib * mebibyte,
  limitSeconds,
  trace: historyTrace,
  differs: ['one property at a time'],
  objects: ({ busiest }) => chosen(busiest.pools).map(({ dataset }) => dataset.object),
  refusals: (facts) => chosen(facts.busiest.pools).flatMap(({ dataset, trials }) => refusalsOfWriting(facts, dataset.pool, { bytes: 2 * trials.length * mostMib * mebibyte, seconds: limitSeconds })),
  sh: ({ busiest }) => {
    const [one] = chosen(busiest.pools);
    if (one === undefined) return "absent 'no property to try'";
    const { pool, type, name } = one.dataset;
    const trials = one.trials.map(({ property, ownText, otherText, way, pieceBytes, own, other }, index) => {
      const number = index + 1;
      const stride = Math.max(own.blockSizeBytes ?? 0, other.blockSizeBytes ?? 0, pieceBytes);
      return `echo "trial ${number} ${[property.replace(' ', '-'), ownText.replace(' ', '_'), otherText.replace(' ', '_')].join(' ')}"
compare ${number} ${way} ${pieceBytes} ${stride}`;
    });
    const sides = one.trials.flatMap(({ ownOptions, otherOptions }, index) =>
      [['own', ownOptions] as const, ['other', otherOptions] as const].map(([side, options]) => ({ pool, side: `${side}${index + 1}`, type, options, megabytes: sideMib })),
    );
    return `is_root || denied 'root is needed to make datasets'
need zfs
${temporaryDatasets}
no_snapshot_tool
${writeInWays({ pool, direct: type === 'volume', rounds, budgetMs: Math.floor(75_000 / one.trials.length), lastStartMs: 125_000 })}
remove_leftovers ${pool}
${makeTemporaries(sides)}
echo "pool ${pool} ${plainDatasetName.test(name) ? name : pool}"
${trials.join('\n')}`;
  },
  abortWhen: () => abortWhenWorse,
  cleanUp: ({ busiest }) => chosen(busiest.pools).map(({ dataset, trials }) => removeTemporaries(dataset.pool, trials.flatMap((_, index) => [`own${index + 1}`, `other${index + 1}`]))).join('\n'),
  parse: (stdout) => {
    const rows = stdout.split('\n', 300).map((row) => words(row.slice(0, 500)));
    const [, pool, name = ''] = rows.find(([kind]) => kind === 'pool') ?? [];
    if (pool === undefined) return unparsable('no pool is named');
    const tried = triedIn(rows);
    const says = tried.length === 0 ? `Too little could be written to ${pool} to compare.` : `Writing as ${name} is set: ${tried.map(sentence).join('; ')}.`;
    const finding: Finding = { object: `storage/${pool}`, outcome: outcomeOf(tried), says };
    return { findings: [finding] };
  },
  outcomes: {
    [none]: 0.72,
    [propertyOutcomes.dedup]: 0.02,
    [propertyOutcomes.sync]: 0.09,
    [propertyOutcomes['block size']]: 0.07,
    [propertyOutcomes.compression]: 0.05,
    [propertyOutcomes.copies]: 0.01,
    [propertyOutcomes.primarycache]: 0.02,
    [propertyOutcomes.logbias]: 0.01,
    [propertyOutcomes.checksum]: 0.01,
  },
  examples: propertySamples,
});
