import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../../../../test/needs.ts';
import { recentSelector } from '../../../history/prometheus-recent.ts';
import { startPrometheus, type RunningServer } from '../../../history/testing.ts';
import { SimulatedClock } from '../testing.ts';
import { RecentState } from './recent-state.ts';
import { PrometheusSource } from './source.ts';
import { prometheusSourceSettingsSchema } from './settings.ts';

const beganMs = Date.UTC(2026, 0, 5);
const never = new AbortController().signal;

describe('what was handed on already', () => {
  const series = (timesMs: number[]) => [{ metric: 'a', labels: {}, timesMs, values: timesMs.map((at) => at / 1_000) }];

  it('is not handed on again, and ends after five minutes of silence', () => {
    const state = new RecentState();
    expect(state.take('h', 20_000, series([0, 15_000]), undefined).samples.map(({ timeMs }) => timeMs)).toEqual([0, 15_000]);
    expect(state.take('h', 35_000, series([15_000, 30_000]), undefined).samples.map(({ timeMs }) => timeMs)).toEqual([30_000]);
    expect(state.newestMs).toBe(30_000);
    expect(state.take('h', 330_000, [], undefined).ended).toEqual([]);
    expect(state.take('h', 330_001, [], undefined).ended).toEqual([{ metric: 'a', labels: {} }]);
    expect(state.take('h', 400_000, [], undefined).ended).toEqual([]);
  });

  it('ends at once where the target was down later', () => {
    const state = new RecentState();
    state.take('h', 20_000, series([15_000]), undefined);
    expect(state.take('h', 35_000, [], 30_000).ended).toEqual([{ metric: 'a', labels: {} }]);
  });
});

it('asks for names as they are, not as patterns', () => expect(recentSelector(['a', 'b'], ['pve1.x:9100', 'a"|.*'], 60)).toBe('{__name__=~"a|b",instance=~"pve1\\\\.x:9100|a\\"\\\\|\\\\.\\\\*"}[60s]'));

needs('prometheus', '/usr/bin/prometheus')('a Prometheus that scrapes the hosts', () => {
  let server: RunningServer;
  const endMs = beganMs + 3_600_000;
  beforeAll(async () => {
    const lines = ['# TYPE node_load1 gauge'];
    const each = (write: (host: number, at: string, atMs: number) => void): void => {
      for (const host of [1, 2]) for (let atMs = beganMs; atMs <= endMs; atMs += 15_000) write(host, String(atMs / 1_000), atMs);
    };
    each((host, at, atMs) => { if (host === 1 || atMs < endMs - 120_000) lines.push(`node_load1{instance="192.0.2.${host}:9100",job="node"} ${atMs / 1_000 % 97} ${at}`); });
    lines.push('# TYPE node_uname_info gauge');
    each((host, at) => lines.push(`node_uname_info{instance="192.0.2.${host}:9100",job="node",nodename="pve${host}"} 1 ${at}`));
    lines.push('# TYPE up gauge');
    each((host, at, atMs) => lines.push(`up{instance="192.0.2.${host}:9100",job="node"} ${host === 1 || atMs < endMs - 120_000 ? 1 : 0} ${at}`));
    server = await startPrometheus(`${lines.join('\n')}\n# EOF\n`);
  }, 180_000);
  afterAll(() => server.stop());

  const sourceAt = (clock: SimulatedClock, more: Record<string, unknown> = {}) =>
    new PrometheusSource(prometheusSourceSettingsSchema.parse({ address: server.address, ...more }), [{ name: 'pve1', addresses: [] }, { name: 'pve2', addresses: [] }, { name: 'pve9', addresses: [] }], ['node_load1'], clock);

  it('gives every sample of every host once, with its own time, in one question', async () => {
    const clock = new SimulatedClock(endMs - 600_000);
    const source = sourceAt(clock);
    const times: number[] = [];
    for (let look = 0; look < 4; look += 1) {
      const { batches, problems } = await source.look(never);
      expect(problems).toMatchObject([{ host: 'pve9', reason: 'not-found', says: expect.stringMatching(/does not know pve9\. It knows 192\.0\.2\.1:9100, 192\.0\.2\.2:9100/) }]);
      expect(batches.map(({ host }) => host)).toEqual(['pve1', 'pve2']);
      const load = batches[0]!.samples.filter(({ metric }) => metric === 'node_load1');
      for (const { labels, timeMs, value } of load) expect([labels, value]).toEqual([{}, timeMs / 1_000 % 97]);
      times.push(...load.map(({ timeMs }) => timeMs));
      await clock.advance(30_000);
    }
    const firstMs = times[0]!;
    expect(times).toEqual(Array.from({ length: times.length }, (_, at) => firstMs + at * 15_000));
    expect(times.at(-1)).toBe(endMs - 600_000 + 90_000);
    expect(times.length).toBeGreaterThanOrEqual(26);
  });

  it('hands on that a target is down, and that its series have ended', async () => {
    const clock = new SimulatedClock(endMs - 180_000);
    const source = sourceAt(clock, { hostsAQuestion: 1 });
    await source.look(never);
    await clock.advance(120_000);
    const { batches } = await source.look(never);
    expect(batches[1]!.samples.filter(({ metric }) => metric === 'up').at(-1)).toMatchObject({ value: 0, labels: { job: 'node' } });
    expect(batches[1]!.ended).toEqual([{ metric: 'node_load1', labels: {} }]);
    expect(batches[0]!.ended).toEqual([]);
  });

  it('says so where a named instance has nothing', async () => {
    const { batches, problems } = await sourceAt(new SimulatedClock(endMs), { instances: { pve9: 'other:9100' } }).look(never);
    expect(problems).toMatchObject([{ host: 'pve9', reason: 'not-found', says: expect.stringContaining('has no samples of pve9') }]);
    expect(batches).toHaveLength(3);
  });
});

describe('a server that fails', () => {
  it.each([
    [500, '{"status":"error","errorType":"internal","error":"secret-token is bad"}', 'not-reachable', /internal: … is bad/],
    [401, '', 'turned-away', /HTTP 401/],
    [200, '<html>', 'not-understood', /web page/],
    [200, '{"status":"success","warnings":["store a is missing"],"data":{"resultType":"matrix","result":[]}}', 'cut-short', /store a is missing/],
  ])('with HTTP %d %s is a problem, and no batch', async (status, text, reason, says) => {
    const server = createServer((_, response) => void response.writeHead(status).end(text));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const source = new PrometheusSource(prometheusSourceSettingsSchema.parse({ address, bearerToken: 'secret-token', instances: { pve1: 'a:1' } }), [{ name: 'pve1', addresses: [] }], [], new SimulatedClock(beganMs));
    expect(await source.look(never)).toMatchObject({ batches: [], problems: [{ source: 'prometheus', reason, says: expect.stringMatching(says) }] });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await source.look(never)).toMatchObject({ batches: [], problems: [{ reason: 'not-reachable', says: expect.stringContaining('ECONNREFUSED') }] });
  });
});
