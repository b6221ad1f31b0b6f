import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';

const skipReasons = ['sleeping', 'power-state-unknown', 'offline', 'failing', 'no-time'] as const;

const timedDiskSchema = z.object({
  name: z.string(),
  /** Time of each read of 4 KiB past the kernel's cache, in the order of the reads. */
  milliseconds: z.array(z.number()),
  /** Reads that ended in an error. */
  errors: z.number(),
  /** True when a read was still waiting when the time was up, after eight seconds at most. */
  stuck: z.boolean(),
  /** Why it was not read. */
  skipped: z.enum(skipReasons).optional(),
});
export type TimedDisk = z.infer<typeof timedDiskSchema>;

/** The last line of dd: "…, 0.0121845 s, 336 kB/s" of GNU, "…, 0.001223 seconds, 3.2MB/s" of busybox. */
function secondsOf(line: string): number | undefined {
  const match = line.match(/ copied, (\d{1,6}(?:\.\d{1,9})?(?:e[+-]\d{2})?) s(?:econds)?(?:,|$)/);
  return match === null ? undefined : Number(match[1]);
}

export default defineProbe({
  id: 'timed-reads',
  title: 'Some small reads of each disk, timed',
  subject: 'disk',
  // Longer than the probe of SMART, since a family runs in the order of its limits: its answers say which disks must be left alone.
  timeoutMs: 13_000,
  maxBytes: 65_536,
  family: 'smart',
  root: { need: 'needed', adds: 'the time that a small read of each disk really takes' },
  sudo: [
    '/usr/bin/dd ^if=/dev/(sd[a-z]+|vd[a-z]+|xvd[a-z]+|nvme[0-9]+n[0-9]+) of=/dev/null iflag=direct bs=4096 count=1 skip=[0-9]+$',
    '/usr/sbin/smartctl ^--json=cu -n standby -i -H -A /dev/(sd[a-z]+|nvme[0-9]+n[0-9]+)$',
    '/usr/sbin/hdparm ^-C /dev/sd[a-z]+$',
  ],
  sh: `names=; count=0
for d in /sys/block/sd* /sys/block/nvme* /sys/block/vd* /sys/block/xvd*; do
  [ -e "$d" ] || continue
  name=\${d##*/}
  case $name in nvme*c*n*) continue ;; esac
  size=0; removable=0
  read -r size 2>/dev/null <"$d/size"
  read -r removable 2>/dev/null <"$d/removable"
  [ "$size" -ge 2048 ] && [ "$removable" = 0 ] || continue
  count=$((count + 1)); names="$names $name"
  [ $count -ge 24 ] && break
done
[ $count -gt 0 ] || absent 'no disk to read from'
is_root || denied 'reading a disk is for root'
need dd
each=3
[ $count -gt 8 ] && each=2
hundredths() { read -r now rest </proc/uptime; now=\${now%%.*}\${now#*.}; }
why_not() {
  state=; runtime=; rotational=1
  read -r state 2>/dev/null <"/sys/block/$1/device/state"
  case $state in offline|transport-offline|blocked|dead|deleting*|resetting|connecting) echo offline; return ;; esac
  case $1 in sd*) ;; *) return ;; esac
  read -r runtime 2>/dev/null <"/sys/block/$1/device/power/runtime_status"
  [ "$runtime" = suspended ] && { echo sleeping; return; }
  said="$TMP/smart.$1"
  [ -e "$said" ] && ! [ -s "$said.end" ] && { echo failing; return; }
  if ! [ -s "$said" ] && have smartctl; then
    said="$TMP/awake.$1"
    as_root smartctl --json=cu -n standby -i -H -A "/dev/$1" >"$said" 2>/dev/null
  fi
  json=
  [ -s "$said" ] && { read -r json || [ -n "$json" ]; } <"$said"
  case $json in
    *' mode, exit('*|*'"name":"STANDBY'*|*'"name":"SLEEP'*) echo sleeping; return ;;
    *'"passed":false'*) echo failing; return ;;
    *'"id":197,'*)
      pending=\${json#*'"id":197,'}; pending=\${pending#*'"raw":{"value":'}
      case $pending in 0,*|1,*) ;; *) echo failing; return ;; esac ;;
  esac
  case $json in *'"smart_status"'*|*'"power_mode"'*) return ;; esac
  read -r rotational 2>/dev/null <"/sys/block/$1/queue/rotational"
  [ "$rotational" = 0 ] && return
  have hdparm && case $(as_root hdparm -C "/dev/$1" 2>/dev/null) in
    *standby*|*sleeping*) echo sleeping; return ;;
    *active*|*idle*) return ;;
  esac
  echo power-state-unknown
}
read_disk() {
  size=0; read -r size <"/sys/block/$1/size"
  step=$((size / 8 / each)); i=0
  hundredths; start=$now
  while [ $i -lt $each ]; do
    hundredths
    [ $((now - begin)) -ge 300 ] && { [ $i -eq 0 ] && echo '@skipped no-time'; break; }
    [ $((now - start)) -ge 60 ] && [ $i -ge 2 ] && break
    echo '@read'
    LC_ALL=C as_root dd if="/dev/$1" of=/dev/null iflag=direct bs=4096 count=1 skip=$((step * i + (seed * 7919 + i * 104729) % step)) 2>&1
    i=$((i + 1))
  done
}
( for name in $names; do
    why=$(why_not "$name")
    [ -z "$why" ] || { echo "@skipped $why" >"$TMP/timed.$name"; echo done >"$TMP/timed.$name.end"; }
  done
  hundredths; begin=$now; seed=$((begin / 100))
  for name in $names; do
    [ -s "$TMP/timed.$name.end" ] && continue
    echo reading >"$TMP/timed.$name.end"
    read_disk "$name" >"$TMP/timed.$name" 2>/dev/null
    echo done >"$TMP/timed.$name.end"
  done
  echo done >"$TMP/timed.end" ) >/dev/null 2>&1 </dev/null &
tenths=0
while [ $tenths -lt 80 ] && ! [ -s "$TMP/timed.end" ]; do
  if sleep 0.2 2>/dev/null; then tenths=$((tenths + 2)); else sleep 1; tenths=$((tenths + 10)); fi
done
[ -s "$TMP/timed.end" ] || left_behind dd
for name in $names; do
  end=; [ -s "$TMP/timed.$name.end" ] && read -r end <"$TMP/timed.$name.end"
  case $end in
    done) echo "@disk $name done" ;;
    reading) echo "@disk $name stuck" ;;
    *) echo "@disk $name done"; echo '@skipped no-time'; continue ;;
  esac
  while IFS= read -r line; do
    case $line in *' copied, '*|@*|*rror*) printf '%s\\n' "$line" ;; esac
  done 2>/dev/null <"$TMP/timed.$name"
done`,
  schema: z.object({ disks: z.array(timedDiskSchema) }),
  parse: (stdout) => {
    if (stdout.trim() === '') return absent('no disk to read from');
    const disks: TimedDisk[] = [];
    for (const line of stdout.split('\n', 2000)) {
      const frame = line.match(/^@disk ([a-z]{2,4}[a-z0-9]{1,16}) (done|stuck)$/);
      if (frame !== null) {
        disks.push({ name: frame[1] ?? '', milliseconds: [], errors: 0, stuck: frame[2] === 'stuck' });
        continue;
      }
      const disk = disks.at(-1);
      if (disk === undefined) continue;
      const seconds = secondsOf(line);
      const skipped = skipReasons.find((reason) => line === `@skipped ${reason}`);
      if (skipped !== undefined) disk.skipped = skipped;
      else if (/error/i.test(line)) disk.errors += 1;
      else if (seconds !== undefined && !line.startsWith('0 bytes')) disk.milliseconds.push(Math.round(seconds * 1e6) / 1000);
    }
    return disks.length === 0 ? unparsable('no line names a disk') : { disks };
  },
  examples: [
    {
      from: 'recorded',
      where: 'lines of Debian 12 and 13 with coreutils 9, put together: two reads, and one without',
      stdout: `@disk sda done
@read
4096 bytes (4.1 kB, 4.0 KiB) copied, 0.0121845 s, 336 kB/s
@read
4096 bytes (4.1 kB, 4.0 KiB) copied, 0.00650318 s, 630 kB/s
@disk sdb done
@skipped sleeping
`,
      expect: { disks: [{ name: 'sda', milliseconds: [12.185, 6.503], errors: 0, stuck: false }, { name: 'sdb', milliseconds: [], skipped: 'sleeping' }] },
    },
    {
      from: 'documented',
      where: 'busybox 1.35, after its source',
      stdout: '@disk vda done\n@read\n4096 bytes (4.0KB) copied, 0.000272 seconds, 14.4MB/s\n',
      expect: { disks: [{ name: 'vda', milliseconds: [0.272] }] },
    },
    {
      from: 'documented',
      where: 'GNU coreutils: an unreadable sector, a very quick read, and a disk whose read never ended',
      stdout: `@disk sda done
@read
dd: error reading '/dev/sda': Input/output error
0 bytes copied, 7.2318 s, 0.0 kB/s
@read
4096 bytes (4.1 kB, 4.0 KiB) copied, 9.1e-05 s, 45.0 MB/s
@disk sdb stuck
@read
`,
      expect: { disks: [{ name: 'sda', milliseconds: [0.091], errors: 1 }, { name: 'sdb', milliseconds: [], stuck: true }] },
    },
    { from: 'documented', where: 'a text that is something else', stdout: '<html> </html>\n', expect: 'unparsable' },
  ],
});
