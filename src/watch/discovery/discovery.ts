import type { Inventory } from '../../define/discovery.ts';
import { hostOfDestination } from '../../define/target.ts';
import type { Topology } from '../../define/topology.ts';
import type { RecentSamples } from '../recent-samples.ts';
import type { HostSettings, WatchSettings } from '../settings.ts';
import { placeGuests, topologyWith, type HostTraits, type Placement } from './place-guests.ts';

/** Metrics by which node_exporter shows who a machine is. */
const dmi = 'node_dmi_info';
const networkInfo = 'node_network_info';
/** Metrics that the places of hosts are read from. */
export const traitMetrics = [dmi, networkInfo];
const traitSeconds = 600;
const workOutEveryMs = 60_000;
/** An inventory that was not renewed for so long is not believed any more: guests move. */
const forgetMs = 24 * 3_600_000;
const vmidLabels = ['vmid', 'guest', 'guest_id'];

function hostNameOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

/** Names and addresses of a host; a loopback address is everybody's. */
export function namesOf({ name, addresses, exporters, target }: HostSettings): string[] {
  const asked = target === undefined || target === 'local' ? [] : [hostOfDestination(target)];
  const all = [name, ...addresses, ...exporters.map(({ url }) => hostNameOf(url)), ...asked].map((one) => one.toLowerCase());
  return [...new Set(all)].filter((one) => one !== 'localhost' && one !== '::1' && !one.startsWith('127.'));
}

function traitsOf(host: HostSettings, recent: RecentSamples, nowMs: number): HostTraits {
  const view = recent.view(host.name, nowMs);
  const uuid = view.series(dmi, traitSeconds)[0]?.labels['product_uuid']?.toLowerCase();
  const macs = view.series(networkInfo, traitSeconds).map(({ labels }) => (labels['address'] ?? '').toLowerCase());
  return {
    name: host.name,
    names: namesOf(host),
    runsOn: host.runsOn,
    vmids: host.exporters.flatMap(({ labels }) => vmidLabels.flatMap((name) => (labels[name] === undefined ? [] : [labels[name].replace(/^(qemu|lxc)\//, '')]))),
    uuid,
    macs: macs.filter((one) => one !== '' && one !== '00:00:00:00:00:00'),
  };
}

/** What stands on what, from the settings, from what hypervisors' APIs say, and from what hosts show of themselves. */
export class Discovery {
  readonly #settings: Pick<WatchSettings, 'hosts' | 'shared'>;
  readonly #recent: RecentSamples;
  readonly #inventories = new Map<string, { readonly atMs: number; readonly inventory: Inventory }>();
  #workedOutAtMs = Number.NEGATIVE_INFINITY;
  #placements: readonly Placement[];
  #topology: Topology;

  constructor(settings: Pick<WatchSettings, 'hosts' | 'shared'>, recent: RecentSamples) {
    this.#settings = settings;
    this.#recent = recent;
    this.#placements = placeGuests(settings.hosts.map((host) => ({ name: host.name, names: [], runsOn: host.runsOn, vmids: [], macs: [] })), []);
    this.#topology = topologyWith(settings, this.#placements, []);
  }

  /** Takes what one source found; it replaces what that source said before. */
  take(source: string, inventory: Inventory, nowMs: number): void {
    if (!this.#inventories.has(source)) this.#workedOutAtMs = Number.NEGATIVE_INFINITY;
    this.#inventories.set(source, { atMs: nowMs, inventory });
  }

  /** What stands on what now; worked out anew once a minute. */
  topology(nowMs: number): Topology {
    if (Math.abs(nowMs - this.#workedOutAtMs) < workOutEveryMs || this.#inventories.size === 0) return this.#topology;
    this.#workedOutAtMs = nowMs;
    for (const [source, { atMs }] of this.#inventories) if (nowMs - atMs > forgetMs) this.#inventories.delete(source);
    const inventories = [...this.#inventories.values()].map(({ inventory }) => inventory);
    this.#placements = placeGuests(this.#settings.hosts.map((host) => traitsOf(host, this.#recent, nowMs)), inventories);
    this.#topology = topologyWith(this.#settings, this.#placements, inventories);
    return this.#topology;
  }

  /** Watched hosts that are guests, and how that is known. */
  get placements(): readonly Placement[] {
    return this.#placements;
  }

  /** Guests of a watched node. */
  guestsOf(host: string): Inventory['guests'] {
    return [...this.#inventories.values()].flatMap(({ inventory }) => inventory.guests.filter((guest) => guest.host === host));
  }
}
