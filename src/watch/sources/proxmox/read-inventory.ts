import type { DiscoveredGuest } from '../../../define/discovery.ts';
import { ProxmoxError, type ProxmoxClient } from './client.ts';
import { agentAddresses, containerAddresses, identityOf, type GuestIdentity } from './guests.ts';
import { agentInterfacesSchema, containerInterfacesSchema, guestConfigSchema, guestObject, type GuestResource } from './schemas.ts';

/** Guests of one cluster whose configuration is read; so many questions are under way at once. */
const mostGuests = 2_000;
const atOnce = 4;

/** Does something with each item, some at a time. Ends early when the signal says so. */
export async function forEachOf<Item>(items: readonly Item[], signal: AbortSignal, act: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) {
      if (signal.aborted) return;
      await act(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}

/** What is known of a guest, kept over looks: who it is changes rarely. */
export interface KnownGuest extends GuestIdentity {
  readonly name?: string;
}

async function addressesOf(client: ProxmoxClient, { node, type, vmid, status }: GuestResource, { agent }: GuestIdentity, signal: AbortSignal): Promise<readonly string[]> {
  if (status !== 'running' || (type === 'qemu' && !agent)) return [];
  const path = `/nodes/${node}/${type}/${vmid}`;
  try {
    if (type === 'lxc') return containerAddresses(await client.get(`${path}/interfaces`, containerInterfacesSchema, signal));
    return agentAddresses(await client.get(`${path}/agent/network-get-interfaces`, agentInterfacesSchema, signal));
  } catch (error) {
    // An agent that is not installed, or a guest that has just ended: its configuration has to do.
    if (error instanceof ProxmoxError) return [];
    throw error;
  }
}

/** Asks for the configuration of all guests, and for their addresses. What cannot be read is left as it was known, and its reason is the answer. */
export async function readGuests(client: ProxmoxClient, guests: readonly GuestResource[], known: Map<string, KnownGuest>, signal: AbortSignal): Promise<ProxmoxError | undefined> {
  let trouble: ProxmoxError | undefined;
  const there = new Set(guests.map(guestObject));
  for (const guest of known.keys()) if (!there.has(guest)) known.delete(guest);
  await forEachOf(guests.slice(0, mostGuests), signal, async (guest) => {
    try {
      const identity = identityOf(await client.get(`/nodes/${guest.node}/${guest.type}/${guest.vmid}/config`, guestConfigSchema, signal));
      const addresses = [...new Set([...identity.addresses, ...(await addressesOf(client, guest, identity, signal))])].slice(0, 100);
      known.set(guestObject(guest), { ...identity, addresses, ...(guest.name === undefined ? {} : { name: guest.name }) });
    } catch (error) {
      if (!(error instanceof ProxmoxError)) throw error;
      trouble = error;
    }
  });
  return trouble;
}

/** The guests of watched nodes, with what is known of them. */
export function discoveredGuests(guests: readonly GuestResource[], known: ReadonlyMap<string, KnownGuest>, hostOf: (node: string) => string | undefined): DiscoveredGuest[] {
  return guests.flatMap((guest): DiscoveredGuest[] => {
    const host = hostOf(guest.node);
    const object = guestObject(guest);
    if (host === undefined || guest.template === true) return [];
    const { macs = [], addresses = [], storages = [], uuid } = known.get(object) ?? {};
    return [{ host, object, running: guest.status === 'running', macs, addresses, storages, ...(guest.name === undefined ? {} : { name: guest.name }), ...(uuid === undefined ? {} : { uuid }) }];
  });
}
