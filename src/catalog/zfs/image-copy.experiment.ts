import { defineExperiment, tooNoisy, type Finding } from '../../define/experiment.ts';
import { unparsable } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import { countIn, words } from '../../lib/host-text.ts';
import { pairedRatio, type Estimate } from '../../lib/paired.ts';
import busiestDatasets, { type BusiestDataset } from './busiest-datasets.fact.ts';
import { imageCopySamples } from './image-copy.samples.ts';
import { poolRefusals, refusalsOfWriting, snapshotRefusals, type WritingHost } from './pool-refusals.ts';
import snapshotTools from './snapshot-tools.probe.ts';
import { createOptions, historyTrace, makeTemporaries, plainPoolName, removeTemporaries, temporaryDatasets } from './temporary-datasets.ts';
import zpools from './zpools.fact.ts';
import timedReadsByTurns from '../disk/timed-reads-by-turns.experiment.ts';
import { abortWhenWorse } from '../disk/abort-when-worse.ts';
import { mebibyte } from '../../lib/units.ts';

const limitSeconds = 150;
/** No copy begins after so long: what was measured until then must not be lost at the limit. */
const lastStartMs = 120_000;
const rounds = 3;
/** An image is made of pieces of three mebibytes, two of them data and one a hole. */
const pieceMib = 3;
const mostPieces = 12;
const imageMib = pieceMib * mostPieces;
/** Each side: a first copy for each of the three sizes that are tried, and six measured ones. */
const sideBytes = (2 * rounds + 2) * imageMib * mebibyte;
const muchFactor = 2;
/** Where the pool has longer to do for others, a copy waits for its own data only, as fsync does. */
const longSyncMs = 1_500;
/** Data that streams into a pool at rest: a single mechanical disk takes 50 to 100 MB/s beside some work. */
const slowMegabytesPerSecond = 10;
const notQuickMegabytesPerSecond = 30;

const outcomes = {
  properties: 'slow only with the properties of the dataset',
  pool: 'slow everywhere in the pool',
  host: 'slow in every pool',
  same: 'quick everywhere',
} as const;

interface Chosen {
  readonly dataset: BusiestDataset;
  readonly own: string;
  readonly plain: string;
  /** Another pool that may be written to now. */
  readonly elsewhere: string | undefined;
}

interface CopyFacts extends WritingHost {
  readonly busiest: { readonly pools: readonly BusiestDataset[] };
}

function chosen({ busiest, zpools: known, tools }: CopyFacts): Chosen[] {
  const dataset = busiest.pools.find(({ pool }) => plainPoolName.test(pool));
  const [own, plain] = dataset === undefined ? [] : [createOptions(dataset.type, dataset), createOptions(dataset.type, {})];
  if (dataset === undefined || own === undefined || plain === undefined) return [];
  const others = (known?.pools ?? []).filter(({ name }) => name !== dataset.pool && plainPoolName.test(name));
  const open = others.filter((pool) => [...poolRefusals(pool, 2 * imageMib * mebibyte), ...snapshotRefusals(tools, pool.name, limitSeconds)].length === 0);
  return [{ dataset, own, plain, elsewhere: open.toSorted((a, b) => (b.freeBytes ?? 0) - (a.freeBytes ?? 0))[0]?.name }];
}

interface Speeds {
  /** Times as long with the properties of the users' dataset as with ZFS's defaults in the same pool, and there as in the other pool. */
  readonly own: Estimate;
  readonly pool?: Estimate | undefined;
  readonly plainSpeed: number;
  readonly elsewhereSpeed?: number | undefined;
}

function outcomeOf({ own, pool, plainSpeed, elsewhereSpeed }: Speeds): string {
  if (own.low >= muchFactor) return outcomes.properties;
  if (own.high >= muchFactor) return tooNoisy;
  if (elsewhereSpeed === undefined || pool === undefined) return plainSpeed < slowMegabytesPerSecond ? outcomes.pool : outcomes.same;
  if (pool.low >= muchFactor && plainSpeed < notQuickMegabytesPerSecond) return outcomes.pool;
  if (pool.low < muchFactor && pool.high >= muchFactor && plainSpeed < notQuickMegabytesPerSecond) return tooNoisy;
  return plainSpeed < slowMegabytesPerSecond && elsewhereSpeed < slowMegabytesPerSecond ? outcomes.host : outcomes.same;
}

const factorText = (what: string, { mean, low, high }: Estimate, than: string): string => `${what} takes ${mean.toFixed(1)} times as long as ${than} (95 % between ${low.toFixed(1)} and ${high.toFixed(1)})`;

function findingOf(pool: string, elsewhere: string | undefined, rows: readonly (readonly string[])[]): Finding {
  const copies = (side: string): readonly { took: number; bytes: number }[] =>
    rows.filter(([kind, which]) => kind === 'copy' && which === side).map(([, , took, bytes]) => ({ took: Math.max(10, countIn(took) ?? Number.NaN), bytes: countIn(bytes) ?? Number.NaN }));
  const [own, plain, other] = [copies('own'), copies('plain'), copies('elsewhere')];
  const against = (a: typeof own, b: typeof own): Estimate | undefined => pairedRatio(a.map(({ took }, index) => [took, b[index]?.took ?? Number.NaN]));
  const speed = (of: typeof own): number => of.reduce((sum, { bytes }) => sum + bytes, 0) / of.reduce((sum, { took }) => sum + took, 0) / 1_000;
  const factor = own.length === plain.length ? against(own, plain) : undefined;
  if (factor === undefined) return { object: `storage/${pool}`, outcome: tooNoisy, says: `Too little could be copied in ${pool} to compare.` };
  const isElsewhere = elsewhere !== undefined && other.length === plain.length;
  const speeds = { own: factor, plainSpeed: speed(plain), ...(isElsewhere && { pool: against(plain, other), elsewhereSpeed: speed(other) }) };
  const parts = [
    `A copy of an image to a dataset set as the busiest one of ${pool} goes at ${speed(own).toFixed(0)} MB/s, to one with ZFS's defaults at ${speeds.plainSpeed.toFixed(0)} MB/s: ${factorText('the first', factor, 'the second')}.`,
    ...(speeds.pool !== undefined ? [`To one with the defaults in ${elsewhere} it goes at ${speed(other).toFixed(0)} MB/s: ${factorText(pool, speeds.pool, elsewhere ?? '')}.`] : []),
  ];
  return { object: `storage/${pool}`, outcome: outcomeOf(speeds), says: parts.join(' ') };
}

export default defineExperiment({
  id: 'image-copy',
  title: 'Copying an image to a dataset set like the busiest one, to a plain one, and to another pool',
  subject: 'zfs',
  about: `What an admin tries first. Makes an image of generated data with holes, at most ${imageMib} MiB, on a temporary dataset, and copies it by turns to a temporary dataset with all properties of the one that
most is written to (with a random key where that is encrypted), to one with ZFS's defaults in the same pool, and to one with the defaults in another pool, if there is one that may be written to now. It tells
what lies in the properties of the dataset from what lies in its pool, and that from what lies in the host. Which property it is, or what differs between the pools, it does not tell: several differ.`,
  needs: { busiest: busiestDatasets, zpools: optional(zpools), tools: optional(snapshotTools) },
  risk: 'writes-temporary',
  costSeconds: 35,
  costBytes: 3 * sideBytes + imageMib * mebibyte,
  limitSeconds,
  trace: historyTrace,
  differs: ['all properties of the dataset, encryption among them', 'pool and disks'],
  controls: [timedReadsByTurns],
  objects: (facts) => chosen(facts).map(({ dataset }) => dataset.object),
  refusals: (facts) => chosen(facts).flatMap(({ dataset }) => refusalsOfWriting(facts, dataset.pool, { bytes: 4 * imageMib * mebibyte, seconds: limitSeconds })),
  sh: (facts) => {
    const [one] = chosen(facts);
    if (one === undefined) return "absent 'no dataset to compare'";
    const { type, pool } = one.dataset;
    const temporary = (side: string, where: string, options: string, kind = type) => ({ pool: where, side, type: kind, options, megabytes: imageMib + 4 });
    const elsewhere = one.elsewhere === undefined ? [] : [temporary('elsewhere', one.elsewhere, one.plain)];
    const sides = one.elsewhere === undefined ? ['own', 'plain'] : ['own', 'plain', 'elsewhere'];
    return `is_root || denied 'root is needed to make datasets'
need zfs
${temporaryDatasets}
no_snapshot_tool
${[pool, ...(one.elsewhere === undefined ? [] : [one.elsewhere])].map((name) => `remove_leftovers ${name}`).join('\n')}
echo "pool ${pool} ${one.elsewhere ?? '-'}"
${makeTemporaries([temporary('source', pool, createOptions('filesystem', {}) ?? '', 'filesystem'), temporary('own', pool, one.own), temporary('plain', pool, one.plain), ...elsewhere])}
read -r image <"$TMP/path.source"
piece=0
while [ "$piece" -lt ${mostPieces} ]; do
  head -c ${2 * mebibyte} /dev/urandom | dd of="$image" bs=1M count=2 seek=$((piece * ${pieceMib})) iflag=fullblock conv=notrunc 2>/dev/null || exit 1
  piece=$((piece + 1))
done
truncate -s $((${imageMib} * ${mebibyte})) "$image"
as_root zpool sync ${pool}
first=$(experiment_ms) durable=
as_root zpool sync ${pool}
if [ $(($(experiment_ms) - first)) -gt ${longSyncMs} ]; then durable=,fsync; fi
copy() {
  read -r to <"$TMP/path.$1"
  where=${pool}
  if [ "$1" = elsewhere ]; then where=${one.elsewhere ?? pool}; fi
  ${type === 'volume' ? ':' : ': >"$to"'}
  from=$(experiment_ms)
  dd if="$image" of="$to" bs=1M count=$((pieces * ${pieceMib})) conv=${type === 'volume' ? 'sparse,notrunc' : 'sparse'}$durable ${type === 'volume' ? 'oflag=direct' : ''} 2>/dev/null || exit 1
  if [ -z "$durable" ]; then as_root zpool sync "$where" || exit 1; fi
  took=$(($(experiment_ms) - from))
}
for pieces in 1 4 ${mostPieces}; do
  all=0
  for side in ${sides.join(' ')}; do copy "$side"; all=$((all + took)); done
  [ "$all" -lt ${1_500 * sides.length} ] || break
done
round=0
began=$(experiment_ms)
while [ "$round" -lt ${rounds} ] && { [ "$round" -lt 2 ] || [ $(($(experiment_ms) - began)) -lt 40000 ]; }; do
  for side in ${[...sides, ...sides.toReversed()].join(' ')}; do
    [ $(($(experiment_ms) - first)) -lt ${lastStartMs} ] || exit 0
    copy "$side"
    echo "copy $side $took $((pieces * ${2 * mebibyte}))"
  done
  round=$((round + 1))
done`;
  },
  abortWhen: () => abortWhenWorse,
  cleanUp: (facts) =>
    chosen(facts).map(({ dataset, elsewhere }) => [removeTemporaries(dataset.pool, ['own', 'plain', 'source']), ...(elsewhere === undefined ? [] : [removeTemporaries(elsewhere, ['elsewhere'])])].join('\n')).join('\n'),
  parse: (stdout) => {
    const rows = stdout.split('\n', 200).map((row) => words(row.slice(0, 500)));
    const [, pool, elsewhere] = rows.find(([kind]) => kind === 'pool') ?? [];
    return pool === undefined ? unparsable('no pool is named') : { findings: [findingOf(pool, elsewhere === '-' ? undefined : elsewhere, rows)] };
  },
  outcomes: { [outcomes.properties]: 0.06, [outcomes.pool]: 0.08, [outcomes.host]: 0.02, [outcomes.same]: 0.84 },
  examples: imageCopySamples,
});
