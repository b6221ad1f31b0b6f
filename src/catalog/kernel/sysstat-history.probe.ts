import { z } from 'zod';
import { seriesSchema } from '../../define/history.ts';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, numberIn, words } from '../../lib/host-text.ts';
import { SeriesBuilder } from '../../lib/series-builder.ts';
import { sysstatAwk, sysstatRows, type SysstatRow } from './sysstat-rows.ts';
import { sysstatSamples } from './sysstat-history.samples.ts';
import { metricsOf } from './sysstat-series.ts';

const schema = z.object({
  /** Under node_exporter's names (src/define/history.ts); finer towards the present. */
  series: z.array(seriesSchema),
  /** Files of days that are compressed, which sadf does not read, or far too large. */
  filesLeftOut: z.number().int(),
  /** Older samples were left out, since there was more than is taken in. */
  cut: z.boolean(),
});
export type SysstatHistory = z.infer<typeof schema>;

const maxSeries = 300;
const maxSamples = 150_000;

function isRow(kind: string): kind is SysstatRow {
  return kind in sysstatRows;
}

/** The values of one row at one time. */
function addRow(builder: SeriesBuilder, timeMs: number, cpus: number | undefined, kind: SysstatRow, rest: readonly string[]): void {
  const named = kind === 'disk' || kind === 'net';
  const values = named ? rest.slice(1) : rest;
  const device: Record<string, string> = named ? { device: (rest[0] ?? '').slice(0, 60) } : {};
  for (const [index, { metric, labels, factor, perCpu }] of metricsOf(kind).entries()) {
    const value = numberIn(values[index]);
    if (value === undefined || (perCpu && cpus === undefined)) continue;
    builder.set(metric, { ...device, ...labels }, timeMs, Number((value * factor * (perCpu ? cpus! : 1)).toPrecision(12)), perCpu);
  }
}

/**
 * What sysstat's collector has written down, day by day (sadc(8), sysstat(5)), as `sadf -j` prints it: JSON with times in UTC. The host takes out what is wanted, and averages what is older:
 * the whole JSON of a week would be megabytes. Bounded to eight days, the eight busiest disks and the four busiest ports.
 */
export default defineProbe({
  id: 'sysstat-history',
  title: 'History kept by sysstat',
  subject: 'kernel',
  timeoutMs: 8_000,
  maxBytes: 196_608,
  sh: `folder=
for f in /var/log/sysstat /var/log/sa; do
  for file in "$f"/sa[0-9]*; do [ -e "$file" ] && folder=$f && break; done
done
[ -n "$folder" ] || absent 'sysstat has kept no history here'
need sadf
need awk
now=$(date +%s); left=0; count=0; fine=60
read -r from rest </proc/uptime
set --
for file in $(ls -1t "$folder" | grep -E '^sa[0-9]+([.](xz|gz|bz2|lz4|zst))?$' | head -n 9); do
  file=$folder/$file
  case $file in *.*) left=$((left + 1)); continue ;; esac
  [ -r "$file" ] || denied 'the files of sysstat are not open to all users'
  if [ "$(wc -c <"$file")" -gt 33554432 ]; then left=$((left + 1)); continue; fi
  set -- "$@" "$file"
done
for file do
  count=$((count + 1)); step=$fine
  [ "$(wc -c <"$file")" -gt 4194304 ] && step=600
  [ $count -gt 2 ] && step=1800
  sadf -j $step "$file" -- -u ALL -q ALL -d -p -n DEV -r -S -W 2>/dev/null || sadf -j $step "$file" -- -u ALL -q -d -p -n DEV -r -S -W 2>/dev/null
  read -r up rest </proc/uptime
  [ $((\${up%.*} - \${from%.*})) -lt 5 ] || break
done | awk -v now="$now" '${sysstatAwk}'
echo "left $left"`,
  schema,
  parse: (stdout) => {
    const builder = new SeriesBuilder(maxSeries, maxSamples);
    let timeMs: number | undefined;
    let cpus: number | undefined;
    let ended = false;
    let cut = false;
    let filesLeftOut = 0;
    for (const line of stdout.split('\n', 60_000)) {
      const [kind = '', ...rest] = words(line);
      if (kind === 'end') ended = true;
      else if (kind === 'cut') cut = true;
      else if (kind === 'left') filesLeftOut = countIn(rest[0]) ?? 0;
      else if (kind === 'cpus') cpus = countIn(rest[0]);
      else if (kind.startsWith('@')) {
        const seconds = countIn(kind.slice(1));
        timeMs = seconds === undefined ? undefined : seconds * 1000;
      } else if (timeMs !== undefined && isRow(kind)) addRow(builder, timeMs, cpus, kind, rest);
    }
    if (!ended) return unparsable('the answer does not reach its end');
    return { series: builder.all(), filesLeftOut, cut };
  },
  examples: sysstatSamples,
});
