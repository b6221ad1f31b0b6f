import type { Alarm, Severity } from '../../define/alarm.ts';
import type { Topology } from '../../define/topology.ts';
import { seededRandom } from '../../lib/testing.ts';

export const noTopology: Topology = { guests: [], shared: [], standsOn: [] };

/** An alarm of which only what matters has to be given. */
export function alarm(fields: Partial<Alarm> & { readonly startedAtMs: number }): Alarm {
  const { host = 'pve1', kind = 'io-delay', object = 'host', startedAtMs } = fields;
  return { id: `${host}/${kind}/${object}/${startedAtMs}`, kind, host, object, severity: 'warning', source: 'culprit', raisedAtMs: startedAtMs, says: `${kind} of ${object}`, labels: {}, ...fields };
}

/** Fifty hosts as they are: 24 nodes in three clusters of eight, in two racks with a switch each that do not follow the clusters, two storage servers, 26 watched guests. */
export function fiftyHosts(): Topology {
  const nodes = Array.from({ length: 24 }, (_, index) => `pve${index + 1}`);
  const guests = Array.from({ length: 26 }, (_, index) => ({ host: `vm${index + 1}`, runsOn: nodes[(index * 5) % 24]!, object: `qemu/${100 + index}` }));
  const every = (step: number, rest: number): string[] => nodes.filter((_, index) => index % step === rest);
  return {
    guests,
    shared: [
      ...[0, 1, 2].map((number) => ({ name: `lab${number + 1}`, kind: 'cluster' as const, hosts: nodes.slice(8 * number, 8 * number + 8) })),
      ...[0, 1, 2, 3].map((number) => ({ name: `sw${number + 1}`, kind: 'switch' as const, hosts: every(4, number) })),
      { name: 'nfs1', kind: 'storage', hosts: nodes.slice(4, 12) },
      { name: 'san1', kind: 'storage', hosts: nodes.slice(14, 22) },
      { name: 'site', kind: 'site', hosts: [...nodes, ...guests.map(({ host }) => host)] },
    ],
    standsOn: nodes.flatMap((host) => [
      { host, object: 'storage/tank', on: ['disk/a', 'disk/b'] },
      ...guests.filter(({ runsOn }) => runsOn === host).map(({ object }) => ({ host, object, on: ['storage/tank'] })),
    ]),
  };
}

export const faultKinds = ['switch', 'node', 'storage', 'disk', 'guest', 'memory', 'link'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** An alarm with when it is heard of, and the number of the fault that raised it. */
export interface StormAlarm {
  readonly alarm: Alarm;
  readonly arrivesAtMs: number;
  readonly fault: number;
}

export interface Storm {
  readonly topology: Topology;
  readonly faults: readonly { readonly kind: FaultKind; readonly what: string; readonly hosts: readonly string[] }[];
  /** In the order of their arrival. */
  readonly alarms: readonly StormAlarm[];
}

interface Planned {
  readonly kind: FaultKind;
  readonly what: string;
  readonly hosts: readonly string[];
  readonly signs: readonly { readonly host: string; readonly kind: string; readonly object: string; readonly severity: Severity }[];
}

type Random = () => number;
const pick = <Item>(items: readonly Item[], random: Random): Item => items[Math.floor(random() * items.length)]!;

/** What a fault of a kind brings, at a place chosen at random. */
function plan(kind: FaultKind, topology: Topology, random: Random): Planned {
  const nodes = [...new Set(topology.shared.filter((one) => one.kind === 'cluster').flatMap(({ hosts }) => hosts))];
  const guestsOf = (hosts: readonly string[]): string[] => topology.guests.filter(({ runsOn }) => hosts.includes(runsOn)).map(({ host }) => host);
  const sign = (host: string, alarmKind: string, object = 'host', severity: Severity = 'warning'): Planned['signs'][number] => ({ host, kind: alarmKind, object, severity });
  const silent = (host: string): Planned['signs'] => [sign(host, 'target-missing', 'host', 'critical'), sign(host, 'exporter-errors'), sign(host, 'ssh-silent')];
  const shared = (of: string): Topology['shared'][number] => pick(topology.shared.filter((one) => one.kind === of), random);
  if (kind === 'switch') {
    const { name, hosts } = shared('switch');
    const all = [...hosts, ...guestsOf(hosts)];
    return { kind, what: name, hosts: all, signs: all.flatMap(silent) };
  }
  if (kind === 'storage') {
    const { name, hosts } = shared('storage');
    const guests = guestsOf(hosts);
    const ofNode = (host: string): Planned['signs'] => [sign(host, 'io-delay'), sign(host, 'load'), sign(host, 'storage-silent', `storage/${name}`, 'critical'), sign(host, 'hung-tasks')];
    return { kind, what: name, hosts: [...hosts, ...guests], signs: [...hosts.flatMap(ofNode), ...guests.flatMap((host) => [sign(host, 'io-delay'), sign(host, 'load')])] };
  }
  const node = pick(nodes, random);
  const guests = topology.guests.filter(({ runsOn }) => runsOn === node);
  const hosts = [node, ...guests.map(({ host }) => host)];
  if (kind === 'node') {
    const cluster = topology.shared.find((one) => one.kind === 'cluster' && one.hosts.includes(node))!;
    const says = cluster.hosts.filter((host) => host !== node).map((host) => sign(host, 'member-lost', `cluster/${cluster.name}`));
    return { kind, what: node, hosts: [...hosts, ...cluster.hosts], signs: [...hosts.flatMap(silent), ...says] };
  }
  if (kind === 'disk') {
    const signs = [sign(node, 'disk-latency', 'disk/a'), sign(node, 'disk-errors', 'disk/a', 'critical'), sign(node, 'pool-slow', 'storage/tank'), sign(node, 'io-delay'), sign(node, 'load')];
    return { kind, what: `${node} disk/a`, hosts, signs: [...signs, ...guests.flatMap(({ host, object }) => [sign(node, 'guest-slow', object), sign(host, 'io-delay')])] };
  }
  if (kind === 'memory') return { kind, what: node, hosts: [node], signs: ['memory-pressure', 'swap-pressure', 'load', 'oom'].map((name) => sign(node, name)) };
  if (kind === 'link') return { kind, what: `${node} nic/eth0`, hosts: [node], signs: [sign(node, 'network-errors', 'nic/eth0'), sign(node, 'packet-loss', 'nic/eth0'), sign(node, 'link-slow', 'nic/eth0')] };
  const { host } = pick(topology.guests, random);
  return { kind, what: host, hosts: [host], signs: [sign(host, 'load'), sign(host, 'memory-pressure'), sign(host, 'filesystem-full', 'filesystem//var', 'critical'), sign(host, 'unit-failed', 'unit/db')] };
}

/**
 * A storm with a known number of faults. They begin within 20 s; a host notices each sign up to 15 s later (the phase of its scrapes), which is its beginning; each is
 * heard of up to 5 s after that, and one in fifty up to 20 s, in whatever order that gives. Signs repeat on several units of the host, and some end and come back,
 * until there are `alarmCount` alarms within a minute. Two faults never hit the same host (nor a node and its guest), unless `mayOverlap`: by time and topology nobody
 * could tell those apart.
 */
export function makeStorm(seed: number, { alarmCount = 2_000, faultCount = 6, mayOverlap = false, startMs = Date.UTC(2026, 6, 12, 10) } = {}): Storm {
  const random = seededRandom(seed);
  const topology = fiftyHosts();
  const planned: Planned[] = [];
  const taken = new Set<string>();
  for (let tries = 0; planned.length < faultCount && tries < 500; tries += 1) {
    const next = plan(pick(faultKinds, random), topology, random);
    const nodes = topology.guests.filter(({ host }) => next.hosts.includes(host)).map(({ runsOn }) => runsOn);
    const footprint = next.kind === 'guest' ? [...next.hosts, ...nodes] : next.hosts;
    if (!mayOverlap && footprint.some((host) => taken.has(host))) continue;
    for (const host of footprint) taken.add(host);
    planned.push(next);
  }
  const alarms: StormAlarm[] = [];
  const begins = planned.map(() => startMs + random() * 20_000);
  const perFault = Math.ceil(alarmCount / planned.length);
  for (const [fault, { signs }] of planned.entries()) {
    for (let number = 0; number < perFault && alarms.length < alarmCount; number += 1) {
      const { host, kind, object, severity } = signs[number % signs.length]!;
      const unit = Math.floor(number / signs.length);
      const startedAtMs = Math.round(begins[fault]! + random() * 15_000);
      const named = unit === 0 ? object : object.startsWith('cluster/') || object.startsWith('storage/') ? object : `${object === 'host' ? 'unit' : object}/${unit}`;
      const repeats = named === object && unit > 0;
      const came = repeats ? startedAtMs + unit : startedAtMs;
      const whole = alarm({ id: `a${seed}-${fault}-${number}`, host, kind, object: named, severity, startedAtMs: came, ...(repeats ? { resolvedAtMs: came } : {}) });
      alarms.push({ alarm: whole, arrivesAtMs: Math.round(came + random() * (random() < 0.02 ? 20_000 : 5_000)), fault });
    }
  }
  return { topology, faults: planned, alarms: alarms.sort((one, other) => one.arrivesAtMs - other.arrivesAtMs) };
}
