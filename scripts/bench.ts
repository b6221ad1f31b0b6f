/**
 * Measures what Culprit costs, side by side with `sos report` on the same machine, and fails when a bound is broken:
 * `npm run bench`, `npm run bench -- --target root@pve1`. It prints a table; `--json FILE` also writes the figures.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitStatus } from '../src/define/errors.ts';
import { benchOptions, WrongUsage, type BenchOptions } from './bench/command-line.ts';
import { figure, figureTable, isBroken, type Figure } from './bench/figures.ts';
import { CannotMeasure, measure, type Measurement } from './bench/measured-run.ts';
import { build } from './build.ts';

/** Upper bounds of the medians. */
const bounds = { cpuShareOfSos: 1 / 10, transferredBytes: 1_000_000, verdictSeconds: 10, helpMilliseconds: 200 } as const;
const windowSeconds = 4;
const helpRuns = 7;

const sosReport = 'command -v sos >/dev/null || { echo "sos is not installed" >&2; exit 1; }\nsos report --batch --quiet --tmp-dir "$dir"';

function timedNode(...words: readonly string[]): { seconds: number; stdout: string } {
  const startedAt = performance.now();
  const { status, stdout, stderr, error } = spawnSync(process.execPath, words, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (error) throw error;
  if (status === null || status >= 64) throw new CannotMeasure(stderr.trim() || `node ${words.join(' ')} ended with ${status}`);
  return { seconds: (performance.now() - startedAt) / 1_000, stdout };
}

interface Pairs {
  readonly collector: readonly Measurement[];
  readonly sos: readonly Measurement[];
  readonly skipped?: string;
}

/** Collector and sos report by turns, so that what else the machine does weighs on both. */
async function measurePairs({ place, repetitions }: BenchOptions, script: string): Promise<Pairs> {
  const collector: Measurement[] = [];
  const sos: Measurement[] = [];
  let skipped: string | undefined;
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    collector.push(await measure(place, { command: 'sh <"$dir/input"', input: script, limitSeconds: 180 }));
    if (skipped !== undefined) continue;
    process.stderr.write(`sos report, ${repetition} of ${repetitions} …\n`);
    try {
      sos.push(await measure(place, { command: sosReport, limitSeconds: 1_800 }));
    } catch (error) {
      if (!(error instanceof CannotMeasure)) throw error;
      skipped = error.message;
    }
  }
  return { collector, sos, ...(skipped === undefined ? {} : { skipped }) };
}

function pairFigures({ collector, sos }: Pairs, script: string): Figure[] {
  const ratios = sos.map((one, index) => collector[index]!.cpuSeconds / one.cpuSeconds);
  return [
    figure('collector-cpu', 'CPU time of the collector on the host', 's', collector.map((one) => one.cpuSeconds)),
    figure('collector-wall', `duration of the collector (${windowSeconds} s of it are the sampling window)`, 's', collector.map((one) => one.wallSeconds)),
    figure('transferred', 'bytes to and from the host', 'bytes', collector.map((one) => one.outputBytes + Buffer.byteLength(script)), bounds.transferredBytes),
    ...(sos.length === 0
      ? []
      : [
          figure('sos-cpu', 'CPU time of sos report', 's', sos.map((one) => one.cpuSeconds)),
          figure('sos-wall', 'duration of sos report', 's', sos.map((one) => one.wallSeconds)),
          figure('cpu-share', 'CPU time, collector / sos report', '', ratios, bounds.cpuShareOfSos),
        ]),
  ];
}

async function bench(options: BenchOptions, folder: string): Promise<boolean> {
  const [load = 0] = loadavg();
  const busy = load > availableParallelism() / 2;
  const program = join(folder, 'bundle/main.js');
  await build(join(folder, 'bundle'));
  const script = timedNode(program, 'collector', '--window', String(windowSeconds)).stdout;
  const starts = Array.from({ length: helpRuns }, () => ({ node: timedNode('--eval', '0').seconds * 1_000, help: timedNode(program, '--help').seconds * 1_000 }));
  const pairs = await measurePairs(options, script);
  const investigation = [program, 'investigate', '--json', '--window', String(windowSeconds), ...options.investigateWords];
  const verdicts = Array.from({ length: options.repetitions }, () => timedNode(...investigation).seconds);
  const figures = [
    figure('node', 'node that does nothing', 'ms', starts.map((one) => one.node)),
    figure('help', 'culprit --help', 'ms', starts.map((one) => one.help), bounds.helpMilliseconds),
    figure('verdict', 'time to the verdict', 's', verdicts, bounds.verdictSeconds),
    figure('verdict-window', 'share of the sampling window in it', '%', verdicts.map((seconds) => (100 * windowSeconds) / seconds)),
    ...pairFigures(pairs, script),
  ];
  const method = pairs.collector[0]!.method === 'cgroup' ? 'of every process, by control group' : 'of processes that were waited for, by times(1)';
  console.log(`Measured on ${options.place.name}; CPU time ${method}.\n\n${figureTable(figures)}`);
  if (busy) console.log(`\nThis machine was busy before (load average ${load.toFixed(1)} on ${availableParallelism()} processors): durations are longer than they would be.`);
  if (pairs.skipped !== undefined) console.log(`\nsos report was left out: ${pairs.skipped}`);
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify({ target: options.place.name, node: process.version, loadBefore: load, method: pairs.collector[0]!.method, skipped: pairs.skipped, figures }, undefined, 2)}\n`);
  }
  return figures.some(isBroken);
}

const folder = mkdtempSync(join(tmpdir(), 'culprit-bench-'));
try {
  process.exitCode = (await bench(benchOptions(process.argv.slice(2)), folder)) ? 1 : 0;
} catch (error) {
  if (!(error instanceof WrongUsage) && !(error instanceof CannotMeasure)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof WrongUsage ? exitStatus.usage : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
