/**
 * What watching many hosts costs, beside Prometheus. `npm run bench:ingest [-- MINUTES HOSTS]`: simulated hosts with the page of a real node_exporter of about 1,500 series, every 15 s, read by
 * `culprit serve` and by Debian's prometheus in the same run. Prints processor time, memory and bytes written of both and their ratios. Culprit also watches alarms on what it reads, which Prometheus does with rules: it has
 * those of `culprit rules export`. What a closed day costs on the disk, and what a chart of it takes, is told by `npm run bench:ingest -- day`: one host's day in both.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../src/lib/testing.ts';
import { openEmbeddedHistory } from '../src/history/embedded/embedded-history.ts';
import { measureDay } from './bench/ingest/day.ts';
import { bytesIn, cpuSeconds, memoryMib, Started } from './bench/ingest/processes.ts';

const root = join(import.meta.dirname, '..');
const [first = '10', second = '100'] = process.argv.slice(2);
const leastSeries = 1_500;
const intervalSeconds = 15;
const folder = mkdtempSync(join(tmpdir(), 'culprit-bench-ingest-'));
const running: Started[] = [];
const start = (command: string, words: readonly string[]): Started => {
  const started = new Started(command, words);
  running.push(started);
  return started;
};
const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

/** Two pages of the real exporter of this machine. */
async function realPages(): Promise<readonly [string, string]> {
  const port = await freePort();
  const exporter = start('prometheus-node-exporter', [`--web.listen-address=127.0.0.1:${port}`]);
  await exporter.until(/Listening on|listening on|TLS is disabled/);
  const ask = async (name: string): Promise<string> => {
    const path = join(folder, name);
    writeFileSync(path, await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
    return path;
  };
  const one = await ask('first.txt');
  await pause(5);
  const pages = [one, await ask('second.txt')] as const;
  await exporter.end();
  return pages;
}

/** How many samples the last look at each host brought, all together, as the history has it. */
async function lastLook(data: string, hosts: readonly number[]): Promise<number> {
  const nowMs = Date.now();
  const history = await openEmbeddedHistory(data, { clock: () => nowMs });
  try {
    const found = await Promise.all(hosts.map((host) => history.ofHost(`host${host}`).series({ metric: 'scrape_samples_scraped' }, nowMs - 120_000, nowMs, 15)));
    return found.reduce((sum, [series]) => sum + (series?.values.at(-1) ?? 0), 0);
  } finally {
    await history.close();
  }
}

async function live(minutes: number, hosts: number, pages: readonly [string, string]): Promise<void> {
  const pagePort = await freePort();
  const server = start(process.execPath, [join(root, 'scripts/bench/ingest/page-server.ts'), String(pagePort), ...pages, String(leastSeries)]);
  const [, series, changing] = await server.until(/^(\d+) (\d+)$/m);
  const names = Array.from({ length: hosts }, (_, host) => host);
  const config = join(folder, 'culprit.yaml');
  writeFileSync(config, JSON.stringify({ http: { port: 0 }, hosts: names.map((host) => ({ name: `host${host}`, exporters: [{ url: `http://127.0.0.1:${pagePort}/culprit/${host}/metrics`, intervalSeconds }] })) }));
  const rules = join(folder, 'rules.yaml');
  writeFileSync(rules, execFileSync(process.execPath, [join(root, 'src/cli/main.ts'), 'rules', 'export', '--data', join(folder, 'none')], { encoding: 'utf8' }));
  const prometheusConfig = join(folder, 'prometheus.yml');
  const target = (host: number): string => `  - job_name: host${host}\n    metrics_path: /prometheus/${host}/metrics\n    static_configs: [{ targets: ["127.0.0.1:${pagePort}"], labels: { instance: "host${host}" } }]`;
  writeFileSync(prometheusConfig, `global: { scrape_interval: ${intervalSeconds}s, evaluation_interval: ${intervalSeconds}s }\nrule_files: [${rules}]\nscrape_configs:\n${names.map(target).join('\n')}\n`);
  const [culpritData, prometheusData] = [join(folder, 'culprit'), join(folder, 'prometheus')];
  const culprit = start(process.execPath, [join(root, 'src/cli/main.ts'), 'serve', '--config', config, '--data', culpritData]);
  await culprit.until(/at http:\/\//);
  const prometheusPort = await freePort();
  const prometheus = start('prometheus', [`--config.file=${prometheusConfig}`, `--storage.tsdb.path=${prometheusData}`, `--web.listen-address=127.0.0.1:${prometheusPort}`]);
  await prometheus.until(/Server is ready/);
  console.log(`${hosts} hosts, ${series} series each (${changing} of them change), every ${intervalSeconds} s; ${minutes} min after one of warming up`);
  await pause(60);
  const both = [['Culprit', culprit, culpritData], ['Prometheus', prometheus, prometheusData]] as const;
  const before = both.map(([, { pid }]) => cpuSeconds(pid));
  const startedMs = performance.now();
  await pause(minutes * 60);
  const seconds = (performance.now() - startedMs) / 1_000;
  const measured = both.map(([name, { pid }, data], index) => ({ name, cores: (cpuSeconds(pid) - before[index]!) / seconds, memory: memoryMib(pid), megabytes: bytesIn(data) / 1e6 }));
  for (const { name, cores, memory, megabytes } of measured) console.log(`${name}: ${(cores * 100).toFixed(1)} % of one processor, ${memory.toFixed(0)} MiB of memory, ${megabytes.toFixed(0)} MB on the disk so far`);
  const taken = (await (await fetch(`http://127.0.0.1:${prometheusPort}/api/v1/query?query=sum(scrape_samples_scraped)`)).json()) as { data: { result: { value: [number, string] }[] } };
  await culprit.end();
  console.log(`samples in the last look at all hosts: Culprit ${await lastLook(join(culpritData, 'history'), names)}, Prometheus ${taken.data.result[0]?.value[1] ?? 'none'}`);
  const [ours, theirs] = measured;
  console.log(`Culprit takes ${(ours!.cores / theirs!.cores).toFixed(2)} times the processor time and ${(ours!.memory / theirs!.memory).toFixed(2)} times the memory; load of this machine ${loadavg()[0]!.toFixed(1)}`);
}

try {
  mkdirSync(join(folder, 'culprit'));
  const pages = await realPages();
  if (first === 'day') await measureDay(folder, pages, leastSeries, intervalSeconds, start);
  else await live(Number(first), Number(second), pages);
} finally {
  await Promise.all(running.map((one) => one.end()));
  rmSync(folder, { recursive: true, force: true });
}
