import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../define/errors.ts';
import { prometheusHistory, type PrometheusOptions } from './prometheus.ts';

/** A server that answers as it should not; one behaviour a path. */
const json = (body: unknown, status = 200, headers: Record<string, string> = {}) => (_: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
};
const matrix = (values: unknown[], rest: object = {}): object => ({ status: 'success', data: { resultType: 'matrix', result: [{ metric: { __name__: 'up', job: 'node' }, values }] }, ...rest });
const seen: IncomingMessage[] = [];
const behaviours: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  numbers: json(matrix([[1, '1'], [2, 'NaN'], [3, '+Inf'], [4, '-Inf'], [5, '5e-1'], [5, '7'], [4.5, '1'], [6, ''], [7, '0x']])),
  empty: json({ status: 'success', data: { resultType: 'matrix', result: [] } }),
  infos: json(matrix([[1, '1']], { infos: ['metric might not be a counter'] })),
  warnings: json(matrix([[1, '1']], { warnings: ['No StoreAPIs matched for this query'] })),
  partial: json(matrix([[1, '1']], { isPartial: true })),
  'error-in-200': json({ status: 'error', errorType: 'execution', error: 'the storage is broken' }),
  vector: json({ status: 'success', data: { resultType: 'vector', result: [] } }),
  'other-json': json('[1,2]'),
  'cut-json': json('{"status":"success","data":{"resultType":"mat'),
  deep: json('['.repeat(200_000)),
  nothing: json(''),
  page: json('<!DOCTYPE html><title>Sign in</title>', 200, { 'content-type': 'text/html' }),
  'page-404': json('<html>', 404, { 'content-type': 'text/html' }),
  moved: json('', 302, { location: 'http://127.0.0.1:1/login' }),
  unauthorised: json('Unauthorized', 401),
  forbidden: json('no', 403),
  limited: json({ status: 'error', errorType: 'bad_data', error: 'exceeded maximum resolution of 11,000 points \u001b[31mper timeseries' }, 400),
  busy: json('<h1>503</h1>', 503),
  echo: (request, response) => json({ status: 'error', errorType: 'bad_data', error: `you sent ${request.headers.authorization}, password hunter2, token key-1234` }, 422)(request, response),
  hangs: () => undefined,
  'hangs-within': (_, response) => void response.writeHead(200).write('{"status":'),
  endless: (_, response) => {
    const go = (): void => {
      while (response.write('x'.repeat(65_536)));
    };
    response.writeHead(200).on('drain', go);
    go();
  },
  bomb: (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(8_000_000, 0x20))),
  cut: (_, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{"status":');
    setTimeout(() => response.destroy(), 20);
  },
  'many-series': json({ status: 'success', data: { resultType: 'matrix', result: Array.from({ length: 50 }, (_, index) => ({ metric: { __name__: 'up', index: String(index) }, values: [[1, '1']] })) } }),
};

let server: Server;
let base = '';
beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request);
    response.on('error', () => undefined);
    behaviours[request.url?.split('/')[1] ?? '']?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (path: string, options: Partial<PrometheusOptions> = {}, signal?: AbortSignal) =>
  prometheusHistory({ address: `${base}/${path}`, timeoutMs: 5_000, maxBytes: 1_000_000, maxSeries: 40, ...options }).series({ metric: 'up' }, 0, 60_000, 60, signal);

describe('answers of Prometheus’ form', () => {
  it('keep what is a number and ascends', async () => expect(await ask('numbers')).toEqual([{ metric: 'up', labels: { job: 'node' }, timesMs: [1000, 5000], values: [1, 0.5] }]));
  it('may be empty, and may have remarks that are no warnings', async () => {
    expect(await ask('empty')).toEqual([]);
    expect(await ask('infos')).toHaveLength(1);
  });
});

describe('answers that cannot be used', () => {
  it.each<[string, ErrorCode, RegExp]>([
    ['warnings', 'history-incomplete', /incomplete: No StoreAPIs matched/],
    ['partial', 'history-incomplete', /marked as partial/],
    ['error-in-200', 'history-query-failed', /execution: the storage is broken/],
    ['vector', 'history-not-understood', /not of that form/],
    ['other-json', 'history-not-understood', /not of that form/],
    ['cut-json', 'history-not-understood', /not of that form/],
    ['deep', 'history-not-understood', /not of that form/],
    ['nothing', 'history-not-understood', /is empty/],
    ['page', 'history-not-understood', /a web page/],
    ['page-404', 'history-not-understood', /no such API \(HTTP 404\)/],
    ['moved', 'history-not-understood', /another address \(HTTP 302\)/],
    ['unauthorised', 'history-not-permitted', /HTTP 401\): it wants a login/],
    ['forbidden', 'history-not-permitted', /HTTP 403/],
    ['limited', 'history-query-failed', /HTTP 400\): bad_data: exceeded maximum resolution of 11,000 points \\x1b\[31mper/],
    ['busy', 'history-query-failed', /HTTP 503\): it does not say why/],
    ['endless', 'history-too-large', /more than 1000000 bytes/],
    ['bomb', 'history-too-large', /more than 1000000 bytes/],
    ['many-series', 'history-too-large', /more than 40 series/],
    ['cut', 'history-not-reachable', /the connection was cut/],
  ])('%s: %s', async (path, code, message) => {
    await expect(ask(path)).rejects.toMatchObject({ code, message: expect.stringMatching(message), hint: expect.stringMatching(/\.$/) });
  });

  it.each(['hangs', 'hangs-within'])('%s: ends in time', async (path) => {
    const startedAt = performance.now();
    await expect(ask(path, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'history-not-reachable', message: expect.stringMatching(/within 0\.3 s/) });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it('nobody there: says why', async () => {
    await expect(ask('', { address: 'http://127.0.0.1:1' })).rejects.toMatchObject({ code: 'history-not-reachable' });
    await expect(ask('', { address: base.replace('http', 'https') })).rejects.toMatchObject({ code: 'history-not-reachable' });
  });

  it('ends when the caller does not want it any more, with the caller’s reason', async () => {
    const controller = new AbortController();
    const asked = ask('hangs', {}, controller.signal);
    controller.abort(new Error('changed my mind'));
    await expect(asked).rejects.toThrow('changed my mind');
  });
});

describe('the login', () => {
  it('is sent as the header says, and not in the address', async () => {
    await ask('empty', { bearerToken: 'key-1234' });
    expect(seen.at(-1)?.headers.authorization).toBe('Bearer key-1234');
    await ask('empty', { address: `${base.replace('://', '://reader:hunter2@')}/empty` });
    expect(seen.at(-1)?.headers.authorization).toBe(`Basic ${Buffer.from('reader:hunter2').toString('base64')}`);
    expect(seen.at(-1)?.url).not.toContain('hunter2');
  });

  it('is in no error, also when the server sends it back', async () => {
    for (const login of [{ bearerToken: 'key-1234' }, { userName: 'reader', password: 'hunter2' }]) {
      const error: unknown = await ask('echo', login).catch((reason: unknown) => reason);
      const text = `${String(error)} ${JSON.stringify(error)}`;
      expect(text).toMatch(/you sent (Bearer|Basic) …/);
      expect(text).not.toContain('bearerToken' in login ? 'key-1234' : 'hunter2');
      expect(text).not.toContain(Buffer.from('reader:hunter2').toString('base64'));
    }
  });
});
