import type { Inventory } from '../../../define/discovery.ts';
import type { ClusterRow, Resource, StorageResource } from './schemas.ts';

/** A watched host as names and addresses tell it apart. */
export interface NamedHost {
  readonly name: string;
  readonly addresses: readonly string[];
}

export interface ClusterNode {
  readonly node: string;
  /** Undefined where nobody says. */
  readonly online: boolean | undefined;
  /** The watched host that it is. */
  readonly host: string | undefined;
}

const short = (name: string): string => name.toLowerCase().split('.', 1)[0]!;
const isAddress = (name: string): boolean => /^[\d.]+$|:/.test(name);

/** The watched host that a node is: by the settings, by its whole name, by its address, or by the first part of its name. */
export function hostOfNode(node: string, address: string | undefined, hosts: readonly NamedHost[], settings: Readonly<Record<string, string>>): string | undefined {
  if (Object.hasOwn(settings, node)) return hosts.find(({ name }) => name === settings[node])?.name;
  const names = ({ name, addresses }: NamedHost): string[] => [name, ...addresses].map((one) => one.toLowerCase());
  const whole = hosts.find((host) => names(host).some((name) => name === node.toLowerCase() || name === address?.toLowerCase()));
  if (whole !== undefined) return whole.name;
  const alike = hosts.filter((host) => names(host).some((name) => !isAddress(name) && short(name) === short(node)));
  return alike.length === 1 ? alike[0]!.name : undefined;
}

/** All nodes that the cluster names. */
export function nodesOf(status: readonly ClusterRow[], resources: readonly Resource[], hosts: readonly NamedHost[], settings: Readonly<Record<string, string>>): ClusterNode[] {
  const found = new Map<string, ClusterNode>();
  for (const row of status) if (row.type === 'node') found.set(row.name, { node: row.name, online: row.online, host: hostOfNode(row.name, row.ip, hosts, settings) });
  for (const row of resources) {
    if (row.type !== 'node' || found.has(row.node)) continue;
    found.set(row.node, { node: row.node, online: row.status === 'online' ? true : row.status === 'offline' ? false : undefined, host: hostOfNode(row.node, undefined, hosts, settings) });
  }
  return [...found.values()];
}

/** Storages that more than one watched node has. */
export function sharedStorages(storages: readonly StorageResource[], hostOf: (node: string) => string | undefined): Inventory['sharedStorages'] {
  const hosts = new Map<string, Set<string>>();
  for (const { storage, shared, node } of storages) {
    const host = hostOf(node);
    if (shared === true && host !== undefined) hosts.set(storage, (hosts.get(storage) ?? new Set()).add(host));
  }
  return [...hosts].filter(([, of]) => of.size > 1).map(([name, of]) => ({ name, hosts: [...of] }));
}

/** The cluster itself, where there is one with at least two watched nodes. */
export function clusterOf(status: readonly ClusterRow[], nodes: readonly ClusterNode[]): { readonly name: string; readonly quorate: boolean | undefined; readonly hosts: readonly string[] } | undefined {
  const row = status.find((one) => one.type === 'cluster');
  if (row === undefined) return undefined;
  return { name: row.name, quorate: row.quorate, hosts: nodes.flatMap(({ host }) => (host === undefined ? [] : [host])) };
}
