import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { ProbeOutput } from '../define/case.ts';
import type { OthersSeen, PingSeen, PortSeen, Reachability } from '../define/reachability.ts';
import type { Target } from '../define/target.ts';
import { bounded } from '../lib/hostile-text.ts';
import { lookAtOwnNetwork } from './outside/own-network.ts';
import { ping } from './outside/ping.ts';
import { resolveDestination, type SshDestination } from './outside/ssh-destination.ts';
import { askWay } from './outside/way.ts';
import { bannerOf, converse, metricsOf, metricsRequest } from './outside/tcp.ts';
import type { Clock } from './run.ts';

const ports = { exporter: 9100, proxmox: 8006, unused: 1 } as const;
const nameTimeoutMs = 4_000;
const connectTimeoutMs = 4_000;
/** A name may have a broken address besides a good one; ssh tries them all. */
const maxAddresses = 2;

type Direct = Pick<Reachability, 'ping' | 'ports' | 'sshBanner' | 'metrics' | 'way'>;

/**
 * Looks at a host from here, when ssh gave no answer. Takes at most 14 s, and asks no machine but that one and those in this machine's own configuration. What is known from watching others is
 * written down beside it.
 */
export async function askReachability(
  target: Extract<Target, { kind: 'ssh' }>,
  ssh: Reachability['ssh'],
  clock: Clock,
  others?: OthersSeen,
): Promise<ProbeOutput> {
  const startedMs = clock.monotonicMs();
  const [seen, here] = await Promise.all([lookAtHost(target, clock), lookAtOwnNetwork()]);
  const reachability: Reachability = {
    destination: target.destination,
    ssh: { exitStatus: ssh.exitStatus, says: bounded(ssh.says, 2_000) },
    ...seen,
    ...(others === undefined ? {} : { others }),
    here,
  };
  return {
    probe: 'reachability',
    sample: 1,
    ended: 'done',
    exitStatus: 0,
    durationMs: Math.max(0, Math.round(clock.monotonicMs() - startedMs)),
    uptimeSeconds: 0,
    note: '',
    stdout: `${JSON.stringify(reachability, null, 2)}\n`,
  };
}

async function lookAtHost(target: Extract<Target, { kind: 'ssh' }>, clock: Clock): Promise<Omit<Reachability, 'destination' | 'ssh' | 'here'>> {
  const destination = await resolveDestination(target);
  const { hostname, proxiedBy } = destination;
  if (proxiedBy !== undefined) {
    return { hostname, proxiedBy, name: { outcome: 'not-asked', addresses: [], milliseconds: 0 }, ...notAsked(destination) };
  }
  const name = await resolveName(hostname, clock);
  const all = await Promise.all(name.addresses.slice(0, maxAddresses).map((address) => askAddress(address, destination, clock)));
  const rank = (direct: Direct): number => outcomeRank.indexOf(direct.ports.ssh.outcome);
  const best = all.sort((a, b) => rank(a) - rank(b))[0];
  return { hostname, name, ...(best ?? notAsked(destination)) };
}

const outcomeRank: readonly PortSeen['outcome'][] = ['connected', 'refused', 'timed-out', 'no-route', 'failed', 'not-asked'];

function notAsked({ port }: SshDestination): Direct {
  const closed = (number: number): PortSeen => ({ port: number, outcome: 'not-asked', milliseconds: 0 });
  return {
    ping: { outcome: 'not-asked', sent: 0, received: 0 },
    ports: { ssh: closed(port), exporter: closed(ports.exporter), proxmox: closed(ports.proxmox), unused: closed(ports.unused) },
    sshBanner: '',
    metrics: { outcome: 'not-asked', milliseconds: 0 },
  };
}

async function resolveName(hostname: string, clock: Clock): Promise<Reachability['name']> {
  if (isIP(hostname.replace(/%.*$/, '')) !== 0) return { outcome: 'address', addresses: [hostname], milliseconds: 0 };
  const startedMs = clock.monotonicMs();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timed-out'>((resolve) => (timer = setTimeout(() => resolve('timed-out'), nameTimeoutMs)));
  const outcome = await Promise.race([timeout, lookup(hostname, { all: true }).catch(failureOfLookup)]);
  clearTimeout(timer);
  const milliseconds = Math.max(0, Math.round(clock.monotonicMs() - startedMs));
  if (typeof outcome === 'string') return { outcome, addresses: [], milliseconds };
  return { outcome: 'resolved', addresses: outcome.slice(0, 16).map(({ address }) => address), milliseconds };
}

function failureOfLookup(error: unknown): 'not-found' | 'failed' {
  return error instanceof Error && 'code' in error && error.code === 'ENOTFOUND' ? 'not-found' : 'failed';
}

async function askAddress(address: string, { hostname, port }: SshDestination, clock: Clock): Promise<Direct> {
  const question = { address, timeoutMs: connectTimeoutMs, clock };
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  const asked = ping(address);
  const [pinged, way, ssh, exporter, proxmox, unused]: [PingSeen, Direct['way'], ...Awaited<ReturnType<typeof converse>>[]] = await Promise.all([
    asked,
    // Only what was just asked of the address makes the kernel ask who has it.
    asked.then(() => askWay(address)),
    converse({ ...question, port, enough: (reply) => /(?:^|\n)SSH-[^\n]*\n/.test(reply) || reply.length > 4_096 }),
    converse({ ...question, port: ports.exporter, send: metricsRequest(host), enough: (reply) => reply.length > 2_048 }),
    converse({ ...question, port: ports.proxmox }),
    converse({ ...question, port: ports.unused }),
  ]);
  return {
    ping: pinged,
    ports: { ssh: ssh!.seen, exporter: exporter!.seen, proxmox: proxmox!.seen, unused: unused!.seen },
    sshBanner: bannerOf(ssh!.reply),
    metrics: metricsOf(exporter!),
    ...(way === undefined ? {} : { way }),
  };
}
