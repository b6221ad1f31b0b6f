import type { DiscoveredGuest, Inventory } from '../../define/discovery.ts';
import type { Topology } from '../../define/topology.ts';

/** By what a watched host was found to be a guest, the surest first. */
export type PlacedBy = 'settings' | 'label' | 'uuid' | 'mac' | 'address' | 'name';

/** What is known of a watched host that may be a guest of another. */
export interface HostTraits {
  readonly name: string;
  /** Its own name, the names and the addresses by which it is asked, lower case. */
  readonly names: readonly string[];
  /** `runsOn` of the settings. */
  readonly runsOn?: { readonly host: string; readonly object: string } | undefined;
  /** VMIDs that labels of its exporters name. */
  readonly vmids: readonly string[];
  /** SMBIOS' system UUID and the addresses of network cards, as its exporter shows them; lower case. */
  readonly uuid?: string | undefined;
  readonly macs: readonly string[];
}

export interface Placement {
  readonly host: string;
  readonly runsOn: string;
  readonly object: string;
  readonly by: PlacedBy;
}

const tests: readonly (readonly [PlacedBy, (host: HostTraits, guest: DiscoveredGuest) => boolean])[] = [
  ['label', ({ vmids }, { object }) => vmids.includes(object.slice(object.indexOf('/') + 1))],
  ['uuid', ({ uuid }, guest) => uuid !== undefined && guest.uuid === uuid],
  ['mac', ({ macs }, guest) => guest.macs.some((one) => macs.includes(one))],
  ['address', ({ names }, guest) => guest.addresses.some((one) => names.includes(one))],
  ['name', ({ names }, guest) => guest.name !== undefined && names.includes(guest.name.toLowerCase())],
];

/** Addresses that several guests have, such as that of a bridge for containers inside them, tell nobody apart. */
function withOwnAddresses(guests: readonly DiscoveredGuest[]): DiscoveredGuest[] {
  const counts = new Map<string, number>();
  for (const { addresses } of guests) for (const one of addresses) counts.set(one, (counts.get(one) ?? 0) + 1);
  return guests.map((guest) => ({ ...guest, addresses: guest.addresses.filter((one) => counts.get(one) === 1) }));
}

/**
 * Which watched hosts are guests of which watched nodes. The settings count before all; then the surest sign that fits exactly one guest. A sign that fits several says nothing. Several hosts
 * can be in one guest: containers whose exporters are asked at the address of their VM belong to that VM. Nobody is a guest of itself, nor of its own guest.
 */
export function placeGuests(hosts: readonly HostTraits[], inventories: readonly Inventory[]): Placement[] {
  const guests = withOwnAddresses(inventories.flatMap((one) => one.guests));
  const parent = new Map<string, string>();
  const placed: Placement[] = [];
  const place = (placement: Placement): void => {
    for (let at: string | undefined = placement.runsOn; at !== undefined; at = parent.get(at)) if (at === placement.host) return;
    parent.set(placement.host, placement.runsOn);
    placed.push(placement);
  };
  for (const { name, runsOn } of hosts) if (runsOn !== undefined) place({ host: name, runsOn: runsOn.host, object: runsOn.object, by: 'settings' });
  for (const host of hosts) {
    if (host.runsOn !== undefined) continue;
    for (const [by, fits] of tests) {
      const [found, ...others] = guests.filter((guest) => guest.host !== host.name && fits(host, guest));
      if (found === undefined) continue;
      // The first sign that tells something decides, also that it cannot tell.
      if (others.length === 0) place({ host: host.name, runsOn: found.host, object: found.object, by });
      break;
    }
  }
  return placed;
}

/** What stands on what: by the settings and by what hypervisors say. What the settings name of the same kind and name counts as they say it. */
export function topologyWith({ shared }: Pick<Topology, 'shared'>, placements: readonly Placement[], inventories: readonly Inventory[]): Topology {
  const found = inventories.flatMap(({ cluster, sharedStorages }): Topology['shared'] => [
    ...(cluster === undefined ? [] : [{ kind: 'cluster' as const, name: cluster.name, hosts: [...cluster.hosts] }]),
    ...sharedStorages.map(({ name, hosts }) => ({ kind: 'storage' as const, name, hosts: [...hosts] })),
  ]);
  const isNamed = ({ kind, name }: Topology['shared'][number]): boolean => shared.some((one) => one.kind === kind && one.name === name);
  return {
    guests: placements.map(({ host, runsOn, object }) => ({ host, runsOn, object })),
    shared: [...shared, ...found.filter((one) => one.hosts.length > 1 && !isNamed(one))],
    standsOn: inventories.flatMap(({ guests }) => guests.filter(({ storages }) => storages.length > 0).map(({ host, object, storages }) => ({ host, object, on: storages.map((name) => `storage/${name}`) }))),
  };
}
