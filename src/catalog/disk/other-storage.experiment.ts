import { defineExperiment, tooNoisy, type Finding } from '../../define/experiment.ts';
import { absent, unparsable } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import { bytesText, countIn, words } from '../../lib/host-text.ts';
import { estimate, pairedRatio } from '../../lib/paired.ts';
import storagePlaces, { type StoragePlace } from '../filesystem/storage-places.fact.ts';
import { removeFiles, temporaryFiles } from '../filesystem/temporary-files.ts';
import { createOptions, makeTemporaries, removeTemporaries, temporaryDatasets } from '../zfs/temporary-datasets.ts';
import snapshotTools from '../zfs/snapshot-tools.probe.ts';
import zpools from '../zfs/zpools.fact.ts';
import type { Disk } from './disks.fact.ts';
import { pairOf, refusalsOfPair, type Pair } from './other-storage-choice.ts';
import { secondsIn, secondsOfDd, visitsByTurns } from './visits-by-turns.ts';
import { abortWhenWorse } from './abort-when-worse.ts';

const unitBytes = 262_144;
const mostUnits = 32;
const limitSeconds = 150;
const rounds = 3;
const secondsInAll = 75;
/** A write is made of so many pieces that the slower of the two takes about so long for it. */
const aboutMs = 1_500;

/**
 * Bytes a second, made durable at the end of some MiB, below which a storage is slow for its medium, also one that has other work. A mechanical disk streams 100 to 250 MB/s, a SATA solid-state disk 300 to 500.
 */
const leastBytesPerSecond: Readonly<Record<Disk['kind'], number>> = { hdd: 10e6, ssd: 40e6, nvme: 60e6, virtual: 10e6, unknown: 10e6 };
const muchQuicker = 3;

type Side = 'slow' | 'other';
const sides = ['slow', 'other'] as const;

function ratesOf(rows: readonly (readonly string[])[], side: Side): number[] {
  return rows.flatMap(([kind, which, units, seconds]) => {
    const [size, took] = [countIn(units) ?? 0, secondsIn(seconds) ?? 0];
    return kind === 'wrote' && which === side && size > 0 && took > 0 ? [(size * unitBytes) / took] : [];
  });
}

function findingOf(slow: string, other: string, kind: Disk['kind'], rows: readonly (readonly string[])[]): Finding {
  const object = slow;
  const [own, theirs] = sides.map((side) => ratesOf(rows, side)) as [number[], number[]];
  const least = leastBytesPerSecond[kind];
  const [ownRate, theirRate] = [own, theirs].map((rates) => estimate(rates.map(Math.log)));
  const rate = (logs: { readonly mean: number } | undefined): string => (logs === undefined ? 'nothing' : `${bytesText(Math.exp(logs.mean))} a second`);
  const stuck = sides.filter((side) => rows.some(([kind, which]) => kind === 'stuck' && which === side));
  if (stuck.length === 1 && stuck[0] === 'slow' && theirRate !== undefined && theirRate.low >= Math.log(least)) return { object, outcome: 'only this storage is slow', says: `A write of 256 KiB to ${slow} did not end within 10 s, while ${other} takes ${rate(theirRate)}.` };
  const ratio = pairedRatio(theirs.map((value, index) => [value, own[index] ?? Number.NaN]));
  if (stuck.length > 0 || ratio === undefined || ownRate === undefined || theirRate === undefined) return { object, outcome: tooNoisy, says: `Too little could be written to ${slow} and ${other} to compare.` };
  const isSlow = ownRate.high < Math.log(least);
  const says = `The same data is written to ${slow} at ${rate(ownRate)} and to ${other} at ${rate(theirRate)}: ${ratio.mean.toFixed(1)} times as quickly (95 % between ${ratio.low.toFixed(1)} and ${ratio.high.toFixed(1)}).`;
  if (isSlow && ratio.low >= muchQuicker) return { object, outcome: 'only this storage is slow', says };
  if (isSlow && theirRate.high < Math.log(least)) return { object, outcome: 'both are slow', says };
  return { object, outcome: ownRate.low >= Math.log(least) ? 'it keeps up' : tooNoisy, says };
}

function deviceLines(side: Side, { pool, folder }: StoragePlace): string {
  if (pool !== undefined) return `remove_leftovers ${pool}\n${makeTemporaries([{ pool, side, type: 'volume', options: createOptions('volume', {}) ?? '', megabytes: 32 }])}\nread -r ${side} <"$TMP/path.${side}"`;
  return `remove_old_files ${folder}\n${side}=$(temporary_file ${folder})`;
}

function cleanUpOf({ slow, other }: Pair): string {
  const volumes = ([['slow', slow], ['other', other]] as const).flatMap(([side, { pool }]) => (pool === undefined ? [] : [removeTemporaries(pool, [side])]));
  const folders = [slow, other].flatMap(({ pool, folder }) => (pool === undefined && folder !== undefined ? [folder] : []));
  return [...volumes, ...(folders.length > 0 ? [removeFiles(folders)] : [])].join('\n');
}

/** Three rounds by turns, of so many seconds for 256 KiB. */
function abba(slow: number, other: number, spread = 0.1): string {
  const line = (side: Side, seconds: number, more: number): string => `wrote ${side} 4 ${(4 * seconds * (1 + more * spread)).toFixed(6)}\n`;
  return [0, 1, 2].map((more) => line('slow', slow, more) + line('other', other, 2 - more) + line('other', other, 1) + line('slow', slow, 0)).join('');
}

export default defineExperiment({
  id: 'other-storage',
  title: 'The same data written to the slow storage and to another one',
  subject: 'disk',
  about: `Writes the same incompressible data, up to ${(mostUnits * unitBytes) / 1_048_576} MiB at a time with a flush at the end, by turns to the storage whose disks answer latest and to another one on disks of its own of the same kind: to a temporary sparse volume with
default properties in a ZFS pool, or to a temporary file on another file system; ${2 * rounds} times each. It tells a storage that is slow from what all storages of the host share: processors, memory, kernel, too much to do. Where one is ZFS and the other is not, that differs as
well. Without a second storage of the same kind there is nothing to try.`,
  needs: { storages: storagePlaces, zpools: optional(zpools), tools: optional(snapshotTools) },
  risk: 'writes-temporary',
  costSeconds: 30,
  costBytes: (4 * rounds * mostUnits + 4) * unitBytes,
  limitSeconds,
  trace: 'Where it made temporary volumes, that they were made and destroyed stays in `zpool history`.',
  differs: ['disks', 'pool or file system'],
  objects: ({ storages: { places } }) => {
    const pair = pairOf(places);
    return pair === undefined ? [] : [pair.slow.object, 'host'];
  },
  refusals: ({ storages: { places }, ...host }) => {
    const pair = pairOf(places);
    return pair === undefined ? [] : refusalsOfPair(pair, host, { bytes: 2 * mostUnits * unitBytes, seconds: limitSeconds });
  },
  sh: ({ storages: { places } }) => {
    const pair = pairOf(places);
    if (pair === undefined) return "absent 'this host has no second storage of the same kind'";
    return `is_root || denied 'root is needed to write to the storages'
need dd; need head
${pair.slow.pool === undefined && pair.other.pool === undefined ? '' : `need zfs\n${temporaryDatasets}no_snapshot_tool\n`}${temporaryFiles}${visitsByTurns}${secondsOfDd}
visit() {
  side=$1 target=$2 count=1
  if [ "$3" != try ]; then
    longest=1
    for file in "$TMP"/ms.*; do read -r took <"$file"; [ "$took" -le "$longest" ] || longest=$took; done
    count=$((${aboutMs} / longest))
    [ "$count" -le ${mostUnits} ] || count=${mostUnits}
    [ "$count" -ge 1 ] || count=1
  fi
  now_ms
  began=$now
  as_root dd if="$TMP/data" of="$target" bs=${unitBytes} count="$count" oflag=direct conv=fsync,notrunc 2>"$TMP/said.$side" || as_root dd if="$TMP/data" of="$target" bs=${unitBytes} count="$count" conv=fsync,notrunc 2>"$TMP/said.$side" || return
  now_ms
  if [ "$3" = try ]; then echo $((now - began)) >"$TMP/ms.$side"; return; fi
  seconds_of_dd "$TMP/said.$side"
  echo "wrote $side $count \${seconds:--}"
}
head -c ${mostUnits * unitBytes} /dev/urandom >"$TMP/data"
${deviceLines('slow', pair.slow)}
${deviceLines('other', pair.other)}
echo "pair ${pair.slow.object} ${pair.other.object} ${pair.slow.kind}"
{
  for round in 1 2; do echo "slow $slow try"; echo "other $other try"; done
  for round in 1 2 3; do echo "slow $slow $round"; echo "other $other $round"; echo "other $other $round"; echo "slow $slow $round"; done
} >"$TMP/visits"
by_turns ${secondsInAll}`;
  },
  abortWhen: ({ storages: { places } }) => {
    const pair = pairOf(places);
    const folders = pair === undefined ? [] : [pair.slow, pair.other].flatMap(({ pool, folder }) => (pool === undefined && folder !== undefined ? [folder] : []));
    return [...abortWhenWorse, ...folders.map((path) => ({ metric: 'free-space' as const, path, leastBytes: 100e6 }))];
  },
  cleanUp: ({ storages: { places } }) => {
    const pair = pairOf(places);
    return pair === undefined ? ':' : cleanUpOf(pair);
  },
  parse: (stdout) => {
    const rows = stdout.split('\n', 200).map((line) => words(line.slice(0, 500)));
    const [, slow, other, kind] = rows.find(([word]) => word === 'pair') ?? [];
    if (slow === undefined || other === undefined || kind === undefined || !(kind in leastBytesPerSecond)) return stdout.trim() === '' ? absent('nothing was written') : unparsable('no pair of storages is named');
    const finding = findingOf(slow, other, kind as Disk['kind'], rows);
    return { findings: [finding, { ...finding, object: 'host' }] };
  },
  outcomes: { 'only this storage is slow': 0.03, 'both are slow': 0.03, 'it keeps up': 0.94 },
  examples: [
    {
      name: 'a pool with a slow disk beside another pool',
      from: 'documented',
      stdout: `pair storage/tank storage/back hdd\n${abba(0.9, 0.01)}`,
      findings: [{ object: 'storage/tank', outcome: 'only this storage is slow' }, { object: 'host', outcome: 'only this storage is slow' }],
    },
    {
      name: 'a write that does not end, while the other storage works',
      from: 'documented',
      stdout: `pair storage/tank storage/back hdd\nstuck slow\n${abba(0.9, 0.01).split('\n').filter((line) => line.startsWith('wrote other')).join('\n')}\n`,
      findings: [{ object: 'storage/tank', outcome: 'only this storage is slow' }, { object: 'host', outcome: 'only this storage is slow' }],
    },
    { name: 'what they share is slow', from: 'documented', stdout: `pair storage/tank filesystem/ nvme\n${abba(0.2, 0.18)}`, findings: [{ object: 'storage/tank', outcome: 'both are slow' }, { object: 'host', outcome: 'both are slow' }] },
    { name: 'a pool that is four times as slow as another, and quick enough', from: 'documented', stdout: `pair storage/tank storage/back nvme\n${abba(0.002, 0.0005)}`, findings: [{ object: 'storage/tank', outcome: 'it keeps up' }, { object: 'host', outcome: 'it keeps up' }] },
    { name: 'other work comes and goes', from: 'documented', stdout: `pair storage/tank storage/back hdd\n${abba(0.03, 0.03, 6)}`, findings: [{ object: 'storage/tank', outcome: tooNoisy }, { object: 'host', outcome: tooNoisy }] },
    { name: 'nothing', from: 'documented', stdout: '', findings: 'absent' },
    { name: 'something else', from: 'documented', stdout: 'zfs: command not found\n', findings: 'unparsable' },
  ],
});
