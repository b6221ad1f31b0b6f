import { defineExperiment } from '../../define/experiment.ts';
import { unparsable } from '../../define/result.ts';
import { allowedProcessors } from './allowed-processors.ts';
import { burnOf, coreOf, heatOf } from './burn-text.ts';
import { burnExamples } from './burn.samples.ts';
import { burnFinding } from './burn-verdict.ts';

const rounds = 4;
const mostCores = 64;
/** For all burns together, by their own processor time; what waits is ended by the second limit. */
const workMs = 16_000;
const longestBurnMs = 300;
const patienceMs = 26_000;

/**
 * The work is the same number of rounds of a loop in awk. The process reads about itself, so that starting it costs nothing: its processor time and its waiting in ns (/proc/self/schedstat, kernel
 * document scheduler/sched-stats), else its ticks; what its processor and its siblings (other threads of the same core) did meanwhile; and the frequency at three quarters of the work.
 */
const burnProgram = `function line_of(file, line) { line = ""; getline line < file; close(file); return line }
function own(parts) {
  if (split(line_of("/proc/self/schedstat"), parts, " ") >= 2) { ran = parts[1]; waited = parts[2]; return }
  split(line_of("/proc/self/stat"), parts, " "); ran = (parts[14] + parts[15]) * 10000000; waited = 0
}
function look(parts, line) {
  stolen = busy = -1
  while ((getline line < "/proc/stat") > 0) {
    if (substr(line, 1, 3) != "cpu") break
    split(line, parts, " ")
    if (parts[1] == "cpu" cpu) stolen = parts[9] + 0
    else if (substr(parts[1], 4) in beside) busy = (busy < 0 ? 0 : busy) + parts[2] + parts[3] + parts[4] + parts[7] + parts[8]
  }
  close("/proc/stat")
  split(line_of("/proc/uptime"), parts, " "); up = parts[1]
}
BEGIN {
  count = split(siblings, parts, ",")
  for (i = 1; i <= count; i++) { split(parts[i], ends, "-"); last = ends[2] == "" ? ends[1] : ends[2]; for (one = ends[1] + 0; one <= last + 0; one++) if (one != cpu) beside[one] = 1 }
  look(); from_stolen = stolen; from_busy = busy; from_up = up
  own(); from_ran = ran; from_waited = waited
  quarter = int(loops / 4)
  for (i = 0; i < 3 * quarter; i++) x = (x * 13 + i) % 65521
  khz = line_of("/sys/devices/system/cpu/cpu" cpu "/cpufreq/scaling_cur_freq")
  for (i = 0; i < quarter; i++) x = (x * 13 + i) % 65521
  own(); look()
  printf "burn %d %.0f %.0f %.0f %d %d %s\\n", cpu, (ran - from_ran) / 1000, (waited - from_waited) / 1000, (up - from_up) * 1000, stolen - from_stolen, busy < 0 ? -1 : busy - from_busy, khz == "" ? "-" : khz
}`;

/** The same fixed work on each core by turns, forwards and backwards, so that a drift bears on all alike. */
export default defineExperiment({
  id: 'core-burn',
  title: 'The same work on each core',
  subject: 'cpu',
  about: `Lets each core (at most ${mostCores}, spread over the machine) do the same piece of work ${rounds} times, ${longestBurnMs} ms each at most, and compares the processor time that it takes with other cores of the same kind; cores with
less power by design (E cores, LITTLE cores) are compared among each other. It watches the frequency under this load, the counters of thermal throttling, and the time that the machine below takes away.
What waits for its turn does not count, and a core whose other thread is busy is not judged by that.`,
  needs: {},
  risk: 'read-only',
  costSeconds: 20,
  costBytes: 0,
  limitSeconds: 60,
  differs: ['core'],
  objects: () => ['host'],
  refusals: () => [],
  sh: () => `need taskset
need awk
${allowedProcessors}
cat >"$TMP/burn" <<'BURN_END'
${burnProgram}
BURN_END
siblings_of() { list=; { read -r list <"/sys/devices/system/cpu/cpu$1/topology/thread_siblings_list"; } 2>/dev/null; }
burn() { siblings_of "$1"; taskset -c "$1" awk -v cpu="$1" -v loops="$2" -v siblings="$list" -f "$TMP/burn" 2>/dev/null; }
value() { v=; { read -r v <"$1"; } 2>/dev/null; printf ' %s' "\${v:--}"; }
heat() {
  printf 'heat %s' "$(experiment_ms)"
  awk '{ for (i = 1; i <= NF; i++) n[FILENAME] += $i } END { for (f in n) { k = f; sub(/.*\\//, "", k); if (n[f] > most[k]) most[k] = n[f] } printf " %d %d %d %d\\n", most["core_throttle_count"], most["package_throttle_count"], most["core_throttle_total_time_ms"], most["package_throttle_total_time_ms"] }' \\
    $(ls /sys/devices/system/cpu/cpu[0-9]*/thermal_throttle/*_throttle_count /sys/devices/system/cpu/cpu[0-9]*/thermal_throttle/*_total_time_ms 2>/dev/null) /dev/null
}
cores=$(allowed_processors ${mostCores})
[ -n "$cores" ] || absent 'the processors cannot be told'
backwards= count=0
for cpu in $cores; do backwards="$cpu $backwards" count=$((count + 1)); done
printf 'kinds'; value /sys/devices/cpu_core/cpus; value /sys/devices/cpu_atom/cpus; echo
for cpu in $cores; do
  printf 'core %s' "$cpu"
  for file in cpu_capacity cpufreq/cpuinfo_max_freq cpufreq/base_frequency cpufreq/scaling_max_freq; do value "/sys/devices/system/cpu/cpu$cpu/$file"; done
  echo
done
loops=20000 took=0
while [ "$took" -lt 20000 ] && [ "$loops" -lt 40000000 ]; do
  loops=$((loops * 2))
  set -- $(burn "\${backwards%% *}" "$loops")
  [ $# -ge 3 ] || absent 'no work can be bound to a core'
  took=$3
done
target=$((${workMs} / (count * ${rounds})))
[ "$target" -le ${longestBurnMs} ] || target=${longestBurnMs}
loops=$((loops / 100 * target * 1000 / took * 100))
start=$(experiment_ms) round=0
heat
while [ "$round" -lt ${rounds} ]; do
  order=$cores
  [ $((round % 2)) -eq 0 ] || order=$backwards
  for cpu in $order; do
    [ $(($(experiment_ms) - start)) -lt ${patienceMs} ] || break
    burn "$cpu" "$loops"
  done
  round=$((round + 1))
done
heat`,
  abortWhen: () => [{ metric: 'cpu-pressure', limitPercent: 90 }],
  cleanUp: () => ':',
  parse: (stdout) => {
    const rows = stdout.split('\n', 1_000);
    const burns = rows.flatMap((row) => burnOf(row) ?? []);
    if (burns.length === 0) return unparsable('no core did its work');
    const kinds = rows.find((row) => row.startsWith('kinds '));
    const cores = rows.flatMap((row) => coreOf(row, kinds) ?? []).slice(0, mostCores);
    return { findings: [burnFinding({ burns, cores, heat: heatOf(rows) })] };
  },
  outcomes: { 'all cores alike': 0.955, 'a core is unlike its siblings': 0.01, 'throttled meanwhile': 0.005, stolen: 0.015, 'the clock stays low': 0.015 },
  examples: burnExamples,
});
