import type { Inventory } from '../../../define/discovery.ts';
import { ownMetrics, seriesKey } from '../../../define/history.ts';
import type { Sample, SampleBatch } from '../../../define/sample.ts';
import type { WatchClock } from '../clock.ts';
import type { Look, SourceProblem } from '../look.ts';
import { ProxmoxClient, ProxmoxError } from './client.ts';
import { clusterOf, hostOfNode, nodesOf, sharedStorages, type ClusterNode, type NamedHost } from './cluster.ts';
import { measuredFromResources, measuredFromStatus, measuredOf, type Measured } from './measured.ts';
import { discoveredGuests, forEachOf, readGuests, type KnownGuest } from './read-inventory.ts';
import { guestSamples, nodeSamples, rootSamples, runningSample, storageSamples } from './samples.ts';
import { clusterStatusSchema, guestObject, metricsSchema, nodeStatusSchema, resourcesSchema, type GuestResource, type Resource, type StorageResource } from './schemas.ts';
import type { ProxmoxSettings } from './settings.ts';
import { SlowQuestions } from './slow-questions.ts';

const sourceName = 'proxmox';
const inventoryEveryMs = 300_000;
/** Where there is a guest of which nothing is known yet. */
const newGuestMs = 60_000;
/** Of the export's history no more is read than this. */
const longestPastMs = 300_000;

export interface ProxmoxLook extends Look {
  /** What stands on what; undefined where it could not be read. */
  readonly inventory?: Inventory;
}

export interface ProxmoxSourceOptions {
  readonly settings: ProxmoxSettings;
  readonly hosts: readonly (NamedHost & { /** Whether something else brings its own numbers: then they are not taken from here as well. */ readonly measuredElsewhere: boolean })[];
  readonly clock: WatchClock;
  readonly version: string;
}

interface Seen {
  readonly resources: readonly Resource[];
  readonly nodes: readonly ClusterNode[];
  readonly cluster: ReturnType<typeof clusterOf>;
  readonly measured: readonly Measured[];
}

/** Reads a node or a cluster of Proxmox VE by its API: nodes, guests, storages, pools and backups, and what stands on what. */
export class ProxmoxSource {
  readonly #options: ProxmoxSourceOptions;
  readonly #client: ProxmoxClient;
  readonly #guests = new Map<string, KnownGuest>();
  readonly #series = new Map<string, Map<string, Pick<Sample, 'metric' | 'labels'>>>();
  readonly #slow: SlowQuestions;
  #hostsOfNodes: readonly ClusterNode[] = [];
  #inventoryAtMs = Number.NEGATIVE_INFINITY;
  #newestMs: number | undefined;
  #hasExport = true;

  constructor(options: ProxmoxSourceOptions) {
    this.#options = options;
    this.#client = new ProxmoxClient(options.settings, options.version);
    this.#slow = new SlowQuestions(this.#client);
  }

  close(): void {
    this.#client.close();
  }

  /** Looks once. Never throws. */
  async look(signal: AbortSignal): Promise<ProxmoxLook> {
    const timeMs = this.#options.clock.nowMs();
    const problems: SourceProblem[] = [];
    const failed = (error: unknown, host?: string): ProxmoxError => {
      if (!(error instanceof ProxmoxError)) throw error;
      problems.push({ source: sourceName, reason: error.reason, says: `Proxmox VE at ${this.#client.address}: ${error.message}.`, ...(host === undefined ? {} : { host }) });
      return error;
    };
    let seen: Seen;
    try {
      seen = await this.#read(timeMs, signal);
    } catch (error) {
      return { batches: this.#silent(failed(error), timeMs), problems };
    }
    this.#hostsOfNodes = seen.nodes;
    const hosts = new Map<string, Sample[]>();
    const samplesOf = (host: string): Sample[] => {
      const of = hosts.get(host) ?? [];
      hosts.set(host, of);
      return of;
    };
    for (const { node, online, host } of seen.nodes) if (host !== undefined && online !== undefined) samplesOf(host).push({ metric: 'up', labels: { job: sourceName, instance: node }, timeMs, value: online ? 1 : 0 });
    const here = seen.nodes.filter((one): one is ClusterNode & { host: string } => one.online === true && one.host !== undefined);
    await forEachOf(here, signal, async ({ node, host }) => {
      samplesOf(host).push(...(await this.#nodeSamples(node, host, seen, timeMs, signal, (error) => failed(error, host))));
    });
    const inventory = await this.#readInventory(seen, timeMs, signal, failed);
    this.#clusterSamples(seen, timeMs, samplesOf);
    problems.push(...this.#unknownNodes(seen.nodes));
    if (signal.aborted) return { batches: [], problems };
    return { batches: [...hosts].map(([host, samples]) => this.#batch(host, samples, timeMs)), problems, inventory };
  }

  async #read(timeMs: number, signal: AbortSignal): Promise<Seen> {
    const { settings, hosts } = this.#options;
    const resources = await this.#client.getAnywhere('/cluster/resources', resourcesSchema, signal);
    const status = await this.#client.getAnywhere('/cluster/status', clusterStatusSchema, signal);
    const nodes = nodesOf(status, resources, hosts, settings.nodes);
    return { resources, nodes, cluster: clusterOf(status, nodes), measured: (await this.#export(timeMs, signal)) ?? measuredFromResources(resources, timeMs) };
  }

  /** What pvestatd measured since the last look; undefined where the version has no such thing. */
  async #export(timeMs: number, signal: AbortSignal): Promise<Measured[] | undefined> {
    if (!this.#hasExport) return undefined;
    const since = this.#newestMs === undefined ? '' : `&start-time=${Math.floor(Math.max(this.#newestMs, timeMs - longestPastMs) / 1_000)}`;
    try {
      const { data } = await this.#client.getAnywhere(`/cluster/metrics/export?history=${since === '' ? 0 : 1}${since}`, metricsSchema, signal);
      const measured = measuredOf(data, timeMs);
      this.#newestMs = measured.at(-1)?.timeMs ?? this.#newestMs;
      return measured;
    } catch (error) {
      if (!(error instanceof ProxmoxError) || ![400, 404, 501].includes(error.status ?? 0)) throw error;
      this.#hasExport = false;
      return undefined;
    }
  }

  async #nodeSamples(node: string, host: string, { measured }: Seen, timeMs: number, signal: AbortSignal, failed: (error: unknown) => ProxmoxError): Promise<Sample[]> {
    const samples: Sample[] = [];
    if (this.#options.hosts.find(({ name }) => name === host)?.measuredElsewhere !== true) {
      try {
        const status = await this.#client.get(`/nodes/${node}/status`, nodeStatusSchema, signal);
        const own = measured.filter(({ id }) => id === `node/${node}`);
        samples.push(...(own.length > 0 ? own : this.#hasExport ? [] : [measuredFromStatus(node, status, timeMs)]).flatMap(nodeSamples), ...rootSamples(status, timeMs));
      } catch (error) {
        failed(error);
      }
    }
    samples.push(...(await this.#slow.ask(node, timeMs, signal, failed)));
    return samples;
  }

  async #readInventory({ resources, nodes, cluster }: Seen, timeMs: number, signal: AbortSignal, failed: (error: unknown) => ProxmoxError): Promise<Inventory> {
    const guests = resources.filter((one): one is GuestResource => one.type === 'qemu' || one.type === 'lxc');
    const hostOf = (node: string): string | undefined => nodes.find((one) => one.node === node)?.host;
    const online = new Set(nodes.filter((one) => one.online !== false).map(({ node }) => node));
    const isNew = guests.some((guest) => !this.#guests.has(guestObject(guest)));
    if (timeMs - this.#inventoryAtMs >= (isNew ? newGuestMs : inventoryEveryMs) - 1_000) {
      this.#inventoryAtMs = timeMs;
      const trouble = await readGuests(this.#client, guests.filter(({ node }) => online.has(node) && hostOf(node) !== undefined), this.#guests, signal);
      if (trouble !== undefined) failed(trouble);
    }
    return {
      ...(cluster === undefined ? {} : { cluster: { name: cluster.name, hosts: cluster.hosts } }),
      sharedStorages: sharedStorages(resources.filter((one): one is StorageResource => one.type === 'storage'), hostOf),
      guests: discoveredGuests(guests, this.#guests, hostOf),
    };
  }

  /** What belongs to the cluster as a whole: guests, storages and its majority. */
  #clusterSamples({ resources, nodes, cluster, measured }: Seen, timeMs: number, samplesOf: (host: string) => Sample[]): void {
    const onlineHost = new Map(nodes.flatMap(({ node, online, host }) => (online === false || host === undefined ? [] : [[node, host] as const])));
    const nodeOf = new Map<string, string>();
    const storages = new Map<string, StorageResource>();
    for (const one of resources) {
      const host = onlineHost.get(one.node);
      if (host === undefined || one.type === 'node') continue;
      if (one.type === 'storage') {
        storages.set(`storage/${one.node}/${one.storage}`, one);
        continue;
      }
      nodeOf.set(guestObject(one), one.node);
      const running = runningSample(one, this.#guests.get(guestObject(one))?.onBoot, timeMs);
      if (running !== undefined) samplesOf(host).push(running);
    }
    const shared = new Map<string, string>();
    for (const one of measured) {
      const host = onlineHost.get(nodeOf.get(one.id) ?? '');
      if (host !== undefined) samplesOf(host).push(...guestSamples(one));
      const storage = storages.get(one.id);
      if (storage === undefined) continue;
      // What several nodes share is full once.
      if (storage.shared === true && (shared.get(storage.storage) ?? storage.node) !== storage.node) continue;
      if (storage.shared === true) shared.set(storage.storage, storage.node);
      samplesOf(onlineHost.get(storage.node)!).push(...storageSamples(storage.storage, one));
    }
    if (cluster?.quorate === undefined) return;
    for (const host of onlineHost.values()) samplesOf(host).push({ metric: ownMetrics.clusterQuorate, labels: { cluster: cluster.name.slice(0, 100) }, timeMs, value: cluster.quorate ? 1 : 0 });
  }

  /** When no node answers: all nodes that are known are silent. Who turns us away is not. */
  #silent({ reason }: ProxmoxError, timeMs: number): SampleBatch[] {
    if (reason !== 'not-reachable' && reason !== 'too-slow') return [];
    const { settings, hosts } = this.#options;
    const asked = settings.addresses.map((address) => new URL(address).hostname);
    const named = asked.map((name): ClusterNode => ({ node: name, online: undefined, host: hostOfNode(name, name, hosts, {}) }));
    const nodes = this.#hostsOfNodes.length > 0 ? this.#hostsOfNodes : named;
    return nodes.flatMap(({ node, host }) => (host === undefined ? [] : [this.#batch(host, [{ metric: 'up', labels: { job: sourceName, instance: node }, timeMs, value: 0 }], timeMs)]));
  }

  #batch(host: string, samples: Sample[], timeMs: number): SampleBatch {
    const now = new Map(samples.map(({ metric, labels }) => [seriesKey({ metric, labels }), { metric, labels }]));
    // Pools and backups are not asked for at each look.
    const node = this.#hostsOfNodes.find((one) => one.host === host)?.node ?? '';
    const isUp = samples.some(({ metric, value }) => metric === 'up' && value === 1);
    for (const { metric, labels } of isUp ? this.#slow.standing(node) : []) now.set(seriesKey({ metric, labels }), { metric, labels });
    const ended = [...(this.#series.get(host) ?? [])].filter(([key]) => !now.has(key)).map(([, one]) => one);
    this.#series.set(host, now);
    return { host, timeMs, samples, ended };
  }

  #unknownNodes(nodes: readonly ClusterNode[]): SourceProblem[] {
    const unknown = nodes.filter(({ host }) => host === undefined).map(({ node }) => node);
    if (unknown.length === 0) return [];
    const names = unknown.slice(0, 10).join(', ');
    return [{ source: sourceName, reason: 'left-out', says: `Proxmox VE at ${this.#client.address} has ${unknown.length === 1 ? 'a node' : `${unknown.length} nodes`} that no host of the settings is: ${names}. Add ${unknown.length === 1 ? 'it' : 'them'} under hosts, or name the host in proxmox.nodes.` }];
  }
}
