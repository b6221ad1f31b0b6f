import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { requireBanner } from '../scripts/build.ts';
import { seededRandom } from '../src/lib/testing.ts';

const rounds = 25;
/** Killed after so many acknowledgements at most, and so many milliseconds more. */
const mostAcknowledged = 60;
const mostMs = 12;

interface Arrival {
  readonly channel: string;
  readonly round: number;
  readonly id: string;
}

/** Starts the child, and kills it when `over` says so, which is asked as soon as it is ready. */
async function run(program: string, words: readonly string[], onLine: (word: string, id: string) => void, over: () => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  let pending = '';
  const ready = new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the child ended by itself')));
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      const lines = (pending + piece).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) {
        const [word = '', id = ''] = line.split(' ');
        if (word === 'ready') resolve();
        else onLine(word, id);
      }
    });
  });
  await ready;
  await over();
  child.kill('SIGKILL');
  await ended;
}

describe('an outbox whose process is killed again and again', () => {
  it(`loses nothing that it acknowledged, and doubles only what was under way (${rounds} rounds)`, async () => {
    const random = seededRandom(20_261_123);
    const folder = mkdtempSync(join(tmpdir(), 'culprit-kill-'));
    // In one file it starts in a fraction of the time.
    const program = join(folder, 'child.mjs');
    buildSync({ entryPoints: [join(import.meta.dirname, 'outbox-kill/child.ts')], outfile: program, bundle: true, platform: 'node', format: 'esm', minify: true, external: ['pg-native'], banner: { js: requireBanner } });
    const arrivals: Arrival[] = [];
    const server = createServer((request, response) => {
      const [, channel = '', round = '', id = ''] = (request.url ?? '').split('/');
      arrivals.push({ channel, round: Number(round), id });
      setTimeout(() => response.end(), random() * 6);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const acknowledged: string[] = [];
    /** Attempts that the child itself saw fail, though the notification may have arrived. */
    const unanswered = new Set<string>();
    const onLine = (word: string, id: string): void => void (word === 'ack' ? acknowledged.push(id) : unanswered.add(id));
    const received = (channel: string): Set<string> => new Set(arrivals.filter((one) => one.channel === channel).map(({ id }) => id));
    try {
      for (let round = 1; round <= rounds; round += 1) {
        const enough = acknowledged.length + random() * mostAcknowledged;
        await run(program, [folder, address, String(round)], onLine, async () => {
          while (acknowledged.length < enough) await new Promise((resolve) => setTimeout(resolve, 1));
          await new Promise((resolve) => setTimeout(resolve, random() * mostMs));
        });
      }
      const missing = (): number => acknowledged.filter((id) => !received('one').has(id) || !received('other').has(id)).length;
      await run(program, [folder, address, String(rounds + 1), 'drain'], onLine, async () => {
        for (let tries = 0; tries < 1_200 && missing() > 0; tries += 1) await new Promise((resolve) => setTimeout(resolve, 100));
      });
      expect(missing()).toBe(0);
      expect(acknowledged.length).toBeGreaterThan(10 * rounds);
      for (const channel of ['one', 'other']) {
        const ours = arrivals.filter((one) => one.channel === channel);
        // Under way when the process was killed: at most the last that arrived in each round.
        const underWay = new Set(Array.from({ length: rounds }, (_, index) => ours.filter(({ round }) => round === index + 1).at(-1)?.id));
        const doubled = [...received(channel)].filter((id) => ours.filter((one) => one.id === id).length > 1);
        expect(doubled.filter((id) => !underWay.has(id) && !unanswered.has(`${channel}/${id}`))).toEqual([]);
        // In the order of each incident: ids are round, number and incident.
        for (const incident of ['0', '1', '2', '3']) {
          const order = [...received(channel)].filter((id) => id.endsWith(`-${incident}`)).map((id) => id.split('-').map(Number));
          expect(order).toEqual([...order].sort(([oneRound = 0, one = 0], [otherRound = 0, other = 0]) => oneRound - otherRound || one - other));
        }
      }
      process.stdout.write(`${acknowledged.length} acknowledged over ${rounds} kills, ${arrivals.length - received('one').size - received('other').size} arrived twice, ${unanswered.size} attempts without an answer\n`);
    } finally {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 1_200_000);
});
