import { defineExperiment, tooNoisy } from '../../define/experiment.ts';
import { unparsable } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import zpoolStatus from '../zfs/zpool-status.probe.ts';
import { waitForCpu } from './cpu-wait.ts';
import diskComparison from './disk-comparison.fact.ts';
import diskHealth from './disk-health.fact.ts';
import diskLog from './disk-log.fact.ts';
import disks, { type Disk } from './disks.fact.ts';
import mdArrays from './md-arrays.probe.ts';
import { disksToRead, mostDisks, plainDiskName, whyNotRead } from './timed-reads-choice.ts';
import { bunch, reads, slowAlone, slowHalf } from './timed-reads.samples.ts';
import { findingOf, measurementsOf } from './timed-reads-verdict.ts';
import timedReads from './timed-reads.probe.ts';
import { secondsOfDd, visitsByTurns } from './visits-by-turns.ts';
import { abortWhenWorse } from './abort-when-worse.ts';

const rounds = 4;
const readsAVisit = 3;
/** A disk that has been read for so long, four times at least, is left alone in later rounds. */
const enoughMs = 2_000;
const secondsInAll = 60;

/**
 * Offsets in blocks of 4 KiB, by turns anywhere in a slice of the disk, and where every partition has been written to. That is its first block (superblocks, headers of LVM), and the halves of the four labels of ZFS
 * with the uberblocks: the labels are 256 KiB each, two at the start and two at the end, and their second halves are written in turn with each transaction group (OpenZFS include/sys/vdev_impl.h).
 * Partitions below 64 MiB are left out: they are often empty. The first round has one read for each disk, and every second round goes backwards. Input: name, sectors, and for each partition start:length.
 */
const offsets = String.raw`function place(d,  at) {
  at = edge[d, 1 + int(rand() * edges[d])]
  if (rand() < 0.2) return at
  return at + (rand() < 0.5 ? 32 : 96) + int(rand() * 32)
}
function offset(d,  n, at) {
  n = drawn[d]++
  at = n % 2 ? place(d) : int((int(n / 2) % ${slices()} + rand()) * blocks[d] / ${slices()})
  return at < 0 ? 0 : at < blocks[d] ? at : blocks[d] - 1
}
function areas(from, length4k) {
  if (length4k < 256) return
  edge[NR, ++edges[NR]] = from
  edge[NR, ++edges[NR]] = from + int(length4k / 64) * 64 - 128
}
{
  name[NR] = $1; blocks[NR] = int($2 / 8)
  for (i = 3; i <= NF && i < 20; i++) {
    split($i, part, ":")
    if (part[2] >= 131072) areas(int((part[1] + 7) / 8), int(part[2] / 8))
  }
  if (!edges[NR]) areas(0, blocks[NR])
}
BEGIN { srand(seed) }
END {
  for (round = 0; round <= ${rounds}; round++) for (k = 1; k <= NR; k++) {
    d = round % 2 ? NR + 1 - k : k
    line = name[d]
    for (i = 0; i < (round ? ${readsAVisit} : 1); i++) line = line " " sprintf("%.0f", offset(d))
    print line
  }
}`;

function slices(): number {
  return Math.ceil((rounds * readsAVisit + 1) / 2);
}

/** Number of the group of disks that do the same work. */
function groupOf(disk: Disk, list: readonly Disk[]): number {
  return list.findIndex((one) => one.name === disk.name || one.siblings.includes(disk.name));
}

export default defineExperiment({
  id: 'timed-reads-by-turns',
  title: 'Small reads of each disk by turns',
  subject: 'disk',
  about: `Reads ${rounds * readsAVisit} blocks of 4 KiB from each of up to ${mostDisks} disks past the kernel's cache, one disk at a time, forwards and backwards over all disks, and counts what each disk gets done for others meanwhile. It tells a slow disk from
one that only has much to do, and one disk from its siblings. The time is dd's own, which begins after its start. Reads go anywhere on the disk and to the places that are always written (the first block of each
partition, and the labels that ZFS keeps at its ends); flash, thin and virtual disks answer blocks that were trimmed or never written at once, so a quick read is proof of health only where what came is not all zeros, and on a mechanical disk only where it took at
least 1 ms. The data is counted and dropped. Disks that sleep, expect to fail, had a reset within an hour, or are part of a pool or array that lost a disk are left alone.`,
  needs: { disks, health: optional(diskHealth), log: optional(diskLog), pools: optional(zpoolStatus), arrays: optional(mdArrays), reads: optional(timedReads), pace: optional(diskComparison) },
  risk: 'read-only',
  costSeconds: 15,
  costBytes: 0,
  limitSeconds: secondsInAll + 20,
  differs: ['disk'],
  objects: (facts) => {
    const fit = disksToRead(facts);
    return (fit.length > 0 ? fit : facts.disks.disks.filter(({ name }) => plainDiskName.test(name))).map(({ object }) => object);
  },
  refusals: (facts) => (disksToRead(facts).length > 0 ? [] : facts.disks.disks.flatMap((disk) => {
    const why = whyNotRead(disk, facts);
    return why === undefined ? [] : [`${disk.name} ${why}`];
  })),
  sh: (facts) => {
    const list = disksToRead(facts);
    const rows = list.map((disk) => `disk ${disk.name} ${disk.object.replaceAll(/[^\w.:+=/-]/g, '_')} ${disk.kind} ${groupOf(disk, list)}`);
    return `is_root || denied 'reading a disk is for root'
need dd; need awk
${visitsByTurns}${secondsOfDd}${waitForCpu}
count_ios() {
  ios= sectors=0 discards=0
  read -r n1 n2 n3 n4 n5 n6 n7 rest <"/sys/block/$1/stat" || return
  ios=$((n1 + n5)) sectors=$((n3 + n7))
  set -- $rest
  if [ $# -ge 5 ]; then discards=$5; fi
}
visit() {
  disk=$1
  shift
  eval "spent=\\\${spent_$disk:-0} reads=\\\${reads_$disk:-0}"
  for block do
    if [ "$spent" -ge ${enoughMs} ] && [ "$reads" -ge 5 ]; then break; fi
    count_ios "$disk"
    before=$ios sectors_before=$sectors discards_before=$discards
    now_ms
    began=$now
    stored=$(as_root dd if="/dev/$disk" iflag=direct bs=4096 count=1 skip="$block" 2>"$TMP/said" | tr -d '\\000' | wc -c)
    now_ms
    count_ios "$disk"
    seconds_of_dd "$TMP/said"
    others=-
    if [ "\${ios:-0}" -gt "\${before:-0}" ]; then others=$((ios - before - 1)); fi
    sectors=$((sectors - sectors_before - 8))
    [ "$sectors" -ge 0 ] || sectors=0
    echo "read $disk \${seconds:--} $stored $others $sectors $((discards - discards_before)) $((now - began))"
    spent=$((spent + now - began)) reads=$((reads + 1))
  done
  eval "spent_$disk=$spent reads_$disk=$reads"
}
control() {
  for i in 1 2 3; do
    dd if=/dev/zero bs=4096 count=1 2>"$TMP/said" | tr -d '\\000'
    seconds_of_dd "$TMP/said"
    echo "control \${seconds:--}"
  done
}
for disk in ${list.map(({ name }) => name).join(' ')}; do
  size=0
  read -r size <"/sys/block/$disk/size"
  [ "$size" -ge 2048 ] || continue
  line="$disk $size"
  for part in /sys/block/"$disk"/"$disk"*; do
    [ -e "$part/start" ] && read -r start <"$part/start" && read -r length <"$part/size" && line="$line $start:$length"
  done
  echo "$line"
done 2>/dev/null >"$TMP/sizes"
awk -v seed="$((0x\${experiment_mark%"\${experiment_mark#???????}"}))" '${offsets}' "$TMP/sizes" >"$TMP/visits"
[ -s "$TMP/visits" ] || absent 'none of the disks is there any more'
printf '%s\\n' ${rows.map((row) => `'${row}'`).join(' ')}
wait_for_cpu
control
by_turns ${secondsInAll}
if grep -q 'ermission denied\\|not permitted' "$TMP/said"; then denied 'disks cannot be read directly here, not even by root'; fi
control
wait_for_cpu`;
  },
  abortWhen: () => abortWhenWorse,
  cleanUp: () => ':',
  parse: (stdout) => {
    const measured = measurementsOf(stdout);
    return measured.disks.length === 0 ? unparsable('no disk is named') : { findings: measured.disks.map((disk) => findingOf(disk, measured)) };
  },
  outcomes: { 'slow with little to do': 0.004, 'unlike its siblings': 0.003, 'as slow as its siblings': 0.003, 'slow under much work': 0.06, 'quick': 0.925, 'no answer': 0.002, 'a read failed': 0.003 },
  examples: [
    {
      name: 'one half of a mirror takes 160 ms, the other 8 ms',
      from: 'documented',
      stdout: bunch(['sda', 'hdd', 0], ['sdb', 'hdd', 0]) + reads('sda', 160, { others: 1 }) + reads('sdb', 8),
      findings: [{ object: 'disk/sda', outcome: 'unlike its siblings' }, { object: 'disk/sdb', outcome: 'quick' }],
    },
    {
      name: 'a lone disk takes 400 ms and does next to nothing else; another of the host is quick',
      from: 'documented',
      stdout: bunch(['sda', 'hdd', 0], ['nvme0n1', 'nvme', 1]) + reads('sda', 400, { others: 2 }) + reads('nvme0n1', 0.09),
      findings: [{ object: 'disk/sda', outcome: 'slow with little to do' }, { object: 'disk/nvme0n1', outcome: 'quick' }],
    },
    {
      name: 'both halves take 400 ms',
      from: 'documented',
      stdout: bunch(['sda', 'hdd', 0], ['sdb', 'hdd', 0]) + reads('sda', 400) + reads('sdb', 420),
      findings: [{ object: 'disk/sda', outcome: 'as slow as its siblings' }, { object: 'disk/sdb', outcome: 'as slow as its siblings' }],
    },
    {
      name: 'a full queue: 30 others are done while our read waits',
      from: 'documented',
      stdout: bunch(['sda', 'hdd', 0]) + reads('sda', 200, { others: 30 }),
      findings: [{ object: 'disk/sda', outcome: 'slow under much work' }],
    },
    {
      name: 'a thin volume that answers blocks nobody has written, and a mechanical disk that answers from its cache: no proof',
      from: 'documented',
      stdout: bunch(['vda', 'virtual', 0], ['sdb', 'hdd', 1]) + reads('vda', 0.1, { stored: 0 }) + reads('sdb', 0.2),
      findings: [{ object: 'disk/vda', outcome: tooNoisy }, { object: 'disk/sdb', outcome: tooNoisy }],
    },
    {
      name: 'a disk that does not answer, one with an unreadable block, and a third',
      from: 'documented',
      stdout: `${bunch(['sda', 'hdd', 0], ['sdb', 'hdd', 0], ['sdc', 'hdd', 0])}stuck sda\n${reads('sdb', 9)}read sdb error 0 0 0 0 30\n${reads('sdc', 9)}`,
      findings: [{ object: 'disk/sda', outcome: 'no answer' }, { object: 'disk/sdb', outcome: 'a read failed' }, { object: 'disk/sdc', outcome: 'quick' }],
    },
    {
      name: 'the processors are at their limit, and all disks look slow',
      from: 'documented',
      stdout: `${bunch(['sda', 'ssd', 0], ['sdb', 'ssd', 1])}cpu 1000 0\n${reads('sda', 40)}${reads('sdb', 38)}cpu 9000 7000000\n`,
      findings: [{ object: 'disk/sda', outcome: tooNoisy }, { object: 'disk/sdb', outcome: tooNoisy }],
    },
    {
      name: 'the same, but one disk stands out',
      from: 'documented',
      stdout: `${bunch(['sda', 'ssd', 0], ['sdb', 'ssd', 0])}cpu 1000 0\n${reads('sda', 400)}${reads('sdb', 38)}cpu 9000 7000000\n`,
      findings: [{ object: 'disk/sda', outcome: 'unlike its siblings' }, { object: 'disk/sdb', outcome: tooNoisy }],
    },
    {
      name: 'one half of a mirror is held to six I/Os a second, while the pool has work',
      from: 'recorded',
      stdout: slowHalf,
      findings: [
        { object: 'disk/virtio-data2', outcome: 'unlike its siblings' },
        { object: 'disk/virtio-data1', outcome: tooNoisy },
        { object: 'disk/virtio-root', outcome: 'quick' },
        { object: 'disk/virtio-data3', outcome: tooNoisy },
        { object: 'disk/virtio-data4', outcome: tooNoisy },
      ],
    },
    {
      name: 'the lone disk of a pool is held to six I/Os a second, while the pool has work',
      from: 'recorded',
      stdout: slowAlone,
      findings: [{ object: 'disk/scsi-0QEMU_QEMU_HARDDISK_WDB0001', outcome: 'slow with little to do' }, ...['data3', 'data2', 'data1', 'data4', 'root'].map((name) => ({ object: `disk/virtio-${name}`, outcome: tooNoisy }))],
    },
    { name: 'nothing', from: 'documented', stdout: '', findings: 'unparsable' },
    { name: 'something else', from: 'documented', stdout: 'disk\nread sda\ncpu x\n', findings: 'unparsable' },
  ],
});
