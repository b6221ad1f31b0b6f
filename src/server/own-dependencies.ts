import { lookup } from 'node:dns/promises';
import { getServers } from 'node:dns';
import { hostname, networkInterfaces } from 'node:os';
import { hostOfInstance } from '../history/exporter-instance.ts';
import type { ServerSettings } from '../settings/server.ts';
import { namesOf } from '../watch/discovery/discovery.ts';
import type { Dependency, WatchedPlace } from '../watch/discovery/own-places.ts';

const lookupMs = 3_000;

/** A name with the addresses that it leads to now; a name service that does not answer is waited for a moment only. */
async function withAddresses(name: string): Promise<string[]> {
  const late = new Promise<never[]>((resolve) => setTimeout(resolve, lookupMs, []).unref());
  const found = await Promise.race([lookup(name, { all: true }).catch(() => []), late]);
  return [name.toLowerCase(), ...found.map(({ address }) => address.toLowerCase())];
}

const isLoopback = (name: string): boolean => name === 'localhost' || name === '::1' || name.startsWith('127.');

/** This machine, which is also what a loopback address means. */
function thisMachine(): { readonly names: readonly string[]; readonly macs: readonly string[] } {
  const cards = Object.values(networkInterfaces()).flatMap((list) => list ?? []).filter(({ internal }) => !internal);
  return { names: [hostname().toLowerCase(), ...cards.map(({ address }) => address.toLowerCase())], macs: cards.map(({ mac }) => mac.toLowerCase()).filter((mac) => mac !== '00:00:00:00:00:00') };
}

/** What the server of these settings cannot do without: this machine, its name service, its mail relay and its database. */
export async function ownDependencies({ database, channels, heartbeat }: ServerSettings): Promise<Dependency[]> {
  const self = thisMachine();
  const at = async (what: string, lost: string, host: string): Promise<Dependency> => (isLoopback(host) ? { what, lost, ...self } : { what, lost, names: await withAddresses(host), macs: [] });
  const relays = [...new Set(channels.flatMap((channel) => (channel.type === 'email' ? [channel.host] : [])))];
  // The server itself is covered by who misses its heartbeat.
  const own: Dependency[] = heartbeat === undefined ? [{ what: 'This server', lost: 'nobody says so (heartbeat.url has somebody else notice)', ...self }] : [];
  const others = [
    ...getServers().map((server) => at(`The name service ${server}`, 'names lead nowhere, also those of what tells people', hostOfInstance(server))),
    ...relays.map((host) => at(`The mail relay ${host}`, 'no mail is sent', host)),
    ...(database === undefined ? [] : [at('The database', 'nothing can be saved', new URL(database).hostname)]),
  ];
  return [...own, ...(await Promise.all(others))];
}

/** Watched hosts by all their names and addresses. The machine that the server runs on is one of them where it is watched as `local`. */
export async function watchedPlaces({ hosts }: Pick<ServerSettings, 'hosts'>): Promise<WatchedPlace[]> {
  return Promise.all(hosts.map(async (host) => {
    const resolved = await Promise.all(namesOf(host).map(withAddresses));
    return { host: host.name, names: [...new Set([...resolved.flat(), ...(host.target === 'local' ? thisMachine().names : [])])] };
  }));
}
