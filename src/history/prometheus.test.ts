import { afterAll, beforeAll, expect, it } from 'vitest';
import { needs } from '../../test/needs.ts';
import { findInstance } from './exporter-instance.ts';
import { prometheusHistory } from './prometheus.ts';
import { startPrometheus, startVictoriaMetrics, type RunningServer } from './testing.ts';

const beganMs = Date.UTC(2026, 0, 5);
const minute = 60_000;
const minutes = 26 * 60;
const gap = { from: 600, to: 660 };
const awkward = 'C:\\DIR "x"\nüñ';

/** The load of two hosts each minute of 26 hours: host 1 jumps from 1 to 9 in the middle, and was not measured for an hour; the other stays at 2. */
const load = (host: number, at: number): number => (host === 2 ? 2 : at < minutes / 2 ? 1 : 9);
const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
function exposition(timeText: (timeMs: number) => string): string[] {
  const lines = ['# TYPE node_load1 gauge'];
  for (const host of [1, 2]) {
    for (let at = 0; at < minutes; at += 1) {
      if (host === 1 && at >= gap.from && at < gap.to) continue;
      lines.push(`node_load1{instance="192.0.2.${host}:9100",job="node"} ${load(host, at)} ${timeText(beganMs + at * minute)}`);
    }
  }
  lines.push('# TYPE node_uname_info gauge');
  for (const host of [1, 2]) for (let at = 0; at < minutes; at += 1) lines.push(`node_uname_info{instance="192.0.2.${host}:9100",nodename="pve${host}"} 1 ${timeText(beganMs + at * minute)}`);
  lines.push('# TYPE node_filesystem_free_bytes gauge', `node_filesystem_free_bytes{mountpoint="${escaped(awkward)}"} 5 ${timeText(beganMs)}`, `node_filesystem_free_bytes{mountpoint="/"} NaN ${timeText(beganMs)}`);
  return lines;
}
const seconds = (timeMs: number): string => String(timeMs / 1000);
const endMs = beganMs + (minutes - 1) * minute;
const first = { metric: 'node_load1', labels: { instance: '192.0.2.1:9100' } };

function readsAll(address: () => string): void {
  it('gives the samples as they were, and the gap as a gap', async () => {
    const series = await prometheusHistory({ address: address() }).series(first, beganMs, endMs, 60);
    expect(series).toHaveLength(1);
    const { metric, labels, timesMs, values } = series[0]!;
    expect({ metric, labels }).toEqual({ metric: 'node_load1', labels: { instance: '192.0.2.1:9100', job: 'node' } });
    const jump = beganMs + (minutes / 2) * minute;
    for (const [index, timeMs] of timesMs.entries()) expect(values[index], new Date(timeMs).toISOString()).toBe(timeMs < jump ? 1 : 9);
    expect(timesMs.filter((timeMs) => timeMs >= beganMs + (gap.from + 5) * minute && timeMs < beganMs + gap.to * minute)).toEqual([]);
    expect(timesMs.length).toBeGreaterThanOrEqual(minutes - (gap.to - gap.from));
    expect(timesMs.at(-1)).toBe(endMs);
  });

  it('asks for more points than a server gives at once in several questions, without a seam', async () => {
    const [series] = await prometheusHistory({ address: address() }).series({ metric: 'node_load1', labels: { instance: '192.0.2.2:9100', job: 'node' } }, beganMs, endMs, 5);
    const points = (endMs - beganMs) / 5_000 + 1;
    expect(points).toBeGreaterThan(11_000);
    expect(series!.timesMs).toEqual(Array.from({ length: points }, (_, index) => beganMs + index * 5_000));
    expect(new Set(series!.values)).toEqual(new Set([2]));
  });

  it('keeps to the grid that was asked for', async () => {
    const fromMs = beganMs + 7_000;
    const [series] = await prometheusHistory({ address: address() }).series({ ...first, labels: { instance: '192.0.2.2:9100' } }, fromMs, fromMs + 100 * 300_000, 300);
    expect(series!.timesMs).toEqual(Array.from({ length: 101 }, (_, index) => fromMs + index * 300_000));
  });

  it('takes a label’s value for what it is, and leaves out what is no number', async () => {
    const history = prometheusHistory({ address: address() });
    expect(await history.series({ metric: 'node_filesystem_free_bytes' }, beganMs, beganMs + minute, 60)).toMatchObject([{ labels: { mountpoint: awkward }, values: expect.arrayContaining([5]) }]);
    expect(await history.series({ metric: 'node_filesystem_free_bytes', labels: { mountpoint: awkward } }, beganMs, beganMs + minute, 60)).toHaveLength(1);
    expect(await history.series({ metric: 'node_load1', labels: { instance: '.*' } }, beganMs, endMs, 60)).toEqual([]);
    expect(await history.series({ metric: 'up or node_load1' }, beganMs, endMs, 60)).toEqual([]);
  });

  it('knows a host by its name and by its address', async () => {
    const history = prometheusHistory({ address: address() });
    expect(await findInstance(history, { name: 'pve2.example.com', addresses: [] }, beganMs, endMs)).toEqual({ found: 'one', instance: '192.0.2.2:9100' });
    expect(await findInstance(history, { name: '192.0.2.1', addresses: ['192.0.2.1'] }, beganMs, endMs)).toEqual({ found: 'one', instance: '192.0.2.1:9100' });
    expect(await findInstance(history, { name: 'pve3', addresses: ['192.0.2.3'] }, beganMs, endMs)).toEqual({ found: 'none', known: ['192.0.2.1:9100', '192.0.2.2:9100'] });
  });
}

needs('prometheus', '/usr/bin/prometheus')('a real Prometheus', () => {
  let server: RunningServer;
  beforeAll(async () => {
    // The password is hunter2 (bcrypt, as web.config.file takes it).
    const web = "basic_auth_users: { reader: '$2b$05$abcdefghijklmnopqrstuuoXuKqgZXLiJqzfmMXDDhSFPIvxV7t8.' }\n";
    server = await startPrometheus(`${exposition(seconds).join('\n')}\n# EOF\n`, ['--web.config.file=web.yml'], { 'web.yml': web });
  }, 60_000);
  afterAll(() => server.stop());
  const address = (): string => server.address.replace('://', '://reader:hunter2@');

  readsAll(address);

  it('says who may not ask, and why', async () => {
    await expect(prometheusHistory({ address: server.address }).series(first, beganMs, endMs, 60)).rejects.toMatchObject({ code: 'history-not-permitted', message: expect.stringContaining('it wants a login') });
    await expect(prometheusHistory({ address: server.address, userName: 'reader', password: 'wrong' }).series(first, beganMs, endMs, 60)).rejects.toMatchObject({ code: 'history-not-permitted', message: expect.not.stringContaining('wrong') });
  });

  it('hands on the server’s own words where it cannot answer', async () => {
    await expect(prometheusHistory({ address: `${address()}?timeout=never` }).series(first, beganMs, endMs, 60)).rejects.toMatchObject({ code: 'history-query-failed', message: expect.stringMatching(/HTTP 400\): bad_data: .*timeout/) });
  });

  it('says so where the address is of something else', async () => {
    await expect(prometheusHistory({ address: `${address()}/graph` }).series(first, beganMs, endMs, 60)).rejects.toMatchObject({ code: 'history-not-understood' });
  });
});

needs('victoria-metrics', '/usr/bin/victoria-metrics')('a real VictoriaMetrics', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startVictoriaMetrics(`${exposition(String).filter((line) => !line.startsWith('#')).join('\n')}\n`);
  }, 60_000);
  afterAll(() => server.stop());

  readsAll(() => server.address);
});
