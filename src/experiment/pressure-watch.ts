import type { AbortCondition } from '../define/experiment.ts';

const files = { 'io-pressure': 'io', 'memory-pressure': 'memory', 'cpu-pressure': 'cpu' } as const;
const words = { 'io-pressure': 'input and output', 'memory-pressure': 'memory', 'cpu-pressure': 'a processor' } as const;

/** So much more than when it began, in percent of the time: a host that is under pressure already may be examined, but must not get worse. */
const morePercent = 20;

/**
 * The functions `experiment_note_start` and `experiment_worse` of the keeper, as POSIX sh. The second prints why the experiment has to end, or nothing.
 * Pressure is what /proc/pressure calls `some avg10` (Linux Documentation/accounting/psi.rst), here in whole percent.
 */
export function watchFunctions(conditions: readonly AbortCondition[]): string {
  const pressures = conditions.filter((one) => one.metric !== 'free-space');
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
  return `experiment_pressure() {
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
${[...looks, ...space].join('\n')}${looks.length + space.length > 0 ? '\n' : ''}  :
}
`;
}

/** One word for the shell, whatever it holds. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
