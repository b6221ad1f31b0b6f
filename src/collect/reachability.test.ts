import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { reachabilitySchema, type Reachability } from '../define/reachability.ts';
import { parseRoutes } from './outside/own-network.ts';
import { parsePing } from './outside/ping.ts';
import { parseSshConfig } from './outside/ssh-destination.ts';
import { parseNeighbour, parseRoute } from './outside/way.ts';
import { bannerOf, converse, metricsOf, metricsRequest } from './outside/tcp.ts';
import { askReachability } from './reachability.ts';
import { clock } from './testing.ts';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

function listen(reply: string, afterRequest = false): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      if (afterRequest) socket.once('data', () => socket.end(reply));
      else socket.write(reply);
    }).listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    servers.push(server);
  });
}

async function look(destination: string, sshOptions: string[] = []): Promise<Reachability> {
  const target = { kind: 'ssh', destination, sshOptions: ['-F', '/dev/null', ...sshOptions], sudo: false } as const;
  const output = await askReachability(target, { exitStatus: 255, says: 'Connection timed out' }, clock);
  expect(output).toMatchObject({ probe: 'reachability', sample: 1, ended: 'done', exitStatus: 0 });
  expect(output.durationMs).toBeLessThan(12_000);
  return reachabilitySchema.parse(JSON.parse(output.stdout));
}

describe('the look from outside', () => {
  it('sees an ssh server that speaks, and closed ports', async () => {
    const port = await listen('SSH-2.0-OpenSSH_9.2p1 Debian\r\n');
    const seen = await look(`ssh://root@127.0.0.1:${port}`);
    expect(seen).toMatchObject({
      hostname: '127.0.0.1', ssh: { exitStatus: 255, says: 'Connection timed out' }, name: { outcome: 'address', addresses: ['127.0.0.1'] },
      ports: { ssh: { port, outcome: 'connected' }, unused: { port: 1, outcome: 'refused' } }, sshBanner: 'SSH-2.0-OpenSSH_9.2p1 Debian',
    });
    expect(seen.proxiedBy).toBeUndefined();
  });

  it('sees a server that takes the connection and says nothing', async () => {
    const port = await listen('');
    expect(await look(`ssh://root@127.0.0.1:${port}`)).toMatchObject({ ports: { ssh: { outcome: 'connected' } }, sshBanner: '' });
  });

  it('resolves names, and honours the port of ssh’s configuration', async () => {
    const port = await listen('SSH-2.0-x\n');
    expect(await look('root@localhost', ['-p', String(port)])).toMatchObject({ name: { outcome: 'resolved' }, ports: { ssh: { port, outcome: 'connected' } } });
    const unknown = await look('root@no-such-host.invalid');
    expect(['not-found', 'failed', 'timed-out']).toContain(unknown.name.outcome);
    expect(unknown.ports.ssh.outcome).toBe('not-asked');
  });

  it('asks nothing directly behind a jump host', async () => {
    expect(await look('root@127.0.0.1', ['-J', 'gate'])).toMatchObject({
      proxiedBy: 'ProxyJump gate', name: { outcome: 'not-asked' }, ping: { outcome: 'not-asked' }, ports: { ssh: { outcome: 'not-asked' } },
    });
  });
});

describe('the way to a host', () => {
  it.each([
    ['[{"dst":"192.0.2.77","dev":"eth0","prefsrc":"192.0.2.2","flags":[],"uid":0,"cache":[]}]', '', { route: 'direct', interface: 'eth0' }],
    ['[{"dst":"203.0.113.9","gateway":"192.0.2.1","dev":"eth0","prefsrc":"192.0.2.2","flags":[],"uid":0,"cache":[]}]', '', { route: 'gateway', interface: 'eth0', gateway: '192.0.2.1' }],
    ['[{"type":"local","dst":"127.0.0.1","dev":"lo","prefsrc":"127.0.0.1","flags":[],"uid":0,"cache":["local"]}]', '', { route: 'local' }],
    ['', 'RTNETLINK answers: Network is unreachable', { route: 'none' }],
    ['[]', '', { route: 'not-known' }],
    ['Usage: ip route', '', { route: 'not-known' }],
  ])('is read from %j', (stdout, stderr, expected) => expect(parseRoute(stdout, stderr)).toEqual(expected));

  it.each([
    ['[{"dst":"192.0.2.1","dev":"eth0","lladdr":"02:00:00:00:00:05","used":2,"confirmed":1,"updated":1,"probes":1,"state":["REACHABLE"]}]', 'answered'],
    ['[{"dst":"192.0.2.1","dev":"eth0","lladdr":"02:00:00:00:00:05","used":2,"confirmed":28,"updated":1,"probes":1,"state":["REACHABLE"]}]', 'old'],
    ['[{"dst":"192.0.2.77","dev":"eth0","used":3,"confirmed":900,"updated":0,"probes":6,"state":["FAILED"]}]', 'no-answer'],
    ['[{"dst":"192.0.2.77","dev":"eth0","state":["INCOMPLETE"]}]', undefined],
    ['[{"dst":"192.0.2.1","dev":"eth0","state":["DELAY"]}]', undefined],
    ['[{"dst":"10.0.0.2","dev":"wg0","state":["NOARP"]}]', 'not-known'],
    ['', undefined],
    ['[{"state":"REACHABLE"}]', undefined],
  ])('its last step is read from %j', (stdout, expected) => expect(parseNeighbour(stdout)).toBe(expected));

  it('to this machine itself is local', async () => {
    const port = await listen('SSH-2.0-x\n');
    expect((await look(`ssh://root@127.0.0.1:${port}`)).way).toEqual({ route: 'local', linkAnswer: 'not-known' });
  });
});

describe('an exporter', () => {
  it.each([
    ['HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n# HELP up x\n# TYPE up gauge\nup 1\n', { outcome: 'answered', status: 200 }],
    ['HTTP/1.1 200 OK\r\n\r\n<html>login</html>', { outcome: 'other-content', status: 200 }],
    ['HTTP/1.1 401 Unauthorized\r\n\r\n', { outcome: 'other-status', status: 401 }],
    ['SMTP ready', { outcome: 'other-content' }],
    ['', { outcome: 'no-answer' }],
  ])('that replies %j', async (reply, expected) => {
    const port = await listen(reply, true);
    const conversation = await converse({ address: '127.0.0.1', port, timeoutMs: 2_000, clock, send: metricsRequest('pve1'), enough: () => false });
    expect(metricsOf(conversation)).toMatchObject(expected);
  });

  it('is given up after its time', async () => {
    const port = await listen('');
    const conversation = await converse({ address: '127.0.0.1', port, timeoutMs: 200, clock, enough: () => false });
    expect(conversation).toMatchObject({ seen: { outcome: 'connected' }, reply: '' });
    expect(conversation.replyMs).toBeLessThan(1_500);
  });
});

describe('what commands of this machine say', () => {
  it('reads ping of iputils, busybox and BSD', () => {
    const iputils = '3 packets transmitted, 3 received, 0% packet loss, time 2003ms\nrtt min/avg/max/mdev = 0.026/0.038/0.048/0.009 ms\n';
    const busybox = '3 packets transmitted, 2 packets received, 33% packet loss\nround-trip min/avg/max = 0.058/0.072/0.093 ms\n';
    const bsd = '3 packets transmitted, 0 packets received, 100.0% packet loss\n';
    expect(parsePing(iputils)).toEqual({ outcome: 'answered', sent: 3, received: 3, averageMs: 0.038 });
    expect(parsePing(busybox)).toEqual({ outcome: 'answered', sent: 3, received: 2, averageMs: 0.072 });
    expect(parsePing(bsd)).toEqual({ outcome: 'no-answer', sent: 3, received: 0 });
    expect(parsePing('ping: socket: Operation not permitted\n').outcome).toBe('failed');
  });

  it('finds the default gateway of /proc/net/route', () => {
    const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
    expect(parseRoutes(`${head}eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\neth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n`)).toBe('192.0.2.1');
    expect(parseRoutes(head)).toBeUndefined();
    expect(parseRoutes('')).toBeUndefined();
  });

  it('reads ssh -G', () => {
    expect(parseSshConfig('host pve1\nuser root\nhostname 192.0.2.7\nport 2222\nproxyjump none\n')).toEqual({ hostname: '192.0.2.7', port: 2222 });
    expect(parseSshConfig('hostname pve1\nport 22\nproxycommand nc %h %p\n')).toEqual({ hostname: 'pve1', port: 22, proxiedBy: 'ProxyCommand' });
    expect(parseSshConfig('')).toBeUndefined();
  });

  it('takes the banner from among other lines, without what a terminal obeys', () => {
    expect(bannerOf('Hello\r\nSSH-2.0-x y\r\nrest')).toBe('SSH-2.0-x y');
    expect(bannerOf('\u001b[31mHTTP/1.1 400\r\n')).toBe('\\x1b[31mHTTP/1.1 400');
    expect(bannerOf('')).toBe('');
    expect(bannerOf(`SSH-${'x'.repeat(9_000)}`)).toHaveLength(255);
  });
});
