import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertmanagerChannel, alertmanagerSettingsSchema, alertsOf } from './alertmanager.ts';
import { exampleNotification } from './testing.ts';

const nowMs = Date.now;
const settings = alertmanagerSettingsSchema.parse({ type: 'alertmanager', name: 'am', url: 'http://127.0.0.1:9093', labels: { team: 'hosts', alertname: 'mine' } });

describe('alerts', () => {
  const at = Date.UTC(2026, 10, 2, 8);
  it('have the beginning of the trouble, an end far ahead or the true one, and labels that tell them apart', () => {
    const [alarm] = exampleNotification().alarms;
    if (alarm === undefined) throw new Error('no alarm');
    const [standing, over] = alertsOf(exampleNotification({ alarms: [alarm, { ...alarm, id: 'a2', object: 'disk/x', resolvedAtMs: alarm.startedAtMs + 60_000 }], url: 'https://c.example.org/i1' }), settings, at);
    expect(standing).toMatchObject({
      labels: { alertname: 'io-delay', instance: 'pve1', object: 'host', severity: 'warning', source: 'culprit', culprit_incident: 'i1', team: 'hosts' },
      annotations: { summary: alarm.says, culprit: 'pve1: IO delay 34 % (usual 2 %), investigating' },
      startsAt: '2026-11-02T07:58:30.000Z',
      endsAt: '2026-11-09T08:00:00.000Z',
      generatorURL: 'https://c.example.org/i1',
    });
    expect(over?.endsAt).toBe('2026-11-02T07:59:30.000Z');
  });
  it('are none for what came from an Alertmanager', () => {
    const alarms = exampleNotification().alarms.map((alarm) => ({ ...alarm, source: 'alertmanager' as const }));
    expect(alertsOf(exampleNotification({ alarms }), settings, at)).toEqual([]);
  });
});

const program = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'prometheus-alertmanager')).find((path) => existsSync(path));

describe.skipIf(program === undefined)(`Debian's Alertmanager${program === undefined ? ' (skipped: package prometheus-alertmanager is missing)' : ''}`, () => {
  let folder: string;
  let child: ChildProcess;
  let address: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'culprit-alertmanager-'));
    writeFileSync(join(folder, 'am.yml'), 'route: { receiver: none }\nreceivers: [{ name: none }]\n');
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    address = `http://127.0.0.1:${port}`;
    child = spawn(program ?? '', ['--config.file=am.yml', '--storage.path=data', '--cluster.listen-address=', `--web.listen-address=127.0.0.1:${port}`], { cwd: folder, stdio: 'ignore' });
    for (let tries = 0; ; tries += 1) {
      if ((await fetch(`${address}/-/ready`).catch(() => undefined))?.ok) return;
      if (tries > 600 || child.exitCode !== null) throw new Error('the Alertmanager does not answer');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }, 90_000);
  afterAll(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const amtool = (...words: string[]): { labels: Record<string, string>; startsAt: string; annotations: Record<string, string> }[] => {
    const { stdout, stderr, status } = spawnSync(program?.replace('prometheus-alertmanager', 'amtool') ?? '', ['alert', 'query', '--output=json', `--alertmanager.url=${address}`, ...words], { encoding: 'utf8', cwd: folder });
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout) as never;
  };

  it('shows our alarms by amtool, and no longer when they are over', async () => {
    const channel = alertmanagerChannel({ ...settings, url: `${address}/` }, { nowMs });
    const startedAtMs = nowMs() - 60_000;
    const hostile = 'pve1"\n{}\u202e ü';
    const alarms = exampleNotification().alarms.flatMap((alarm) => [{ ...alarm, startedAtMs }, { ...alarm, id: 'a2', host: hostile, startedAtMs, severity: 'critical' as const }]);
    const signal = new AbortController().signal;
    expect(await channel.deliver(exampleNotification({ alarms }), signal)).toEqual({ outcome: 'delivered' });
    const seen = amtool();
    expect(seen.map(({ labels }) => `${labels['alertname']} ${labels['severity']}`).sort()).toEqual(['io-delay critical', 'io-delay warning']);
    expect(amtool('instance=pve1')).toMatchObject([{ startsAt: new Date(startedAtMs).toISOString(), annotations: { culprit: 'pve1: IO delay 34 % (usual 2 %), investigating' } }]);
    expect(await channel.deliver(exampleNotification({ id: 'n2', kind: 'resolved', alarms: alarms.map((alarm) => ({ ...alarm, resolvedAtMs: nowMs() - 1_000 })) }), signal)).toEqual({ outcome: 'delivered' });
    expect(amtool()).toEqual([]);
  }, 60_000);
});
