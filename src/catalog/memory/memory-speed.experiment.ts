import { defineExperiment } from '../../define/experiment.ts';
import { absent } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import { words } from '../../lib/host-text.ts';
import { allowedProcessors } from '../cpu/allowed-processors.ts';
import edac from './edac.probe.ts';
import { memorySpeedExamples } from './memory-speed.samples.ts';
import { errorsOf, fillOf } from './memory-speed-text.ts';
import { memoryFinding } from './memory-speed-verdict.ts';
import numa from './numa.probe.ts';

const rounds = 4;
const mostNodes = 8;
/** One buffer of dd fits the cache of a core (64 KiB), the other no cache: twice the largest, and not less than this. */
const leastBufferMib = 64;
const mostBufferMib = 512;
/** Time that one filling takes, about. */
const fillMs = 250;
/** On a busy host it is ended after this time, with fewer rounds. */
const patienceMs = 30_000;

/**
 * dd from /dev/zero fills its buffer in the kernel and throws it away: one core writes to its cache or to memory, and nothing else. It is bound to a core of each node in turn, whose memory it gets as
 * long as there is some free; nodes without are left out. Nodes are taken forwards and backwards by turns.
 */
export default defineExperiment({
  id: 'memory-speed',
  title: 'Speed of the memory of each node, and errors under this load',
  subject: 'memory',
  about: `Fills buffers that fit no cache (${leastBufferMib} to ${mostBufferMib} MiB) and such that fit one (64 KiB) from one core of each memory node, ${rounds} times for about ${fillMs / 1_000} s, and compares the nodes among each other: how quick memory should be
is not known, so that on a host with one node nothing is said of its speed. It counts the errors that were corrected meanwhile (EDAC, and the processor's interrupts for corrected errors). Memory that works
alone shows errors that memory at rest does not. Latency is not measured: nothing that a host has at hand can.`,
  needs: { numa: optional(numa), edac: optional(edac) },
  risk: 'read-only',
  costSeconds: 10,
  costBytes: 0,
  limitSeconds: 60,
  differs: ['memory node'],
  objects: ({ numa: known, edac: counts }) => ((known?.nodes.filter(({ cpus }) => cpus !== '').length ?? 0) > 1 || (counts?.second.controllers.length ?? 0) > 0 ? ['host'] : []),
  refusals: () => [],
  sh: () => `need taskset
need awk
${allowedProcessors}
cd /sys/devices/system || absent 'the memory nodes cannot be told'
errors() {
  corrected=- uncorrected=-
  # igen6_edac reports floods of errors that are none, and ghes_edac counts only what the firmware hands on.
  if [ -e edac/mc/mc0/ce_count ] && [ ! -d /sys/module/igen6_edac ] && [ ! -d /sys/module/ghes_edac ]; then
    corrected=$(cat edac/mc/mc[0-9]*/ce_count | awk '{ n += $1 } END { print n + 0 }')
    uncorrected=$(cat edac/mc/mc[0-9]*/ue_count | awk '{ n += $1 } END { print n + 0 }')
  fi
  echo "errors $corrected $uncorrected $(awk '$1 == "THR:" || $1 == "DFR:" || $1 == "MCE:" { for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++) n[$1] += $i } END { printf "%d %d %d", n["THR:"], n["DFR:"], n["MCE:"] }' /proc/interrupts 2>/dev/null)"
}
cache=0
for file in cpu/cpu0/cache/index[0-9]*/size; do
  size=0
  { read -r size <"$file"; } 2>/dev/null
  case $size in *K) size=$((\${size%K} / 1024)) ;; *M) size=\${size%M} ;; *) size=0 ;; esac
  if [ "$size" -gt "$cache" ]; then cache=$size; fi
done
buffer=$((2 * cache))
if [ "$buffer" -lt ${leastBufferMib} ]; then buffer=${leastBufferMib}; fi
if [ "$buffer" -gt ${mostBufferMib} ]; then buffer=${mostBufferMib}; fi
allowed=" $(allowed_processors 8192 | tr '\\n' ' ')"
pairs= backwards= count=0
for folder in node/node[0-9]*; do
  [ "$count" -lt ${mostNodes} ] || break
  free=$(awk '$3 == "MemFree:" { print int($4 / 1024); exit }' "$folder/meminfo" 2>/dev/null)
  cpu=$(ls "$folder" | awk -v allowed="$allowed" '/^cpu[0-9]+$/ { n = substr($0, 4); if (index(allowed, " " n " ") && (best == "" || n + 0 < best + 0)) best = n } END { print best }')
  [ -n "$cpu" ] || continue
  if [ "\${free:-0}" -lt $((3 * buffer)) ]; then echo "full \${folder#node/node} \${free:-0}"; continue; fi
  pairs="$pairs \${folder#node/node}:$cpu" backwards="\${folder#node/node}:$cpu $backwards" count=$((count + 1))
done
[ "$count" -gt 0 ] || absent 'no memory node has enough free memory to measure with'
fill() { taskset -c "\${1#*:}" dd if=/dev/zero of=/dev/null bs="$2" count="$3" 2>/dev/null; }
run() {
  times >"$TMP/before"
  fill "$1" "$2" "$3"
  times >"$TMP/after"
  { read -r own; read -r user system; } <"$TMP/before"
  { read -r own; read -r user_after system_after; } <"$TMP/after"
  echo "fill \${1%:*} $4 $user $system $user_after $system_after"
}
first=\${backwards%% *}
started=$(experiment_ms)
fill "$first" "$((buffer))M" 8
took=$((($(experiment_ms) - started) / 8 + 1))
many=$((${fillMs} / took + 2))
started=$(experiment_ms)
fill "$first" 64k 20000
took=$(($(experiment_ms) - started + 1))
often=$((20000 * ${fillMs} / took + 1))
if [ "$many" -gt 1000 ]; then many=1000; fi
if [ "$often" -gt 1000000 ]; then often=1000000; fi
echo "buffer $buffer"
errors
begun=$(experiment_ms) round=0
while [ "$round" -lt ${rounds} ]; do
  order=$pairs
  [ $((round % 2)) -eq 0 ] || order=$backwards
  [ $(($(experiment_ms) - begun)) -lt ${patienceMs} ] || break
  for pair in $order; do
    run "$pair" "$((buffer))M" "$many" memory
    run "$pair" 64k "$often" cache
  done
  round=$((round + 1))
done
# Drivers ask their counters about once a second.
sleep 2
errors`,
  abortWhen: () => [{ metric: 'memory-pressure', limitPercent: 40 }, { metric: 'cpu-pressure', limitPercent: 90 }],
  cleanUp: () => ':',
  parse: (stdout) => {
    const rows = stdout.split('\n', 500);
    const fills = rows.flatMap((row) => fillOf(row) ?? []);
    const [before, after] = rows.flatMap((row) => errorsOf(row) ?? []);
    const nodes = new Set(fills.map(({ node }) => node));
    if (before === undefined || after === undefined || nodes.size === 0) return absent('no memory was filled');
    const full = rows.filter((row) => row.startsWith('full ')).flatMap((row) => words(row.slice(0, 100))[1] ?? []).slice(0, mostNodes);
    if (nodes.size === 1 && after.corrected === undefined && after.interrupts === before.interrupts) return absent('only one memory node could be measured, and nothing counts errors');
    return { findings: [memoryFinding({ fills, before, after, full })] };
  },
  outcomes: { 'memory is well': 0.7, 'memory is well, errors not counted': 0.28, 'a memory node is slow': 0.019, 'errors were corrected meanwhile': 0.001 },
  examples: memorySpeedExamples,
});
