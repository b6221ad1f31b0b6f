import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../src/define/report.ts';
import { startPrometheus, type RunningServer } from '../src/history/testing.ts';
import { needs } from './needs.ts';

const root = join(import.meta.dirname, '..');
const recorded = join(root, 'test/hosts/story-zfs21/case.tgz');
const minuteMs = 60_000;

function culprit(environment: Record<string, string>, ...words: readonly string[]) {
  return spawnSync(process.execPath, [join(root, 'src/cli/main.ts'), 'investigate', '--from', recorded, ...words], { encoding: 'utf8', env: { ...process.env, ...environment } });
}

const reportOf = (...words: readonly string[]): Report => JSON.parse(culprit({}, '--json', ...words).stdout) as Report;

needs('prometheus', '/usr/bin/prometheus')('a history that a real Prometheus kept of a saved host', () => {
  let server: RunningServer;
  let atMs: number;
  const onsetMinutesAgo = 40;

  beforeAll(async () => {
    const plain = reportOf();
    atMs = Date.parse(plain.startedAt);
    const times = Array.from({ length: 6 * 60 }, (_, index) => atMs - (6 * 60 - 1 - index) * minuteMs);
    const isLate = (timeMs: number): boolean => timeMs >= atMs - onsetMinutesAgo * minuteMs;
    const wobble = (timeMs: number, size: number): number => size * Math.sin(timeMs / 100_000) * Math.cos(timeMs / 37_000);
    const gauge = (name: string, labels: string, value: (timeMs: number) => number): string[] => [`# TYPE ${name} gauge`, ...times.map((timeMs) => `${name}{instance="host1:9100"${labels}} ${value(timeMs)} ${timeMs / 1000}`)];
    const waiting = { total: 0 };
    const counter = times.map((timeMs) => {
      waiting.total += 60 * ((isLate(timeMs) ? 0.6 : 0.05) + wobble(timeMs, 0.01));
      return `node_pressure_io_waiting_seconds_total{instance="host1:9100"} ${waiting.total.toFixed(3)} ${timeMs / 1000}`;
    });
    const lines = [
      ...gauge('node_load1', '', (timeMs) => (isLate(timeMs) ? 7 : 1) + wobble(timeMs, 0.1)),
      '# TYPE node_pressure_io_waiting_seconds counter',
      ...counter,
      ...gauge('node_uname_info', ',nodename="host1"', () => 1),
      '# EOF',
    ];
    server = await startPrometheus(`${lines.join('\n')}\n`);
  });
  afterAll(async () => server?.stop());

  it('says when the trouble began, and what changed then', () => {
    const { timeline } = reportOf('--prometheus', server.address);
    const onset = timeline.find(({ kind }) => kind === 'onset');
    expect(onset?.text).toMatch(/IO|io|load/);
    expect(Math.abs(Date.parse(onset!.at) - (atMs - onsetMinutesAgo * minuteMs))).toBeLessThan(3 * minuteMs);
  });

  it('a host that it does not know is said, and stops nothing', () => {
    const { stderr, stdout, status } = culprit({}, '--json', '--prometheus', server.address, '--prometheus-instance', 'elsewhere:9100');
    expect(status).toBe(2);
    expect((JSON.parse(stdout) as Report).timeline.some(({ kind }) => kind === 'onset')).toBe(false);
    expect(stderr).not.toContain('at ');
  });

  it('a server that is not there is said, and stops nothing', () => {
    const { stderr, status } = culprit({ CULPRIT_PROMETHEUS_TOKEN: 'secret-token' }, '--json', '--prometheus', 'http://127.0.0.1:9');
    expect(status).toBe(2);
    expect(stderr).toContain('Its history is left out.');
    expect(stderr).not.toContain('secret-token');
  });
});
