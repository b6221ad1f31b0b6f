import { countIn } from '../../lib/host-text.ts';

/** Share of the time in which tasks waited for a processor from which what we timed may have waited for one as well. */
const starvedPercent = 60;

/** POSIX sh: `wait_for_cpu` prints the uptime in ms and the microseconds since boot in which a task waited for a processor (Linux Documentation/accounting/psi.rst). */
export const waitForCpu = `wait_for_cpu() {
  waited=
  while read -r kind rest; do
    if [ "$kind" = some ]; then waited=\${rest##*total=}; fi
  done 2>/dev/null </proc/pressure/cpu
  echo "cpu $(experiment_ms) \${waited:--}"
}
`;

/** Between the first and the last such line, tasks waited for a processor most of the time. Unknown is no. */
export function starvedBetween(rows: readonly (readonly string[])[]): boolean {
  const [first, last] = [rows.find(([kind]) => kind === 'cpu'), rows.findLast(([kind]) => kind === 'cpu')].map((row) => (row ?? []).slice(1).map(countIn));
  const [passedMs, waitedUs] = [0, 1].map((at) => (last?.[at] ?? Number.NaN) - (first?.[at] ?? Number.NaN));
  return (waitedUs ?? 0) / 10 / (passedMs ?? 1) >= starvedPercent;
}
