import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Sample } from '../../../src/define/sample.ts';
import { freePort } from '../../../src/lib/testing.ts';
import { openEmbeddedHistory } from '../../../src/history/embedded/embedded-history.ts';
import { parseExposition } from '../../../src/lib/exposition/parser.ts';
import { pageMaker } from './pages.ts';
import { bytesIn, type Started } from './processes.ts';

const dayMs = 86_400_000;
const chartSeconds = 90;
const charts = 20;
const chosen = { metric: 'node_load1' };

function parsePage(text: string, timeMs: number): Sample[] {
  const { samples, problem } = parseExposition(text, 'text');
  if (problem !== undefined) throw new Error(`the page of the exporter cannot be read: ${problem.says}`);
  return samples.filter(({ value }) => Number.isFinite(value)).map(({ metric, labels, value }) => ({ metric, labels, timeMs, value }));
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const quoted = (labels: Readonly<Record<string, string>>): string => Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',');

/** Writes one host's day into both, closed as they close a day, and asks for a chart of it: bytes a sample and milliseconds. */
export async function measureDay(folder: string, pages: readonly [string, string], leastSeries: number, intervalSeconds: number, start: (command: string, words: readonly string[]) => Started): Promise<void> {
  const maker = pageMaker(readFileSync(pages[0], 'utf8'), readFileSync(pages[1], 'utf8'), leastSeries);
  const fromMs = Math.floor(Date.now() / dayMs) * dayMs - 2 * dayMs;
  const looks = dayMs / 1_000 / intervalSeconds;
  let nowMs = fromMs;
  const [ours, theirs, text] = [join(folder, 'history'), join(folder, 'blocks'), join(folder, 'day.txt')];
  mkdirSync(theirs);
  const history = await openEmbeddedHistory(ours, { clock: () => nowMs });
  const byFamily = new Map<string, string[]>();
  let samples = 0;
  try {
    for (let look = 0; look < looks; look += 1) {
      nowMs = fromMs + look * intervalSeconds * 1_000;
      const batch = parsePage(maker.page(1, look), nowMs);
      samples += batch.length;
      await history.append({ host: 'pve1', timeMs: nowMs, samples: batch, ended: [] });
      if (look % 40 === 0) await history.flush();
      for (const { metric, labels, value } of batch) {
        const lines = byFamily.get(metric) ?? [];
        byFamily.set(metric, lines);
        lines.push(`${metric}{${quoted(labels)}} ${value} ${nowMs / 1_000}\n`);
      }
    }
    nowMs = fromMs + 2 * dayMs;
    await history.compact();
    const out = createWriteStream(text);
    for (const lines of byFamily.values()) if (!out.write(lines.join(''))) await once(out, 'drain');
    out.end('# EOF\n');
    await once(out, 'finish');
    byFamily.clear();
    execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=25h', '--quiet', text, theirs], { stdio: 'ignore', maxBuffer: 1e8 });
    const bytes = [history.stats().bytesOnDisk, bytesIn(theirs)].map((all) => all / samples);
    console.log(`a host's day: ${(samples / 1e6).toFixed(1)} M samples; Culprit ${bytes[0]!.toFixed(2)} bytes a sample, Prometheus ${bytes[1]!.toFixed(2)} (${(bytes[0]! / bytes[1]!).toFixed(2)} times)`);
    const port = await freePort();
    const config = join(folder, 'empty.yml');
    execFileSync('sh', ['-c', `: >'${config}'`]);
    const prometheus = start('prometheus', [`--config.file=${config}`, `--storage.tsdb.path=${theirs}`, '--storage.tsdb.retention.time=30d', `--web.listen-address=127.0.0.1:${port}`]);
    await prometheus.until(/Server is ready/);
    const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
    for (let turn = 0; turn < charts; turn += 1) {
      const began = performance.now();
      const found = await history.ofHost('pve1').series(chosen, fromMs, fromMs + dayMs - 1, chartSeconds);
      const between = performance.now();
      const answer = (await (await fetch(`http://127.0.0.1:${port}/api/v1/query_range?query=${chosen.metric}&start=${fromMs / 1_000}&end=${fromMs / 1_000 + 86_399}&step=${chartSeconds}`)).json()) as { data: { result: { values: unknown[] }[] } };
      times.theirs.push(performance.now() - between);
      times.ours.push(between - began);
      if (turn === 0) console.log(`a day's chart: ${found[0]?.values.length ?? 0} points of Culprit, ${answer.data.result[0]?.values.length ?? 0} of Prometheus`);
    }
    console.log(`Culprit ${median(times.ours).toFixed(1)} ms in the middle of ${charts}, Prometheus ${median(times.theirs).toFixed(1)} ms, over HTTP (${(median(times.ours) / median(times.theirs)).toFixed(1)} times)`);
  } finally {
    await history.close();
  }
}
