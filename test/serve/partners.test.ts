import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { alarmSchema } from '../../src/define/alarm.ts';
import { start, type RunningServer } from '../../src/history/testing.ts';
import { freePort } from '../../src/lib/testing.ts';
import { adminOf, ServerProcess, until } from './server-process.ts';

const missing = ['prometheus', 'prometheus-alertmanager', 'amtool', 'prometheus-node-exporter'].filter((name) => !existsSync(`/usr/bin/${name}`));
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A program of Debian's with its files, in JSON where it wants YAML. */
async function partner(name: string, program: string, files: Readonly<Record<string, unknown>>, words: (port: number) => readonly string[], port: number, readyPath: string): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), `culprit-${name}-`));
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), JSON.stringify(content));
  const server = await start(folder, program, words(port), port, readyPath);
  closers.push(() => server.stop());
  return server;
}

const alarmsAnswer = z.object({ alarms: z.array(alarmSchema) });
const hostsAnswer = z.object({ hosts: z.array(z.object({ newestSampleAtMs: z.number().optional() })) });
const amtoolAnswer = z.array(z.object({ labels: z.record(z.string(), z.string()), annotations: z.record(z.string(), z.string()) }));

describe.skipIf(missing.length > 0)(`beside Debian's Prometheus and Alertmanager${missing.length > 0 ? ` (skipped for want of ${missing.join(', ')})` : ''}`, () => {
  it('reads samples from the one, takes alerts from the other and hands its own to it, without hearing them twice', { timeout: 180_000 }, async () => {
    const [culpritPort, alertmanagerPort, prometheusPort, nodePort, nobodysPort] = await Promise.all([freePort(), freePort(), freePort(), freePort(), freePort()]);
    const amAddress = `http://127.0.0.1:${alertmanagerPort}`;
    const culprit = new ServerProcess();
    closers.push(() => culprit.remove());
    const { address, token } = await culprit.start({
      http: { port: culpritPort },
      hosts: [{ name: 'node1' }],
      prometheus: { address: `http://127.0.0.1:${prometheusPort}`, intervalSeconds: 5, instances: { node1: `127.0.0.1:${nodePort}` } },
      alarms: { evaluateSeconds: 1, kinds: { 'target-missing': { forSeconds: 1 } } },
      channels: [{ type: 'alertmanager', name: 'am', url: amAddress, timeoutSeconds: 2 }],
    });
    const headers = await adminOf(address, token);
    const ask = async (path: string): Promise<unknown> => (await fetch(`${address}/api/v1/${path}`, { headers })).json();
    const made = await fetch(`${address}/api/v1/tokens`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ name: 'alertmanager', scopes: ['alerts'] }) });
    const { secret } = z.object({ secret: z.string() }).parse(await made.json());

    const exporter = await partner('node-exporter', 'prometheus-node-exporter', {}, (port) => [`--web.listen-address=127.0.0.1:${port}`], nodePort, '/');
    const webhook = { url: `${address}/api/v1/alertmanager`, http_config: { authorization: { credentials: secret } }, max_alerts: 0 };
    const am = { route: { receiver: 'culprit', group_wait: '1s', group_interval: '2s' }, receivers: [{ name: 'culprit', webhook_configs: [webhook] }] };
    await partner('alertmanager', 'prometheus-alertmanager', { 'am.yml': am }, (port) => ['--config.file=am.yml', '--storage.path=data', '--cluster.listen-address=', `--web.listen-address=127.0.0.1:${port}`], alertmanagerPort, '/-/ready');
    const prometheus = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['rules.yml'],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertmanagerPort}`] }] }] },
      scrape_configs: [{ job_name: 'node', static_configs: [{ targets: [`127.0.0.1:${nodePort}`] }] }, { job_name: 'nobody', static_configs: [{ targets: [`127.0.0.1:${nobodysPort}`] }] }],
    };
    const rules = { groups: [{ name: 'all', rules: [{ alert: 'NobodyAnswers', expr: 'up{job="nobody"} == 0', labels: { severity: 'critical' }, annotations: { summary: 'nobody is down' } }] }] };
    await partner('prometheus', 'prometheus', { 'prometheus.yml': prometheus, 'rules.yml': rules }, (port) => ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${port}`], prometheusPort, '/-/ready');

    const alarms = async (): Promise<z.infer<typeof alarmSchema>[]> => alarmsAnswer.parse(await ask('alarms')).alarms;
    await until(async () => hostsAnswer.parse(await ask('hosts')).hosts[0]?.newestSampleAtMs, 'samples from Prometheus', 60_000);
    const received = await until(async () => (await alarms()).find(({ source }) => source === 'alertmanager'), 'the alert of Alertmanager', 60_000);
    expect(received).toMatchObject({ kind: 'NobodyAnswers/critical', severity: 'critical', says: 'nobody is down' });

    await exporter.stop();
    closers.splice(1, 1);
    await until(async () => (await alarms()).find(({ kind, host }) => kind === 'target-missing' && host === 'node1'), 'the alarm of our own', 60_000);
    const seen = await until(
      () => {
        const { stdout } = spawnSync('amtool', ['alert', 'query', '--output=json', `--alertmanager.url=${amAddress}`, 'source=culprit'], { encoding: 'utf8' });
        return amtoolAnswer.parse(JSON.parse(stdout))[0];
      },
      'our alarm in Alertmanager',
      90_000,
    );
    expect(seen.labels).toMatchObject({ alertname: 'target-missing', instance: 'node1', severity: 'critical', source: 'culprit' });
    // It comes back to us by the webhook, and is known to be ours.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect((await alarms()).map(({ source, kind }) => [source, kind]).sort()).toEqual([['alertmanager', 'NobodyAnswers/critical'], ['culprit', 'target-missing']]);
  });
});
