import type { AbortCondition } from '../define/experiment.ts';

const files = { 'io-pressure': 'io', 'memory-pressure': 'memory', 'cpu-pressure': 'cpu' } as const;
const words = { 'io-pressure': 'input and output', 'memory-pressure': 'memory', 'cpu-pressure': 'a processor' } as const;

/** So much more than when it began, in percent of the time: a host that is under pressure already may be examined, but must not get worse. */
const morePercent = 20;

/** So many times slower than when it began. */
const timesSlower = 3;
const latencyWindowSeconds = 2;

/**
 * `experiment_latency` prints what an I/O of the slowest disk took on average since it was asked last, in milliseconds, from /sys/block/<disk>/stat (Linux Documentation/block/stat.rst); nothing where that was a
 * moment ago. Disks with fewer than five I/Os do not count.
 */
const latencyFunction = `experiment_latency() {
  read -r up rest </proc/uptime
  asked_last=0
  if [ -s "$TMP/latency.asked" ]; then read -r asked_last <"$TMP/latency.asked"; fi
  [ $((\${up%.*} - asked_last)) -ge ${latencyWindowSeconds} ] || return
  echo "\${up%.*}" >"$TMP/latency.asked"
  for file in /sys/block/*/stat; do
    case $file in /sys/block/[shv]d*|/sys/block/xvd*|/sys/block/nvme*|/sys/block/mmcblk*) ;; *) continue ;; esac
    read -r reads merged sectors read_ms writes merged sectors write_ms rest <"$file" || continue
    file=\${file#/sys/block/}
    echo "\${file%/stat} $((reads + writes)) $((read_ms + write_ms))"
  done >"$TMP/latency.now"
  if [ -s "$TMP/latency.then" ]; then
    awk 'NR == FNR { ios[$1] = $2; ms[$1] = $3; next } $1 in ios && $2 - ios[$1] >= 5 { one = ($3 - ms[$1]) / ($2 - ios[$1]); if (one > worst) worst = one } END { print int(worst) }' "$TMP/latency.then" "$TMP/latency.now"
  fi
  mv "$TMP/latency.now" "$TMP/latency.then"
}
`;

/**
 * The functions `experiment_note_start` and `experiment_worse` of the keeper, as POSIX sh. The second prints why the experiment has to end, or nothing.
 * Pressure is what /proc/pressure calls `some avg10` (Linux Documentation/accounting/psi.rst), here in whole percent.
 */
export function watchFunctions(conditions: readonly AbortCondition[]): string {
  const pressures = conditions.filter((one) => one.metric !== 'free-space' && one.metric !== 'disk-latency');
  const latencies = conditions.filter((one) => one.metric === 'disk-latency');
  const spaces = conditions.filter((one) => one.metric === 'free-space');
  const start = pressures.map(({ metric }) => `  start_${files[metric]}=$(experiment_pressure ${files[metric]})`);
  const looks = pressures.map(({ metric, limitPercent }) => {
    const name = files[metric];
    return `  now=$(experiment_pressure ${name})
  if [ "$now" -ge ${Math.round(limitPercent)} ] && [ "$now" -ge $((start_${name} + ${morePercent})) ]; then echo "tasks waited for ${words[metric]} $now % of the time, $start_${name} % when it began"; return; fi`;
  });
  const space = spaces.map(
    ({ path, leastBytes }) => `  set -- $(timeout 2 stat -f -c '%a %S' ${quoted(path)} 2>/dev/null)
  if [ $# -eq 2 ] && [ $(($1 * $2)) -lt ${Math.round(leastBytes)} ]; then echo "only $(($1 * $2 / 1048576)) MiB are free on ${path.replaceAll(/[^\w/.-]/g, '?')}"; return; fi`,
  );
  const latency = latencies.map(
    ({ limitMs }) => `  now=$(experiment_latency)
  if [ -n "$now" ]; then
    [ -s "$TMP/latency.start" ] || echo "$now" >"$TMP/latency.start"
    read -r at_start <"$TMP/latency.start"
    if [ "$now" -ge ${Math.round(limitMs)} ] && [ "$now" -ge $((at_start * ${timesSlower})) ]; then echo "reads and writes of the slowest disk took $now ms, $at_start ms when it began"; return; fi
  fi`,
  );
  return `${latency.length > 0 ? latencyFunction : ''}experiment_pressure() {
  number=0
  while read -r kind average rest; do
    if [ "$kind" = some ]; then number=\${average#avg10=}; number=\${number%%.*}; fi
  done 2>/dev/null <"/proc/pressure/$1"
  echo "\${number:-0}"
}
experiment_note_start() {
${start.join('\n')}${start.length > 0 ? '\n' : ''}  :
}
experiment_worse() {
${[...looks, ...latency, ...space].join('\n')}${looks.length + latency.length + space.length > 0 ? '\n' : ''}  :
}
`;
}

/** One word for the shell, whatever it holds. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
