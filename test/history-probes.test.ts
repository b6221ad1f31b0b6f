import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import proxmoxRrd, { type ProxmoxRrd } from '../src/catalog/guests/proxmox-rrd.probe.ts';
import sysstatHistory, { type SysstatHistory } from '../src/catalog/kernel/sysstat-history.probe.ts';
import { prelude } from '../src/collect/prelude.ts';
import type { Series } from '../src/define/series.ts';
import { needs } from './needs.ts';

const shells = ['dash', 'bash', 'busybox sh'];

/** A probe's fragment as a host runs it, with folders of this test in place of the host's. */
function run(shell: string, sh: string, folders: Readonly<Record<string, string>>): { readonly stdout: string; readonly status: number | null } {
  const script = Object.entries(folders).reduce((text, [path, folder]) => text.replaceAll(path, folder), sh);
  const { stdout, status } = spawnSync(shell.split(' ')[0]!, shell.split(' ').slice(1), { input: `culprit_root=yes culprit_note=/dev/null\n${prelude}\n${script}\n`, encoding: 'utf8', maxBuffer: 10_000_000 });
  return { stdout, status };
}
const one = (series: readonly Series[], metric: string, labels: Readonly<Record<string, string>> = {}): Series => {
  const found = series.filter((some) => some.metric === metric && Object.entries(labels).every(([name, value]) => some.labels[name] === value));
  expect(found.map((some) => some.labels), `${metric} ${JSON.stringify(labels)}`).toHaveLength(1);
  return found[0]!;
};
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What the test reads of the JSON of sadf(1). */
interface SadfRow {
  readonly timestamp: { readonly date: string; readonly time: string };
  readonly 'cpu-load': readonly { readonly usr: number; readonly guest: number }[];
  readonly memory: { readonly memfree: number };
  readonly queue: { readonly 'ldavg-1': number };
}

needs('sysstat', '/usr/lib/sysstat/sadc')('history of sysstat, from real files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'culprit-sysstat-'));
  const file = join(folder, 'sa01');
  const folders = { '/var/log/sysstat': folder, '/var/log/sa': join(folder, 'none'), 'fine=60': 'fine=1' };
  beforeAll(() => {
    spawnSync('/usr/lib/sysstat/sadc', ['-S', 'DISK', '1', '4', file]);
    for (const name of ['sa02.xz', 'sar01', 'notes']) writeFileSync(join(folder, name), 'not for sadf');
  }, 30_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(shells)('agrees with what sadf prints, in %s', (shell) => {
    const { stdout, status } = run(shell, sysstatHistory.spec.sh, folders);
    expect(status).toBe(0);
    const { series, filesLeftOut } = sysstatHistory.spec.parse(stdout, { exitStatus: 0 }) as SysstatHistory;
    expect(filesLeftOut).toBe(1);
    expect(sysstatHistory.schema.safeParse({ series, filesLeftOut, cut: false }).error?.message).toBeUndefined();

    const printed = JSON.parse(spawnSync('sadf', ['-j', file, '--', '-u', 'ALL', '-r', '-q'], { encoding: 'utf8' }).stdout) as {
      sysstat: { hosts: { 'number-of-cpus': number; statistics: SadfRow[] }[] };
    };
    const host = printed.sysstat.hosts[0]!;
    const load = one(series, 'node_load1');
    const byMinute = Object.groupBy(host.statistics, ({ timestamp }) => Math.ceil(Date.parse(`${timestamp.date}T${timestamp.time}Z`) / 60_000) * 60_000);
    expect(load.timesMs).toEqual(Object.keys(byMinute).map(Number));
    for (const [index, rows = []] of Object.values(byMinute).entries()) {
      expect(load.values[index]).toBeCloseTo(mean(rows.map(({ queue }) => queue['ldavg-1'])), 1);
      expect(Math.abs(one(series, 'node_memory_MemFree_bytes').values[index]! / 1024 - mean(rows.map(({ memory }) => memory.memfree)))).toBeLessThan(1);
      const user = mean(rows.map(({ 'cpu-load': [cpu] }) => cpu!.usr + cpu!.guest));
      expect(one(series, 'node_cpu_seconds_total:rate', { mode: 'user' }).values[index]).toBeCloseTo((user * host['number-of-cpus']) / 100, 1);
    }
    expect(Math.abs(load.timesMs.at(-1)! - Date.now())).toBeLessThan(180_000);
    const busy = series.filter(({ metric }) => metric === 'node_cpu_seconds_total:rate').map(({ values }) => values.at(-1)!);
    expect(busy.reduce((sum, value) => sum + value, 0) / host['number-of-cpus']).toBeCloseTo(1, 1);
  });

  it('has nothing where nothing was kept', () => {
    const { stdout, status } = run('dash', sysstatHistory.spec.sh, { '/var/log/sysstat': join(folder, 'none'), '/var/log/sa': join(folder, 'none') });
    expect(status).toBe(120);
    expect(stdout).toContain('no history');
  });
});

/** Databases with the data sources and archives of pmxcfs (pve-cluster, status.c); the load of node and guest goes up five hours ago. */
const makeDatabases = `
use RRDs;
my ($db, $node, $now) = @ARGV;
my $onset = $now - 5 * 3600;
sub make {
  my ($file, $from, $to, $gauges, $counters, $archives, $values) = @_;
  RRDs::create($file, "-s", 60, "-b", $from - 60, (map { "DS:$_:GAUGE:120:0:U" } @$gauges), (map { "DS:$_:DERIVE:120:0:U" } @$counters), map { "RRA:AVERAGE:0.5:$_" } @$archives);
  my @rows;
  for (my $t = $from; $t <= $to; $t += 60) { push @rows, join(":", $t, $values->($t)) unless $t > $now - 7200 && $t <= $now - 5400 }
  RRDs::update($file, "-t", join(":", @$gauges, @$counters), splice(@rows, 0, 1000)) while @rows;
  die RRDs::error() if RRDs::error();
}
my @old = qw(loadavg maxcpu cpu iowait memtotal memused swaptotal swapused roottotal rootused);
my @before = qw(1:70 30:70 180:70 720:70);
my @since = qw(1:1440 30:1440 360:1440);
my $node_values = sub { my $t = shift; ($t > $onset ? 9 : 1, 16, 0.25, $t > $onset ? 0.5 : 0, 64e9, 20e9, 8e9, 0, 1e11, 2e10) };
make("$db/pve2-node/$node.old", $now - 4 * 86400, $now - 86400 * 2, \\@old, [qw(netin netout)], \\@before, sub { my $t = shift; ($node_values->($t), $t * 1000, $t * 2000) });
make("$db/pve-node-9.0/$node", $now - 2 * 86400, $now, [@old, "memavailable", "pressureiosome"], [qw(netin netout)], \\@since, sub { my $t = shift; ($node_values->($t), 44e9, $t > $onset ? 40 : 0, $t * 1000, $t * 2000) });
for my $id (100 .. 110) {
  make("$db/pve-vm-9.0/$id", $now - 86400, $now, [qw(maxcpu cpu mem)], [qw(diskread diskwrite)], \\@since, sub { my $t = shift; (4, 0.01 * ($id - 99), 1e9, 0, $t * 1000 * ($id == 103 ? 900 : 1)) });
}
make("$db/pve-storage-9.0/$node/local-zfs", $now - 86400, $now, [qw(total used)], [], \\@since, sub { (1e12, 4e11) });
`;

needs('librrds-perl', '/usr/share/doc/librrds-perl')('history of Proxmox VE, from real databases', () => {
  const folder = mkdtempSync(join(tmpdir(), 'culprit-rrd-'));
  const node = hostname().split('.')[0]!.toLowerCase();
  const now = Math.floor(Date.now() / 60_000) * 60;
  const folders = { '/var/lib/rrdcached/db': join(folder, 'db'), '/run/qemu-server': join(folder, 'run'), '/etc/pve': join(folder, 'run'), '$(id -u)': '0' };
  beforeAll(() => {
    for (const name of ['pve2-node', 'pve-node-9.0', 'pve-vm-9.0', `pve-storage-9.0/${node}`]) mkdirSync(join(folder, 'db', name), { recursive: true });
    mkdirSync(join(folder, 'run'));
    for (let id = 100; id <= 109; id += 1) writeFileSync(join(folder, 'run', `${id}.pid`), '1\n');
    const made = spawnSync('perl', ['-e', makeDatabases, join(folder, 'db'), node, String(now)], { encoding: 'utf8' });
    if (made.stderr !== '') throw new Error(made.stderr);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (shell: string): ProxmoxRrd => {
    const { stdout, status } = run(shell, proxmoxRrd.spec.sh, folders);
    expect(status).toBe(0);
    expect(stdout.length).toBeLessThan(proxmoxRrd.spec.maxBytes);
    return proxmoxRrd.spec.parse(stdout, { exitStatus: 0 }) as ProxmoxRrd;
  };

  it.each(shells)('has the onset where it was, in %s', (shell) => {
    const { series, complete } = read(shell);
    expect(complete).toBe(true);
    const load = one(series, 'node_load1');
    const onsetMs = (now - 5 * 3600) * 1000;
    expect(load.timesMs.length).toBeGreaterThan(300);
    for (const [index, timeMs] of load.timesMs.entries()) {
      if (timeMs <= onsetMs) expect(load.values[index]).toBe(1);
      else if (timeMs >= onsetMs + 300_000) expect(load.values[index]).toBe(9);
    }
    expect(one(series, 'node_cpu_seconds_total:rate', { mode: 'iowait' }).values.at(-1)).toBe(8);
    expect(one(series, 'node_pressure_io_waiting_seconds_total:rate').values.at(-1)).toBe(0.4);
    expect(one(series, 'node_network_receive_bytes_total:rate').values.at(-1)).toBe(1000);
    expect(one(series, 'culprit_storage_used_bytes', { storage: 'local-zfs' }).values.at(-1)).toBe(4e11);
  });

  it('goes back to before the upgrade, leaves gaps as they are, and is finer towards the present', () => {
    const { timesMs } = one(read('dash').series, 'node_load1');
    expect(timesMs[0]).toBeLessThan((now - 3 * 86_400) * 1000);
    expect(timesMs.filter((timeMs) => timeMs > (now - 7200 + 300) * 1000 && timeMs < (now - 5400 - 60) * 1000)).toEqual([]);
    const steps = timesMs.slice(1).map((timeMs, index) => (timeMs - timesMs[index]!) / 1000);
    expect(steps.slice(-30)).toEqual(Array.from({ length: 30 }, () => 60));
    expect(timesMs.at(-1)).toBe(now * 1000);
  });

  it('takes the guests that run and do most', () => {
    const guests = new Set(read('dash').series.flatMap(({ labels }) => (labels.guest === undefined ? [] : [labels.guest])));
    expect([...guests]).toEqual(['qemu/103', 'qemu/109', 'qemu/108', 'qemu/107', 'qemu/106', 'qemu/105', 'qemu/104', 'qemu/102']);
  });
});
