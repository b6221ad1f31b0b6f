import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { needs } from '../../../../test/needs.ts';
import { systemClock } from '../clock.ts';
import { expositionSettingsSchema } from './settings.ts';
import { ExpositionTarget } from './target.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function listening(server: Server, protocol = 'http'): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => { server.closeAllConnections(); server.close(); });
  return `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}
const serving = (answer: RequestListener): Promise<string> => listening(createServer(answer));

function targetOf(url: string, more: Record<string, unknown> = {}): ExpositionTarget {
  const target = new ExpositionTarget('pve1', expositionSettingsSchema.parse({ url, ...more }), systemClock, '0.0.0');
  open.push(() => target.close());
  return target;
}
const never = new AbortController().signal;
const look = async (target: ExpositionTarget) => {
  const { batches, problems } = await target.look(never);
  expect(batches).toHaveLength(1);
  const batch = batches[0]!;
  const value = (metric: string): number | undefined => batch.samples.find((sample) => sample.metric === metric)?.value;
  return { batch, problems, value, up: value('up') };
};
const lookAt = async (answer: RequestListener, more: Record<string, unknown> = {}) => look(targetOf(await serving(answer), more));
const says = (page: string): RequestListener => (_, response) => void response.end(page);

describe('a look at an endpoint', () => {
  it('asks as Prometheus does, and takes a packed page of OpenMetrics', async () => {
    let asked: Record<string, unknown> = {};
    const { batch, problems, value } = await lookAt((request, response) => {
      asked = { ...request.headers };
      response.writeHead(200, { 'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8', 'content-encoding': 'gzip' });
      response.end(gzipSync('# TYPE node_load1 gauge\nnode_load1 0.5\nnode_cpu_seconds_total{cpu="0",mode="idle"} 7\nnode_nan NaN\n# EOF\n'));
    }, { timeoutSeconds: 7, bearerToken: 'abc.def', labels: { cpu: 'x' } });
    expect(problems).toEqual([]);
    expect(asked).toMatchObject({ 'accept': expect.stringMatching(/^application\/openmetrics-text;version=1\.0\.0.*text\/plain;version=0\.0\.4;q=0\.3/), 'accept-encoding': 'gzip', 'x-prometheus-scrape-timeout-seconds': '7', 'user-agent': 'Culprit/0.0.0', 'authorization': 'Bearer abc.def' });
    expect(batch.samples.slice(0, 2)).toEqual([
      { metric: 'node_load1', labels: { cpu: 'x' }, timeMs: batch.timeMs, value: 0.5 },
      { metric: 'node_cpu_seconds_total', labels: { exported_cpu: '0', mode: 'idle', cpu: 'x' }, timeMs: batch.timeMs, value: 7 },
    ]);
    expect(batch.samples.find(({ metric }) => metric === 'up')).toMatchObject({ value: 1, labels: { job: 'node', instance: expect.stringMatching(/^127\.0\.0\.1:\d+$/) } });
    expect([value('scrape_samples_scraped'), value('scrape_samples_post_metric_relabeling')]).toEqual([3, 2]);
    expect(value('scrape_duration_seconds')).toBeGreaterThan(0);
  });

  it('tells what is gone, and that all is gone where it fails', async () => {
    const pages = ['a 1\nb{x="1"} 2\nb{x="2"} 3\nwith_time 1 ' + String(Date.now()) + '\n', 'a 1\nb{x="2"} 3\n', 'garbage\n', 'a 1\n'];
    const target = targetOf(await serving((_, response) => void response.end(pages.shift())));
    expect((await look(target)).batch.ended).toEqual([]);
    expect((await look(target)).batch.ended).toEqual([{ metric: 'b', labels: { x: '1' } }]);
    const failed = await look(target);
    expect(failed.up).toBe(0);
    expect(failed.batch.ended).toEqual([{ metric: 'a', labels: {} }, { metric: 'b', labels: { x: '2' } }]);
    const again = await look(target);
    expect([again.up, again.batch.ended]).toEqual([1, []]);
  });

  it('does not let a page speak for the look, give a series twice, or times that are far off', async () => {
    const now = Date.now();
    const { batch, problems, value } = await lookAt(says(`up 0\nscrape_samples_scraped 99\nculprit_disk_await_seconds{device="sda"} 1\na{x="1",y="2"} 1\na{y="2",x="1"} 2\nfuture 1 ${now + 9e11}\npast 1 ${now - 9e11}\nnear 1 ${now - 60_000}\n`));
    expect([value('up'), value('scrape_samples_scraped'), value('a'), value('future'), value('past'), value('culprit_disk_await_seconds')]).toEqual([1, 8, 1, undefined, undefined, undefined]);
    expect(batch.samples.find(({ metric }) => metric === 'near')).toMatchObject({ timeMs: now - 60_000 });
    expect(problems).toMatchObject([{ reason: 'left-out', says: expect.stringMatching(/2 of its samples have times .* 1 samples are of a series/) }]);
  });

  it.each<[string, RequestListener, string, string]>([
    ['hangs', () => undefined, 'too-slow', 'within 0.4 s'],
    ['hangs within the page', (_, response) => void response.write('a 1\n'), 'too-slow', 'within 0.4 s'],
    ['drips', (_, response) => { const timer = setInterval(() => response.write('a'), 20); response.on('close', () => clearInterval(timer)); }, 'too-slow', 'within 0.4 s'],
    ['sends a web page', says('<!doctype html>\n'), 'not-understood', 'line 1 is no series: <!doctype html>'],
    ['sends bytes', (_, response) => void response.end(Buffer.from(Array.from({ length: 5_000 }, (_, at) => (at * 37) % 256))), 'not-understood', 'line 1'],
    ['wants a login', (_, response) => void response.writeHead(401).end(), 'turned-away', 'HTTP 401'],
    ['sends on', (_, response) => void response.writeHead(302, { location: '/other' }).end(), 'not-understood', 'sends on'],
    ['is broken', (_, response) => void response.writeHead(500).end('a 1\n'), 'not-understood', 'HTTP 500'],
    ['ends within the page', (_, response) => { response.writeHead(200, { 'content-length': '1000' }); response.write('a 1\n'); setTimeout(() => response.destroy(), 50); }, 'not-reachable', 'cut'],
    ['says that it is packed and is not', (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('a 1\n'), 'not-understood', 'not packed as it says'],
    ['is packed otherwise', (_, response) => void response.writeHead(200, { 'content-encoding': 'br' }).end('a 1\n'), 'not-understood', 'packed in a way'],
    ['leaves the end of OpenMetrics out', (_, response) => void response.writeHead(200, { 'content-type': 'application/openmetrics-text' }).end('a 1\n'), 'cut-short', '# EOF'],
  ])('that %s is down, with the reason', async (_, answer, reason, words) => {
    const slow = reason === 'too-slow';
    const { up, problems, batch } = await lookAt(answer, { timeoutSeconds: slow ? 0.4 : 15 });
    expect(up).toBe(0);
    expect(problems).toMatchObject([{ source: 'exposition', host: 'pve1', reason, says: expect.stringContaining(words) }]);
    expect(batch.samples).toHaveLength(4);
  });

  it('of a page without end, of millions of series, or of a packed bomb ends at a bound', async () => {
    const endless = (piece: string): RequestListener => (_, response) => {
      let at = 0;
      const more = (): void => {
        while (!response.destroyed && response.write(`${piece.replaceAll('@', String(at))}\n`.repeat(200))) at += 1;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    expect((await lookAt(endless('a{x="@"} 1'), { maxSamples: 2_000 })).problems).toMatchObject([{ reason: 'too-large', says: expect.stringContaining('more than 2000 samples') }]);
    expect((await lookAt(endless('# nothing'), { maxBytes: 100_000 })).problems).toMatchObject([{ reason: 'too-large', says: expect.stringContaining('more than 100000 bytes') }]);
    const bomb = gzipSync('# a comment\n'.repeat(3_000_000));
    const { problems } = await lookAt((_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb), { maxBytes: 1_000_000 });
    expect(problems).toMatchObject([{ reason: 'too-large' }]);
  }, 60_000);

  it('where nothing listens is down, and one that is broken off says nothing about the target', async () => {
    const url = await serving(() => undefined);
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), 50);
    expect(await targetOf(url).look(stopping.signal)).toMatchObject({ batches: [], problems: [{ reason: 'cut-short' }] });
    for (const close of open.splice(0)) close();
    expect((await look(targetOf(url))).problems).toMatchObject([{ reason: 'not-reachable', says: expect.stringContaining('nothing listens there (ECONNREFUSED)') }]);
  });
});

needs('openssl', '/usr/bin/openssl')('over TLS', () => {
  it('takes only the certificate that it should', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'culprit-tls-'));
    open.push(() => rmSync(folder, { recursive: true }));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', join(folder, 'key'), '-out', join(folder, 'cert'), '-subj', '/CN=pve1', '-addext', 'subjectAltName=DNS:pve1'], { stdio: 'ignore' });
    const [key, cert] = ['key', 'cert'].map((name) => readFileSync(join(folder, name), 'utf8'));
    const url = await listening(createSecureServer({ key: key!, cert: cert! }, says('a 1\n')), 'https');
    expect((await look(targetOf(url))).problems).toMatchObject([{ reason: 'not-reachable', says: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT') }]);
    expect((await look(targetOf(url, { tls: { ca: cert } }))).problems).toMatchObject([{ says: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID') }]);
    expect((await look(targetOf(url, { tls: { ca: cert, serverName: 'pve1' } }))).up).toBe(1);
    expect((await look(targetOf(url, { tls: { insecureSkipVerify: true } }))).up).toBe(1);
  }, 60_000);
});

needs('prometheus-node-exporter', '/usr/bin/prometheus-node-exporter')('a real node_exporter', () => {
  it('is read in full, in both formats, look after look', async () => {
    const probe = createServer();
    const url = await listening(probe);
    await new Promise((resolve) => probe.close(resolve));
    const exporter = spawn('prometheus-node-exporter', [`--web.listen-address=${new URL(url).host}`], { stdio: 'ignore' });
    open.push(() => exporter.kill('SIGKILL'));
    const target = targetOf(url);
    let seen = await look(target);
    for (let tries = 0; seen.up !== 1 && tries < 300; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      seen = await look(target);
    }
    expect(seen.problems).toEqual([]);
    const text = await (await fetch(url)).text();
    const names = (some: Iterable<string>): string[] => [...new Set(some)].sort();
    const onPage = names([...text.matchAll(/^([a-z]\w*)/gm)].map((match) => match[1]!));
    const all = names(seen.batch.samples.map(({ metric }) => metric));
    expect(all.filter((name) => name.startsWith('node_'))).toEqual(onPage.filter((name) => name.startsWith('node_')));
    const again = await look(target);
    expect(again.up).toBe(1);
    expect(again.value('scrape_samples_scraped')).toBeGreaterThan(400);
    expect(again.value('node_boot_time_seconds')).toBe(seen.value('node_boot_time_seconds'));
  }, 120_000);
});

it.each([{ url: 'ftp://pve1/' }, { url: 'http://user:secret@pve1/' }, { url: 'http://pve1', basicAuth: { username: 'a', password: 'b' }, bearerToken: 'c' }, { url: 'http://pve1', other: 1 }])('refuses %j', (settings) =>
  expect(expositionSettingsSchema.safeParse(settings).success).toBe(false));
