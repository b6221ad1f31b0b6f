import type { History } from '../define/history.ts';

/** How a host may be known to those who watch it. */
export interface HostNames {
  /** `pve1`, or `pve1.example.com`. */
  readonly name: string;
  /** Its addresses, IPv4 or IPv6. */
  readonly addresses: readonly string[];
}

/** Which `instance` label the series of a host carry. */
export type InstanceFound =
  | { readonly found: 'one'; readonly instance: string }
  /** Several fit equally well: the user has to say which. */
  | { readonly found: 'several'; readonly instances: readonly string[] }
  /** None fits. `known` are some that there are. */
  | { readonly found: 'none'; readonly known: readonly string[] };

const shortName = (name: string): string => name.split('.', 1)[0] ?? name;
const isAddress = (name: string): boolean => /^[\d.]+$/.test(name) || name.includes(':');

/** The host part of an instance: `pve1:9100`, `192.0.2.1:9100`, `[2001:db8::1]:9100`, `pve1`. */
export function hostOfInstance(instance: string): string {
  const bracketed = /^\[([^\]]{1,100})\]/.exec(instance)?.[1];
  if (bracketed !== undefined) return bracketed.toLowerCase();
  const parts = instance.split(':');
  return (parts.length === 2 ? parts[0]! : instance).toLowerCase();
}

/** How well the labels of a `node_uname_info` fit the host; 0: not at all. What the kernel of the host calls itself counts most. */
function fit(labels: Readonly<Record<string, string>>, host: HostNames): number {
  const name = host.name.toLowerCase();
  const nodename = (labels.nodename ?? '').toLowerCase();
  const at = hostOfInstance(labels.instance ?? '');
  const sameShort = (one: string): boolean => one !== '' && !isAddress(one) && !isAddress(name) && shortName(one) === shortName(name) && (one === name || !one.includes('.') || !name.includes('.'));
  const byNode = nodename === '' ? 0 : nodename === name ? 4 : sameShort(nodename) ? 3 : 0;
  const byInstance = at === name || host.addresses.some((address) => address.toLowerCase() === at) ? 2 : sameShort(at) ? 1 : 0;
  // A host of another name at that address is another host, such as one behind the same proxy.
  return nodename !== '' && byNode === 0 && !isAddress(name) ? 0 : byNode + byInstance;
}

/** Finds the host among those that node_exporter has reported for in that time, by `node_uname_info`, else by the addresses of `node_load1`. */
export async function findInstance(history: History, host: HostNames, fromMs: number, toMs: number, signal?: AbortSignal): Promise<InstanceFound> {
  const stepSeconds = Math.max(60, Math.ceil((toMs - fromMs) / 1000 / 500));
  const named = await history.series({ metric: 'node_uname_info' }, fromMs, toMs, stepSeconds, signal);
  const seen = named.length > 0 ? named : await history.series({ metric: 'node_load1' }, fromMs, toMs, stepSeconds, signal);
  const candidates = new Map<string, number>();
  for (const { labels } of seen) {
    const instance = labels.instance ?? '';
    if (instance !== '') candidates.set(instance, Math.max(candidates.get(instance) ?? 0, fit(labels, host)));
  }
  const best = Math.max(0, ...candidates.values());
  const instances = [...candidates].filter(([, score]) => score === best && score > 0).map(([instance]) => instance).sort();
  if (instances.length === 0) return { found: 'none', known: [...candidates.keys()].sort().slice(0, 10) };
  return instances.length === 1 ? { found: 'one', instance: instances[0]! } : { found: 'several', instances };
}
