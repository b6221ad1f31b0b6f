import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../../../../test/needs.ts';
import { eventually, pause, processesWith, SshServer } from '../../../collect/testing.ts';
import { freePort } from '../../../lib/testing.ts';
import { seriesKey } from '../../../define/history.ts';
import type { Sample } from '../../../define/sample.ts';
import { parseExposition } from '../../../lib/exposition/parser.ts';
import { systemClock } from '../clock.ts';
import type { Look } from '../look.ts';
import { SamplerFrames, type SamplerFrame } from './frames.ts';
import { HostTime } from './host-time.ts';
import { SshSampler, type SamplerOptions } from './sampler.ts';
import { samplerScript } from './script.ts';
import { sshSamplerSettingsSchema } from './settings.ts';
import { samplesOf } from './write.ts';

const nonce = '0123456789abcdef';
const stopping: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stopping.splice(0)) await stop();
});

const frame = (kind: string, body: string, uptime = '10.50'): string => `@${nonce} ${kind} ${uptime} ${Buffer.byteLength(body)}\n${body}\n`;
const framesIn = (...pieces: readonly string[]): SamplerFrame[] => {
  const frames = new SamplerFrames(nonce);
  return pieces.flatMap((piece) => frames.push(Buffer.from(piece)));
};

describe('the stream', () => {
  const text = `Welcome!\n${frame('hello', '=uname\nLinux\n')}noise${frame('tick', '=loadavg\n0.1 0.2 0.3\n')}\n${frame('tick', '=loadavg\n1 2 3\n=a\n', '25.50')}`;
  it('gives its frames in whatever pieces it comes', () => {
    const expected = ['hello 10.5', 'tick 25.5'];
    const cut = fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 30 });
    fc.assert(fc.property(cut, (cuts) => {
      const ends = [0, ...cuts.sort((a, b) => a - b), text.length];
      // A frame that does not begin a line, behind the noise, is none.
      expect(framesIn(...ends.slice(1).map((end, at) => text.slice(ends[at], end))).map(({ kind, uptimeSeconds }) => `${kind} ${uptimeSeconds}`)).toEqual(expected);
    }), { numRuns: 30 });
  });

  it('that two write at once loses what is disturbed, and not the next', () => {
    const tick = frame('tick', `=loadavg\n${'1 2 3\n'.repeat(50)}`);
    expect(framesIn(tick.slice(0, 100), `\n${frame('spaces', '=mounts\n')}`, tick.slice(100), frame('tick', '=b\n')).map(({ kind, sections }) => `${kind} ${[...sections.keys()].join()}`)).toEqual(['spaces mounts', 'tick b']);
  });

  it.each([`@${nonce} tick 1 99999999\n`, `@${nonce} tick x 5\n`, `@${nonce} other 1 5\nabcde\n`, `@${nonce} ${'x'.repeat(10_000)}`, `@${nonce} tick 1 -1\n`])('is not held up by %j', (bad) =>
    expect(framesIn(bad, `\n${frame('tick', '')}`)).toMatchObject([{ kind: 'tick' }]));

  it('of anything gives samples that are bounded numbers', () => {
    const line = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('cpu0 1 2', 'vda', '1 2 3 4 5 6 /', 'eth0: 1 2', 'a: 5 kB', 'some total=x', '__proto__ 1', 'constructor 5', 'x operstate up', 'core 0 0 1e9'));
    const names = fc.constantFrom('stat', 'meminfo', 'diskstats', 'net/dev', 'net/state', 'mounts', 'statfs', 'arcstats', 'pools', 'thermal', 'hwmon', 'throttle', 'numbers', 'clock', 'vmstat', 'loadavg', 'pressure/io', 'uname');
    fc.assert(fc.property(fc.array(fc.tuple(names, fc.array(line, { maxLength: 8 }))), (sections) => {
      for (const { value, labels } of samplesOf({ kind: 'tick', uptimeSeconds: 1, sections: new Map(sections) }, 5)) {
        expect(Number.isFinite(value)).toBe(true);
        for (const label of Object.values(labels)) expect(label.length).toBeLessThanOrEqual(300);
      }
    }), { numRuns: 60 });
  });
});

it('turns pools, ARC and sensors into node_exporter’s metrics', () => {
  const sections = { 'pools': ['tank DEGRADED'], 'arcstats': ['size 4 1234', 'c_max 4 18446744073709551615'], 'hwmon': ['hwmon0 temp1 45000 /sys/devices/platform/coretemp.0', 'hwmon3 temp2 38850 /sys/devices/pci0000:00/0000:00:01.1/0000:01:00.0/nvme/nvme0', 'hwmon1 temp1 50000 /sys/devices/virtual/hwmon/hwmon1'], 'thermal': ['0 x86 pkg 47000'], 'throttle': ['core 0 1 5', 'package 0 1 7', 'core 0 2 6', 'package 0 2 7'], 'clock': ['1700000000.%N'] };
  const samples = samplesOf({ kind: 'sensors', uptimeSeconds: 1, sections: new Map(Object.entries(sections)) }, 5);
  const values = Object.fromEntries(samples.map(({ metric, labels, value }) => [`${metric} ${Object.values(labels).join(' ')}`.trim(), value]));
  expect(values).toMatchObject({
    'node_zfs_zpool_state degraded tank': 1, 'node_zfs_zpool_state online tank': 0, 'node_zfs_arc_size': 1234,
    'node_hwmon_temp_celsius platform_coretemp_0 temp1': 45, 'node_hwmon_temp_celsius nvme_nvme0 temp2': 38.85, 'node_hwmon_temp_celsius hwmon1 temp1': 50,
    'node_thermal_zone_temp x86 pkg 0': 47, 'node_cpu_core_throttles_total 1 0': 5, 'node_cpu_core_throttles_total 2 0': 6, 'node_cpu_package_throttles_total 0': 7, 'node_time_seconds': 1_700_000_000,
  });
});

describe('our time of an uptime', () => {
  it('has the distances of the host, however late frames come', () => {
    const time = new HostTime();
    expect([[100, 50_010], [115, 65_500], [130, 95_000], [145, 95_001], [160, 110_012]].map(([uptime, now]) => time.of(uptime!, now!))).toEqual([50_010, 65_010, 80_010, 95_001, 110_001]);
  });

  it('follows a clock that was set, and always goes on', () => {
    const time = new HostTime();
    time.of(100, 1_000_000);
    expect(time.of(115, 1_000_000 + 1e9)).toBe(1_000_000 + 1e9);
    expect([time.ascending(10), time.ascending(9), time.ascending(1_000)]).toEqual([10, 11, 1_000]);
  });
});

type Seen = { looks: Look[]; sampler: SshSampler; latest: (metric: string) => Sample[]; all: () => Sample[] };
function sampling(more: Record<string, unknown>, options: Partial<SamplerOptions> = {}): Seen {
  const looks: Look[] = [];
  const settings = { ...sshSamplerSettingsSchema.parse({}), intervalSeconds: 1, slowIntervalSeconds: 2, ...more };
  const sampler = new SshSampler({ host: 'pve1', settings, clock: systemClock, chance: () => 0, onLook: (look) => looks.push(look), ...options });
  stopping.push(() => sampler.stop());
  sampler.start();
  const all = (): Sample[] => looks.flatMap(({ batches }) => batches.flatMap(({ samples }) => [...samples]));
  const latest = (metric: string): Sample[] => [...new Map(all().filter((sample) => sample.metric === metric).map((sample) => [seriesKey(sample), sample])).values()];
  return { looks, sampler, latest, all };
}
const shells = [['/usr/bin/dash'], ['/bin/bash', '--posix'], ['/usr/bin/busybox', 'sh']].filter(([path]) => existsSync(path!));

describe.each(shells)('the loop in %s', (...shell) => {
  it('measures, at less than half a per cent of a core', async () => {
    let child: ChildProcess | undefined;
    const [command, ...words] = shell;
    const { latest, looks, all } = sampling({}, { startShell: () => (child = spawn(command!, [...words, '-s'], { stdio: 'pipe', detached: true })) });
    expect(await eventually(() => all().filter(({ metric }) => metric === 'up').length >= 5 && latest('node_time_seconds').length > 0 && latest('node_filesystem_size_bytes').length > 0, 60_000)).toBe(true);
    const ticks = all().filter(({ metric }) => metric === 'up').length;
    const fields = readFileSync(`/proc/${child!.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    const cpuMs = fields.slice(11, 15).reduce((sum, field) => sum + Number(field) * 10, 0);
    // At the default of a tick every 15 s; the children count as well.
    expect(cpuMs / ticks).toBeLessThan(0.005 * 15_000);
    expect(looks.flatMap(({ problems }) => problems)).toEqual([]);
    expect(looks.flatMap(({ batches }) => batches.flatMap(({ ended }) => ended))).toEqual([]);
    expect(latest('node_uname_info')[0]!.labels).toMatchObject({ sysname: 'Linux' });
    const times = all().filter(({ metric }) => metric === 'up').map(({ timeMs }) => timeMs);
    for (const [at, time] of times.slice(1).entries()) expect(time - times[at]!).toBeGreaterThan(900);
  }, 90_000);
});

needs('prometheus-node-exporter', '/usr/bin/prometheus-node-exporter')('beside a real node_exporter', () => {
  it('gives the same series and the same values', async () => {
    const port = await freePort();
    const exporter = spawn('prometheus-node-exporter', [`--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
    stopping.push(() => exporter.kill('SIGKILL'));
    const page = async () => parseExposition(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text(), 'text').samples;
    for (let tries = 0; tries < 300 && !(await page().catch(() => undefined)); tries += 1) await pause(100);
    const before = await page();
    const { all, latest } = sampling({});
    expect(await eventually(() => ['node_load1', 'node_filesystem_size_bytes', 'node_time_seconds', 'node_uname_info'].every((metric) => latest(metric).length > 0), 60_000)).toBe(true);
    const ours = new Map(all().map((sample) => [seriesKey(sample), sample]));
    const after = new Map((await page()).map((sample) => [seriesKey(sample), sample.value]));
    const theirs = new Map(before.map((sample) => [seriesKey(sample), sample]));
    const families = /^node_(cpu_|load|memory_|vmstat_|disk_(read|write|written|io_|discard|flush)|network_(receive_(?!nohandler)|transmit_(?!queue)|up$|carrier_changes)|pressure|procs|intr_|context|forks|boot|time_seconds$|uname|filefd|nf_conntrack_entries|filesystem_(?!device_error))/;
    const missing = before.filter((sample) => families.test(sample.metric) && after.has(seriesKey(sample)) && !ours.has(seriesKey(sample)));
    expect(missing.map(seriesKey)).toEqual([]);
    let compared = 0;
    for (const [key, { metric, value }] of ours) {
      const [from, to] = [theirs.get(key)?.value, after.get(key)];
      if (from === undefined || to === undefined) continue;
      compared += 1;
      // Read between the two pages; what goes up and down may have been elsewhere in between.
      const slack = /_total$|vmstat_pg|time_seconds$|boot|MemTotal|_limit$|maximum$/.test(metric) ? Math.max(0.011, Math.abs(to) * 1e-9) : 0.5 * Math.max(Math.abs(from), Math.abs(to)) + 50;
      expect(value, key).toBeGreaterThanOrEqual(Math.min(from, to) - slack);
      expect(value, key).toBeLessThanOrEqual(Math.max(from, to) + slack);
    }
    expect(compared).toBeGreaterThan(150);
  }, 120_000);
});

describe('a host that is not well', () => {
  it('that goes away is down with all it had, and comes back by itself', async () => {
    const children: ChildProcess[] = [];
    const { looks, all, sampler } = sampling({}, { startShell: () => { children.push(spawn('sh', ['-s'], { stdio: 'pipe', detached: true })); return children.at(-1)!; } });
    expect(await eventually(() => sampler.connected, 30_000)).toBe(true);
    process.kill(-children[0]!.pid!, 'SIGKILL');
    expect(await eventually(() => children.length === 2 && sampler.connected, 30_000)).toBe(true);
    const down = looks.find(({ problems }) => problems.length > 0)!;
    expect(down.problems).toMatchObject([{ source: 'ssh-sampler', host: 'pve1', reason: 'not-reachable', says: 'pve1 cannot be measured over ssh: the connection has ended.' }]);
    expect(down.batches[0]!.samples).toMatchObject([{ metric: 'up', value: 0 }]);
    expect(down.batches[0]!.ended.map(({ metric }) => metric)).toContain('node_load1');
    expect(all().filter(({ metric }) => metric === 'up').at(-1)).toMatchObject({ value: 1, labels: { job: 'ssh', instance: 'localhost' } });
  }, 90_000);

  it.each([
    ['sends noise without end', 'yes noise', 'not-understood'],
    ['sends frames without end', 'read -r _; while read -r line; do case $line in *"printf \'@"*) x=${line#*@}; x=${x%% *}; break;; esac; done; while :; do printf "\\n@%s tick 5 3\\n=a\\n\\n" "$x"; done', 'too-large'],
    ['lets in and ends', 'exit 0', 'not-reachable'],
    ['does not let in', 'echo "root@pve1: Permission denied (publickey)." >&2; exit 255', 'turned-away'],
  ])('that %s is given up, and tried again after a while', async (_, script, reason) => {
    let starts = 0;
    const { looks } = sampling({}, { startShell: () => { starts += 1; return spawn('bash', ['-c', script], { stdio: 'pipe', detached: true }); } });
    expect(await eventually(() => starts >= 2, 60_000)).toBe(true);
    expect(looks.find(({ problems }) => problems.length > 0)!.problems).toMatchObject([{ reason, host: 'pve1' }]);
    expect(starts).toBeLessThan(4);
  }, 90_000);
});

needs('openssh-server', '/usr/sbin/sshd')('over ssh', () => {
  const server = new SshServer();
  beforeAll(() => server.start());
  afterAll(() => server.stop());

  it('measures, knows the host’s clock, and leaves nothing behind', async () => {
    const marked = `ssh://${userInfo().username}@127.0.0.1:${server.port}`;
    const sleeps = `1.${Math.floor(100_000 + Math.random() * 99_999)}3`;
    const aDayBehind = { ...systemClock, nowMs: () => Date.now() - 86_400_000 };
    const { latest, sampler } = sampling({ target: marked, sshOptions: server.sshOptions, intervalSeconds: Number(sleeps) }, { clock: aDayBehind });
    expect(await eventually(() => sampler.clockOffsetMs !== undefined && latest('node_load1').length > 0, 60_000)).toBe(true);
    expect(Math.abs(sampler.clockOffsetMs! - 86_400_000)).toBeLessThan(5_000);
    expect(latest('up')).toMatchObject([{ value: 1, labels: { job: 'ssh', instance: '127.0.0.1' } }]);
    expect(await eventually(() => processesWith(sleeps).length > 0, 10_000)).toBe(true);
    await sampler.stop();
    expect(await eventually(() => processesWith(sleeps).length === 0, 10_000)).toBe(true);
    await pause(2_500);
    expect(processesWith(sleeps)).toEqual([]);
  }, 90_000);

  it('says what ssh says where nobody lets it in', async () => {
    const { looks } = sampling({ target: `ssh://${userInfo().username}@127.0.0.1:${server.port}`, sshOptions: ['-F', '/dev/null', '-o', 'IdentitiesOnly=yes', '-i', '/dev/null', ...server.sshOptions.slice(4)] });
    expect(await eventually(() => looks.length > 0, 60_000)).toBe(true);
    expect(looks[0]!.problems).toMatchObject([{ reason: 'turned-away', says: expect.stringContaining('Permission denied') }]);
  }, 90_000);
});

it('is a script that every shell can read', () => {
  for (const text of [samplerScript(nonce, 15, 60), samplerScript(nonce, 5, 5)]) expect(text).not.toMatch(/undefined|\[\[|\blocal\b|==/);
});
