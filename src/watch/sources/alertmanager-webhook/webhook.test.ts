import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needs } from '../../../../test/needs.ts';
import { alarmIdentity, alarmSchema } from '../../../define/alarm.ts';
import { alertmanagerSettingsSchema } from './settings.ts';
import { alertmanagerReceiver } from './webhook.ts';

const nowMs = Date.UTC(2026, 0, 5, 12);
const receive = alertmanagerReceiver(alertmanagerSettingsSchema.parse({}));
const hosts = [{ name: 'pve1', addresses: ['192.0.2.1'] }, { name: 'pve2.example.com', addresses: [] }, { name: 'pve2.example.org', addresses: [] }];

const alert = (labels: Record<string, string>, more: Record<string, unknown> = {}) => ({
  status: 'firing', labels, annotations: { summary: 'It is bad.', description: 'Very.' }, startsAt: '2026-01-05T11:00:00.123456789Z', endsAt: '0001-01-01T00:00:00Z', generatorURL: 'http://prometheus:9090/graph?g0.expr=up', fingerprint: '0123456789abcdef', ...more,
});
/** The form that Alertmanager's documentation gives of `webhook_config`. */
const payload = (alerts: unknown[], more: Record<string, unknown> = {}) =>
  JSON.stringify({ version: '4', groupKey: '{}:{alertname="A"}', truncatedAlerts: 0, status: 'firing', receiver: 'culprit', groupLabels: { alertname: 'A' }, commonLabels: {}, commonAnnotations: {}, externalURL: 'http://alertmanager:9093', alerts, ...more });
const one = (labels: Record<string, string>, more: Record<string, unknown> = {}) => {
  const { alarms, problems } = receive(payload([alert(labels, more)]), hosts, nowMs);
  expect(problems).toEqual([]);
  expect(alarms).toHaveLength(1);
  expect(alarmSchema.parse(alarms[0]!.alarm)).toEqual(alarms[0]!.alarm);
  return alarms[0]!;
};

describe('an alert', () => {
  it('becomes an alarm, and is resolved by the same one', () => {
    const labels = { alertname: 'NodeFilesystemAlmostOutOfSpace', severity: 'critical', instance: '192.0.2.1:9100', job: 'node', device: '/dev/sda1', fstype: 'ext4', mountpoint: '/var' };
    const firing = one(labels);
    const startedAtMs = Date.UTC(2026, 0, 5, 11, 0, 0, 123);
    expect(firing).toEqual({
      fingerprint: '0123456789abcdef', firing: true,
      alarm: { id: `alertmanager-0123456789abcdef-${startedAtMs}`, kind: 'NodeFilesystemAlmostOutOfSpace/critical', host: 'pve1', object: 'filesystem//var', severity: 'critical', source: 'alertmanager', startedAtMs, raisedAtMs: startedAtMs, says: 'It is bad.', labels },
    });
    const resolved = one(labels, { status: 'resolved', endsAt: '2026-01-05T11:30:00Z' });
    expect(resolved).toMatchObject({ firing: false, alarm: { id: firing.alarm.id, resolvedAtMs: Date.UTC(2026, 0, 5, 11, 30) } });
    expect(alarmIdentity(one({ ...labels, severity: 'warning' }).alarm)).not.toBe(alarmIdentity(firing.alarm));
  });

  it.each([
    [{ instance: 'pve1:9100' }, 'pve1', 'host'],
    [{ instance: 'PVE1.example.net:9100' }, 'pve1', 'host'],
    [{ instance: 'pve2:9100' }, 'pve2', 'host'],
    [{ instance: 'pve2.example.org:9100' }, 'pve2.example.org', 'host'],
    [{ instance: 'other:9100' }, 'other', 'host'],
    [{ instance: '192.0.2.77:9100' }, '192.0.2.77', 'host'],
    [{ instance: '192.0.2.77:9100', nodename: 'pve1' }, 'pve1', 'host'],
    [{}, 'unknown', 'host'],
    [{ instance: 'pve1', device: 'sda' }, 'pve1', 'disk/sda'],
    [{ instance: 'pve1', device: '/dev/nvme0n1' }, 'pve1', 'disk/nvme0n1'],
    [{ instance: 'pve1', device: 'md0', state: 'failed' }, 'pve1', 'disk/md0,state=failed'],
    [{ instance: 'pve1', device: 'vmbr0' }, 'pve1', 'nic/vmbr0'],
    [{ instance: 'pve1', name: 'nginx.service', state: 'failed', type: 'forking' }, 'pve1', 'unit/nginx.service,state=failed,type=forking'],
    [{ instance: 'pve1', zpool: 'tank', state: 'degraded' }, 'pve1', 'storage/tank,state=degraded'],
    [{ instance: 'pve1', chip: 'platform_coretemp_0', sensor: 'temp1' }, 'pve1', 'sensor/platform_coretemp_0/temp1'],
    [{ instance: '10.0.0.5', id: 'node/pve1' }, 'pve1', 'host'],
    [{ instance: '10.0.0.5', id: 'storage/pve1/local-zfs', node: 'pve1', storage: 'local-zfs' }, 'pve1', 'storage/local-zfs'],
    [{ instance: '10.0.0.5', id: 'qemu/100', node: 'pve1', name: 'web', type: 'qemu' }, 'pve1', 'qemu/100,name=web,type=qemu'],
    [{ instance: 'pve1', cpu: '3' }, 'pve1', 'cpu=3'],
  ])('with %j is of %s, %s', (labels, host, object) => expect(one({ alertname: 'A', ...labels } as Record<string, string>).alarm).toMatchObject({ host, object, severity: 'warning' }));

  it('with a time that cannot be began when it came', () => {
    for (const startsAt of ['0001-01-01T00:00:00Z', 'yesterday', '1970-01-02T00:00:00Z', '+099999-01-01T00:00:00Z']) expect(one({ alertname: 'A' }, { startsAt }).alarm.startedAtMs).toBe(nowMs);
    expect(one({ alertname: 'A' }, { startsAt: '2056-01-01T00:00:00Z', status: 'resolved', endsAt: '2056-01-01T00:00:00Z' }).alarm).toMatchObject({ startedAtMs: nowMs, resolvedAtMs: nowMs });
  });

  it('that only says that the alerting works is none', () => {
    expect(receive(payload([alert({ alertname: 'Watchdog', severity: 'none' }), alert({ alertname: 'B', severity: 'none' })]), hosts, nowMs)).toEqual({ alarms: [], heartbeats: ['Watchdog', 'B'], problems: [] });
  });

  it('is bounded, and obeyed by no terminal', () => {
    const long = 'x'.repeat(100_000);
    const { alarm } = one({ 'alertname': `A\u001b[31m${long}`, 'evil': long, 'a\u202eb': '\u0000', '__proto__x': 'y' }, { annotations: { summary: long } });
    expect(JSON.stringify(alarm).length).toBeLessThan(6_000);
    expect(JSON.stringify(alarm)).not.toMatch(/\\u001b|\u202e/);
    expect(alarm.kind.startsWith('A\\x1b[31mxxx')).toBe(true);
  });

  it('can be mapped otherwise', () => {
    const other = alertmanagerReceiver(alertmanagerSettingsSchema.parse({ kindLabels: ['rule'], hostLabels: ['server'], objectRules: [{ labels: { vm: '\\d+' }, object: 'qemu/${vm}' }], criticalSeverities: ['sev1'] }));
    expect(other(payload([alert({ rule: 'r', server: 'pve1', vm: '100', severity: 'SEV1', alertname: 'x' })]), hosts, nowMs).alarms[0]!.alarm).toMatchObject({ kind: 'r', host: 'pve1', object: 'qemu/100', severity: 'critical' });
  });
});

describe('a notification', () => {
  it('of which something is left out or bad is taken for the rest, and says so', () => {
    const { alarms, problems } = receive(payload([alert({ alertname: 'A' }), { status: 'firing' }, alert({}, { fingerprint: '../x' })], { truncatedAlerts: 3 }), hosts, nowMs);
    expect(alarms).toHaveLength(1);
    expect(problems).toMatchObject([{ reason: 'left-out', says: expect.stringContaining('left 3 alerts out') }, { reason: 'not-understood', says: expect.stringContaining('2 alerts') }]);
    const many = receive(payload(Array.from({ length: 5_010 }, (_, at) => alert({ alertname: String(at) }))), [], nowMs);
    expect([many.alarms.length, many.problems[0]?.reason]).toEqual([5_000, 'too-large']);
  });

  it.each(['', 'null', '[]', '{}', '{"version":"3","status":"firing","alerts":[]}', payload([]).replace('"alerts":[]', '"alerts":{}')])('%j is a problem and no alarm', (body) =>
    expect(receive(body, hosts, nowMs)).toMatchObject({ alarms: [], problems: [{ reason: 'not-understood' }] }));

  it('with anything in it never throws, and gives alarms of the form', () => {
    const anything = fc.record({ status: fc.constantFrom('firing', 'resolved'), labels: fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('instance', 'id', 'device', 'alertname')), fc.string({ unit: 'binary' })), annotations: fc.dictionary(fc.string(), fc.string()), startsAt: fc.oneof(fc.string(), fc.date({ noInvalidDate: true }).map((date) => date.toISOString())), endsAt: fc.string(), fingerprint: fc.constantFrom('ab', '0') });
    fc.assert(
      fc.property(fc.oneof(fc.array(anything).map((alerts) => payload(alerts)), fc.json(), fc.string()), (body) => {
        for (const { alarm } of receive(body, hosts, nowMs).alarms) alarmSchema.parse(alarm);
      }),
      { numRuns: 40 },
    );
  });
});

needs('prometheus-alertmanager', '/usr/bin/prometheus-alertmanager')('a real Alertmanager', () => {
  it('sends alarms and their ends', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'culprit-alertmanager-'));
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString())).on('end', () => { bodies.push(body); response.end(); });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await new Promise((resolve) => other.close(resolve));
    writeFileSync(join(folder, 'am.yml'), `route: { receiver: culprit, group_by: [alertname], group_wait: 100ms, group_interval: 1s }\nreceivers: [{ name: culprit, webhook_configs: [{ url: "http://127.0.0.1:${(server.address() as AddressInfo).port}/", send_resolved: true }] }]\n`);
    const child = spawn('prometheus-alertmanager', ['--config.file=am.yml', '--storage.path=data', `--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='], { cwd: folder, stdio: 'ignore' });
    try {
      // As Prometheus does: the same beginning each time it sends.
      const startsAt = new Date(Date.now() - 5_000).toISOString();
      const send = (end: boolean) => fetch(`http://127.0.0.1:${port}/api/v2/alerts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify([{ labels: { alertname: 'HostDown', severity: 'critical', instance: 'pve1:9100' }, annotations: { summary: 'pve1 is down.' }, startsAt, ...(end && { endsAt: new Date(Date.now() - 1_000).toISOString() }) }]) });
      const until = async (ready: () => boolean | Promise<boolean>): Promise<void> => {
        for (let tries = 0; tries < 600; tries += 1) {
          if (await ready()) return;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error('it did not come');
      };
      await until(async () => (await send(false).catch(() => undefined))?.ok === true);
      await until(() => bodies.length > 0);
      const [firing] = receive(bodies[0]!, hosts, Date.now()).alarms;
      expect(firing).toMatchObject({ firing: true, alarm: { kind: 'HostDown/critical', host: 'pve1', object: 'host', severity: 'critical', says: 'pve1 is down.' } });
      await send(true);
      await until(() => bodies.some((body) => receive(body, hosts, Date.now()).alarms.some((one) => !one.firing)));
      const ended = bodies.flatMap((body) => receive(body, hosts, Date.now()).alarms).find((one) => !one.firing)!;
      expect([ended.fingerprint, ended.alarm.id]).toEqual([firing!.fingerprint, firing!.alarm.id]);
    } finally {
      child.kill('SIGKILL');
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
