/**
 * A simulated month of ten hosts: how many alarms nobody needed, how many troubles were found and how soon, with learned limits and with fixed rules on the same samples. `npm run bench:alarms [-- WEEKS]`:
 * four weeks to learn from, then so many weeks (default: 30 days) that count. The clock is handed in. The engine is the shipped one: samples go into memory as they do from sources, and the kinds of alarm are those of the catalogue.
 */
import { alarmKinds } from '../src/catalog/index.ts';
import type { AlarmKind } from '../src/define/alarm-kind.ts';
import { HostAlarms, type AlarmHappening, type KindChoice } from '../src/watch/alarms/host-alarms.ts';
import { LearnedLimits } from '../src/watch/alarms/learned-limits.ts';
import { RecentSamples, secondsOfMetrics } from '../src/watch/recent-samples.ts';
import { characters, SimulatedHost, troublesOf, type Trouble } from './bench/alarms/simulated-host.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const learnDays = 28;
const startMs = Date.UTC(2026, 0, 5);
const judged: readonly Trouble['kind'][] = ['io-delay', 'high-load', 'memory-pressure', 'swapping', 'disk-latency'];
/** What a trouble also shows in: load waits with IO, and the meters need some minutes to come down. */
const related: Readonly<Record<Trouble['kind'], readonly string[]>> = { 'io-delay': ['high-load'], 'high-load': [], 'memory-pressure': [], swapping: [], 'disk-latency': [] };
const afterMs = 30 * minuteMs;
/**
 * Common public rules (awesome-prometheus-alerts and the mixins that it grew from): iowait above 10 % for 5 min, load above the number of processors for 10 min, memory pressure by faults replaced by our meter at 10 %,
 * swapping above 300 pages a second, and a disk above 100 ms a request for 5 min.
 */
const fixedRules: Readonly<Record<Trouble['kind'], { readonly limit: (cpus: number) => number; readonly forSeconds: number }>> = {
  'io-delay': { limit: () => 10, forSeconds: 300 },
  'high-load': { limit: (cpus) => cpus, forSeconds: 600 },
  'memory-pressure': { limit: () => 10, forSeconds: 300 },
  swapping: { limit: () => 300, forSeconds: 300 },
  'disk-latency': { limit: () => 100, forSeconds: 300 },
};

interface Count {
  falseAlarms: number;
  found: number;
  delaysMs: number[];
}

const noCount = (): Count => ({ falseAlarms: 0, found: 0, delaysMs: [] });

const kinds = judged.map((id) => alarmKinds.find((kind) => kind.id === id)!);
const usual: KindChoice = { enabled: true, falseAlarmsPerMonth: 1 };
const days = Number(process.argv[2] ?? 30 / 7) * 7;

/** Counts alarms against what was really wrong: one that begins within a trouble of its kind, or of one that shows in it, or soon after its end, is true. */
function judge(happened: readonly AlarmHappening[], troubles: readonly Trouble[], fromMs: number): Map<string, Count> {
  const counts = new Map<string, Count>(judged.map((kind) => [kind, noCount()]));
  const raised = happened.filter(({ kind, alarm }) => kind === 'raised' && alarm.raisedAtMs >= fromMs);
  for (const { alarm } of raised) {
    const isTrue = troubles.some(({ kind, fromMs: beganMs, toMs }) => (kind === alarm.kind || related[kind].includes(alarm.kind)) && alarm.raisedAtMs >= beganMs && alarm.raisedAtMs <= toMs + afterMs);
    if (!isTrue) counts.get(alarm.kind)!.falseAlarms += 1;
  }
  for (const { kind, fromMs: beganMs, toMs } of troubles) {
    // An alarm that stood already when it began is as good.
    const stands = happened.findLast(({ alarm }) => alarm.kind === kind && (alarm.resolvedAtMs ?? alarm.raisedAtMs) < beganMs)?.kind === 'raised';
    const first = stands ? beganMs : raised.find(({ alarm }) => alarm.kind === kind && alarm.raisedAtMs >= beganMs && alarm.raisedAtMs <= toMs)?.alarm.raisedAtMs;
    if (first === undefined) continue;
    counts.get(kind)!.found += 1;
    counts.get(kind)!.delaysMs.push(first - beganMs);
  }
  return counts;
}

function simulate(number: number): { learned: Map<string, Count>; fixed: Map<string, Count>; troubles: readonly Trouble[] } {
  const character = characters[number]!;
  const countFromMs = startMs + learnDays * dayMs;
  const toMs = countFromMs + days * dayMs;
  const troubles = troublesOf(number + 1, countFromMs, toMs);
  const host = new SimulatedHost(character, 1_000 + number, troubles);
  const recent = new RecentSamples({ secondsOf: secondsOfMetrics(kinds), mostSeriesPerHost: 10_000 });
  const [learned, fixed] = [new HostAlarms('h', new LearnedLimits()), new HostAlarms('h', new LearnedLimits())];
  const byRule = kinds.map((kind): [AlarmKind, KindChoice] => {
    const { limit, forSeconds } = fixedRules[kind.id as Trouble['kind']];
    return [{ ...kind, learned: false }, { ...usual, fixedLimit: limit(character.cpus), forSeconds }];
  });
  const happened: AlarmHappening[] = [];
  const happenedByRule: AlarmHappening[] = [];
  for (let nowMs = startMs; nowMs < toMs; nowMs += minuteMs) {
    recent.append({ host: 'h', timeMs: nowMs, samples: host.look(nowMs), ended: [] });
    const view = recent.view('h', nowMs);
    for (const kind of kinds) happened.push(...learned.look(kind, usual, view));
    for (const [kind, choice] of byRule) happenedByRule.push(...fixed.look(kind, choice, view));
  }
  return { learned: judge(happened, troubles, countFromMs), fixed: judge(happenedByRule, troubles, countFromMs), troubles };
}

const totals = new Map(judged.map((kind) => [kind, { learned: noCount(), fixed: noCount(), troubles: 0 }]));
const beganMs = performance.now();
for (const number of characters.keys()) {
  const { learned, fixed, troubles } = simulate(number);
  for (const kind of judged) {
    const total = totals.get(kind)!;
    total.troubles += troubles.filter((one) => one.kind === kind).length;
    for (const [sum, one] of [[total.learned, learned.get(kind)!], [total.fixed, fixed.get(kind)!]] as const) {
      sum.falseAlarms += one.falseAlarms;
      sum.found += one.found;
      sum.delaysMs.push(...one.delaysMs);
    }
  }
}
const middle = (values: readonly number[]): string => (values.length === 0 ? '–' : `${([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]! / minuteMs).toFixed(0)} min`);
const months = (characters.length * days) / 30;
console.log(`${characters.length} simulated hosts, ${learnDays} days to learn and ${days.toFixed(0)} that count, a look a minute; ${((performance.now() - beganMs) / 1_000).toFixed(0)} s.`);
console.log(`\n${'kind'.padEnd(18)}${'troubles'.padStart(9)}   ${'learned: false a host and month'.padEnd(33)}${'found'.padEnd(8)}${'delay'.padEnd(10)}${'fixed rules: false'.padEnd(20)}${'found'.padEnd(8)}delay`);
let worst = 0;
const sums = { learned: 0, fixed: 0 };
for (const [kind, { learned, fixed, troubles }] of totals) {
  worst = Math.max(worst, learned.falseAlarms / months);
  sums.learned += learned.falseAlarms;
  sums.fixed += fixed.falseAlarms;
  console.log(`${kind.padEnd(18)}${String(troubles).padStart(9)}   ${(learned.falseAlarms / months).toFixed(2).padEnd(33)}${String(learned.found).padEnd(8)}${middle(learned.delaysMs).padEnd(10)}${(fixed.falseAlarms / months).toFixed(2).padEnd(20)}${String(fixed.found).padEnd(8)}${middle(fixed.delaysMs)}`);
}
console.log(`\nFalse alarms a kind, host and month: ${(sums.learned / months / judged.length).toFixed(2)} with learned limits (promised: at most 1), ${(sums.fixed / months / judged.length).toFixed(2)} with fixed rules.`);
process.exitCode = worst <= 1 ? 0 : 1;
