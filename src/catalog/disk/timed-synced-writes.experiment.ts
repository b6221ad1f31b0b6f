import { defineExperiment, tooNoisy } from '../../define/experiment.ts';
import { unparsable } from '../../define/result.ts';
import storagePlaces, { type StoragePlace } from '../filesystem/storage-places.fact.ts';
import { removeFiles, temporaryFiles } from '../filesystem/temporary-files.ts';
import { waitForCpu } from './cpu-wait.ts';
import { syncedWritesFindings } from './timed-synced-writes-verdict.ts';
import { secondsOfDd, visitsByTurns } from './visits-by-turns.ts';
import { abortWhenWorse } from './abort-when-worse.ts';

const mostPlaces = 8;
const rounds = 6;
const writesAVisit = 4;
const blockBytes = 4_096;
const blocks = rounds * writesAVisit;
/** A visit that takes longer has one write the next time, and a storage that was waited for so long in all is left alone in later rounds, from the fifth on. */
const longVisitMs = 400;
const enoughMs = 5_000;
const secondsInAll = 60;

type Place = StoragePlace & { readonly folder: string };

function placesToTry(places: readonly StoragePlace[]): Place[] {
  return places.filter((place): place is Place => place.folder !== undefined && place.unfit === undefined).slice(0, mostPlaces);
}

/** Lines that name storages as the experiment does: object, kind, disks. */
function named(...list: readonly (readonly [object: string, kind: string, disks: string])[]): string {
  return list.map((one, index) => `place t${index} ${one.join(' ')}\n`).join('');
}

/** Six visits with about so many milliseconds a write. */
function writes(id: string, milliseconds: number, spread = 0.1): string {
  return Array.from({ length: rounds }, (_, index) => `wrote ${id} 4 ${((milliseconds * 4 * (1 + (index % 3) * spread)) / 1_000).toFixed(6)}\n`).join('');
}

export default defineExperiment({
  id: 'timed-synced-writes',
  title: 'Synced writes to each storage by turns',
  subject: 'disk',
  about: `Writes 4 KiB at a time, each made durable before the next (\`dd oflag=dsync\`), to a temporary file of ${blocks * 4} KiB on each pool and local file system, up to ${mostPlaces} of them, by turns forwards and backwards, ${rounds} times. That is what databases and guests wait
for. It tells one storage whose commits are slow (no power-loss protection, a slow cache flush, a RAID controller that writes through, a shingled or ailing disk) from a host on which all are. The time is dd's own, which begins after its start. The file is made and written
once beforehand, so that only data is committed. On ZFS the file lies in a dataset that is not encrypted, where there is one, and its writes go to the log of intents; the name is \`.culprit-test-…\`.`,
  needs: { storages: storagePlaces },
  risk: 'writes-temporary',
  costSeconds: 15,
  costBytes: mostPlaces * 2 * blocks * blockBytes,
  limitSeconds: secondsInAll + 30,
  differs: ['storage', 'file system'],
  objects: ({ storages: { places } }) => {
    const fit = placesToTry(places).map(({ object }) => object);
    const all = fit.length > 0 ? fit : places.map(({ object }) => object);
    return all.length > 0 ? [...all, 'host'] : [];
  },
  refusals: ({ storages: { places } }) => (placesToTry(places).length > 0 ? [] : places.map(({ object, unfit }) => unfit ?? `${object} has no mounted dataset that a file could be written to`)),
  sh: ({ storages: { places } }) => {
    const list = placesToTry(places);
    return `is_root || denied 'root is needed to write to the storages'
need dd; need head
${temporaryFiles}${visitsByTurns}${secondsOfDd}${waitForCpu}
visit() {
  name=$1 file=$(temporary_file "$2") round=$3
  if [ "$round" = make ]; then
    remove_old_files "$2"
    as_root dd if="$TMP/data" of="$file" bs=${blockBytes} conv=fsync 2>/dev/null || { echo "failed $name"; : >"$TMP/stuck.$name"; }
    return
  fi
  eval "spent=\\\${spent_$name:-0} count=\\\${count_$name:-${writesAVisit}}"
  if [ "$spent" -ge ${enoughMs} ] && [ "$round" -ge 4 ]; then return; fi
  now_ms
  began=$now
  as_root dd if="$TMP/data" of="$file" bs=${blockBytes} count="$count" skip=$((round * ${writesAVisit})) seek=$((round * ${writesAVisit})) conv=notrunc oflag=dsync 2>"$TMP/said.$name" || return
  now_ms
  seconds_of_dd "$TMP/said.$name"
  echo "wrote $name $count \${seconds:--}"
  if [ $((now - began)) -gt ${longVisitMs} ]; then count=1; fi
  eval "spent_$name=$((spent + now - began)) count_$name=$count"
}
head -c ${blocks * blockBytes} /dev/urandom >"$TMP/data"
places='${list.map(({ folder }, index) => `t${index} ${folder}`).join('\n')}'
back='${list.map(({ folder }, index) => `t${index} ${folder}`).toReversed().join('\n')}'
{
  echo "$places" | while read -r place; do echo "$place make"; done
  for round in ${Array.from({ length: rounds }, (_, index) => index).join(' ')}; do
    case $round in 0|3|4) order=$places ;; *) order=$back ;; esac
    echo "$order" | while read -r place; do echo "$place $round"; done
  done
} >"$TMP/visits"
printf '%s\\n' ${list.map(({ object, commitKind, disks }, index) => `'place t${index} ${object} ${commitKind} ${disks.filter((name) => /^\w{1,32}$/.test(name)).join(',') || '-'}'`).join(' ')}
wait_for_cpu
by_turns ${secondsInAll}
wait_for_cpu`;
  },
  abortWhen: () => abortWhenWorse,
  cleanUp: ({ storages: { places } }) => removeFiles(placesToTry(places).map(({ folder }) => folder)),
  parse: (stdout) => {
    const findings = syncedWritesFindings(stdout);
    return findings.length === 0 ? unparsable('no storage is named') : { findings };
  },
  outcomes: { 'very slow': 0.01, 'slow': 0.06, 'slow like all': 0.02, 'slower than its like': 0.02, 'slow on some': 0.03, 'quick': 0.855, 'no answer': 0.005 },
  examples: [
    {
      name: 'a pool of which one half is slow, and the root on NVMe',
      from: 'documented',
      stdout: named(['storage/tank', 'hdd', 'sda,sdb'], ['filesystem//', 'nvme', 'nvme0n1']) + writes('t0', 900) + writes('t1', 0.4),
      findings: [{ object: 'storage/tank', outcome: 'very slow' }, { object: 'filesystem//', outcome: 'quick' }, { object: 'host', outcome: 'slow on some' }],
    },
    {
      name: 'two storages, both quick',
      from: 'documented',
      stdout: named(['storage/tank', 'ssd', 'sda,sdb'], ['filesystem//', 'nvme', 'nvme0n1']) + writes('t0', 0.3) + writes('t1', 0.1),
      findings: [{ object: 'storage/tank', outcome: 'quick' }, { object: 'filesystem//', outcome: 'quick' }, { object: 'host', outcome: 'quick' }],
    },
    {
      name: 'a consumer disk, 9 ms for each commit',
      from: 'documented',
      stdout: named(['storage/tank', 'ssd', 'sda,sdb']) + writes('t0', 9),
      findings: [{ object: 'storage/tank', outcome: 'slow' }],
    },
    {
      name: 'all are slow, on different disks',
      from: 'documented',
      stdout: named(['storage/tank', 'ssd', 'sda'], ['filesystem//', 'nvme', 'nvme0n1']) + writes('t0', 90) + writes('t1', 80),
      findings: [{ object: 'storage/tank', outcome: 'slow like all' }, { object: 'filesystem//', outcome: 'slow like all' }, { object: 'host', outcome: 'slow like all' }],
    },
    {
      name: 'two partitions of one slow disk are not all storages',
      from: 'documented',
      stdout: named(['filesystem//', 'ssd', 'sda'], ['filesystem//srv', 'ssd', 'sda']) + writes('t0', 9) + writes('t1', 9),
      findings: [{ object: 'filesystem//', outcome: 'slow' }, { object: 'filesystem//srv', outcome: 'slow' }],
    },
    {
      name: 'mechanical disks whose cache is on, and one that has to write through',
      from: 'documented',
      stdout: named(['storage/tank', 'hdd', 'sda'], ['storage/back', 'hdd', 'sdb']) + writes('t0', 48, 0.02) + writes('t1', 6),
      findings: [{ object: 'storage/tank', outcome: 'slower than its like' }, { object: 'storage/back', outcome: 'quick' }, { object: 'host', outcome: 'slow on some' }],
    },
    {
      name: 'a write that does not end, on one of two storages',
      from: 'documented',
      stdout: `${named(['storage/tank', 'hdd', 'sda'], ['filesystem//', 'nvme', 'nvme0n1'])}stuck t0\n${writes('t1', 0.1)}`,
      findings: [{ object: 'storage/tank', outcome: 'no answer' }, { object: 'filesystem//', outcome: 'quick' }, { object: 'host', outcome: 'slow on some' }],
    },
    {
      name: 'times that spread over the limit',
      from: 'documented',
      stdout: named(['storage/tank', 'ssd', 'sda']) + writes('t0', 1, 5),
      findings: [{ object: 'storage/tank', outcome: tooNoisy }],
    },
    {
      name: 'the processors are at their limit',
      from: 'documented',
      stdout: `${named(['storage/tank', 'ssd', 'sda'])}cpu 1000 0\n${writes('t0', 20)}cpu 9000 7000000\n`,
      findings: [{ object: 'storage/tank', outcome: tooNoisy }],
    },
    {
      name: 'Debian 12 in QEMU: the lone disk of a pool is held to six I/Os a second',
      from: 'recorded',
      stdout: `place t0 storage/tank hdd sda
place t1 filesystem// virtual vda
cpu 404480 29644719
wrote t0 4 2.1854
wrote t1 4 0.04924
wrote t1 4 0.052171
wrote t0 1 0.581781
wrote t1 4 0.0029523
wrote t0 1 0.623343
wrote t0 1 0.651829
wrote t1 4 0.00660641
wrote t0 1 0.603958
wrote t1 4 0.00314455
wrote t1 4 0.00218799
wrote t0 1 0.605688
cpu 411950 30216668
`,
      findings: [{ object: 'storage/tank', outcome: 'slow' }, { object: 'filesystem//', outcome: 'quick' }, { object: 'host', outcome: 'slow on some' }],
    },
    {
      name: 'a virtual disk: Debian 12, ext4',
      from: 'recorded',
      stdout: `place t0 filesystem// virtual vda
cpu 37161680 16620276836
wrote t0 4 0.00111717
wrote t0 4 0.00091452
wrote t0 4 0.00074026
wrote t0 4 0.00104918
wrote t0 4 0.00103594
wrote t0 4 0.00113762
cpu 37161800 16620309603
`,
      findings: [{ object: 'filesystem//', outcome: 'quick' }, { object: 'host', outcome: 'quick' }],
    },
    { name: 'nothing', from: 'documented', stdout: '', findings: 'unparsable' },
    { name: 'something else', from: 'documented', stdout: 'place x y\nwrote t0 4 0.1\n', findings: 'unparsable' },
  ],
});
