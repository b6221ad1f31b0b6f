import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { dependencyNodeSchema, type DependencyNode } from '../../define/dependency-graph.ts';
import { optional } from '../../define/source.ts';
import cpuTimes from '../cpu/cpu-times.probe.ts';
import blockDevices from '../disk/block-devices.probe.ts';
import diskActivity, { type DeviceActivity } from '../disk/disk-activity.fact.ts';
import diskStats from '../disk/disk-stats.probe.ts';
import disks from '../disk/disks.fact.ts';
import guestCgroups from '../guests/guest-cgroups.probe.ts';
import guestConfigs from '../guests/guest-configs.probe.ts';
import guestProcesses from '../guests/guest-processes.probe.ts';
import guestVolumes from '../guests/guest-volumes.probe.ts';
import proxmox from '../guests/proxmox.probe.ts';
import hostHistory from '../kernel/history.fact.ts';
import os from '../kernel/os.probe.ts';
import taskIo from '../kernel/task-io.probe.ts';
import zfsPoolKstats from '../zfs/zfs-pool-kstats.probe.ts';
import zpoolStatus from '../zfs/zpool-status.probe.ts';
import { dependencyExamples } from './dependencies.samples.ts';
import { findPlaces, placesOfGuest } from './dependency-places.ts';
import { usersByAccounts, usersByVolumes, usersOfPools } from './dependency-users.ts';
import { costNow, countersOf, deviceLoad, placeNode, type DeviceLoad } from './disk-dependencies.ts';
import { othersNode, userNodes, type Missed, type User } from './guest-dependencies.ts';
import { costOf, countedBetween, type Counted } from './load-before.ts';
import onset from './onset.fact.ts';
import { processorNodes } from './processor-dependencies.ts';

const amount = z.number().nonnegative();
const schema = z.object({
  /** Guests and datasets, the pools, volume groups and file systems that they use, and the disks of these. Work is requests (and bytes as so many requests more), or bytes alone. */
  storage: z.array(dependencyNodeSchema),
  /** Where data lies, with the requests that wait there on average; before is left out where it is not known. */
  places: z.array(z.object({ id: z.string(), disks: z.array(z.string()), waitingBefore: amount.optional(), waitingAfter: amount, scan: z.enum(['scrub', 'resilver']).optional() })),
  /** The host's processors (`host`) and the guests; work is processors in use. */
  processors: z.array(dependencyNodeSchema),
  cpuCount: z.number(),
});
export type Dependencies = z.infer<typeof schema>;

const mostUsers = 800;

/** One node for each guest: above nodes for its parts where it uses several places. */
function withParts(users: readonly User[]): { users: User[]; parents: Map<string, string[]> } {
  const count = new Map<string, number>();
  for (const { id } of users) count.set(id, (count.get(id) ?? 0) + 1);
  const parents = new Map<string, string[]>();
  const parts = users.map((user) => {
    if (count.get(user.id) === 1) return user;
    const id = `${user.id} on ${user.places[0] ?? ''}`;
    parents.set(user.id, [...(parents.get(user.id) ?? []), id]);
    return { ...user, id };
  });
  return { users: parts, parents };
}

function parentNodes(parents: ReadonlyMap<string, readonly string[]>, nodes: readonly DependencyNode[]): DependencyNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return [...parents].flatMap(([id, parts]): DependencyNode[] => {
    const known = parts.flatMap((part) => byId.get(part) ?? []);
    const sum = (of: 'before' | 'after'): { workPerSecond: number } => ({ workPerSecond: known.reduce((total, node) => total + node[of].workPerSecond, 0) });
    return known.length === 0 ? [] : [{ id, dependsOn: known.map((node) => node.id), before: sum('before'), after: sum('after'), beforeFrom: known[0]!.beforeFrom }];
  });
}

const readsOf = (counted: Counted): number => costOf({ ...counted, writes: 0, writtenBytes: 0 });

/** Who waits for whom, with the work and the latency of each before the trouble and now. */
export default defineFact({
  id: 'dependencies',
  title: 'What waits for what, before and now',
  needs: {
    os,
    disks,
    stats: diskStats,
    activity: diskActivity,
    blocks: optional(blockDevices),
    pools: optional(zpoolStatus),
    kstats: optional(zfsPoolKstats),
    groups: optional(guestCgroups),
    processes: optional(guestProcesses),
    tasks: optional(taskIo),
    volumes: optional(guestVolumes),
    configs: optional(guestConfigs),
    host: optional(proxmox),
    cpu: optional(cpuTimes),
    history: optional(hostHistory),
    onset: optional(onset),
  },
  schema,
  derive: ({ os: { uptimeSeconds }, disks: { disks: list }, stats, activity, blocks, pools, kstats, groups, processes, tasks, volumes, configs, host, cpu, history: kept, onset: began }) => {
    const history = kept?.series ?? [];
    const onsetMs = began?.fromMs;
    const windowSeconds = stats.intervalSeconds;
    const countersBefore = new Map(stats.first.devices.map((device) => [device.name, device]));
    const activityOf = new Map<string, DeviceActivity>(activity.devices.map((device) => [device.name, device]));
    const loadOf = new Map<string, DeviceLoad>();
    for (const { name } of list) {
      const [counters, does] = [countersBefore.get(name), activityOf.get(name)];
      const load = counters && does && deviceLoad({ counters, activity: does, windowSeconds, uptimeSeconds, history, onsetMs });
      if (load !== undefined) loadOf.set(name, load);
    }

    const known = findPlaces(list, blocks?.devices ?? []);
    const scanOf = (id: string): 'scrub' | 'resilver' | undefined => {
      const scan = pools?.pools.find(({ name }) => `storage/${name}` === id)?.scan;
      return scan?.state === 'running' ? scan.kind : undefined;
    };
    // While a pool is rebuilt its disks have different work, and are not to be compared.
    const placeNodes = known.places.flatMap((place) => placeNode(place, loadOf, scanOf(place.id) !== 'resilver' && !place.disks.some(({ rebuilding }) => rebuilding)) ?? []);
    const used = new Set(placeNodes.map(({ id }) => id));
    const diskNodes = list.flatMap(({ name, object }): DependencyNode[] => {
      const load = loadOf.get(name);
      return load === undefined ? [] : [{ id: object, dependsOn: [], before: load.before, after: load.after, beforeFrom: load.beforeFrom }];
    });

    const onPools = kstats === undefined ? [] : usersOfPools(kstats, known, uptimeSeconds);
    const onVolumes = usersByVolumes(volumes?.volumes ?? [], stats, blocks?.devices ?? [], known, uptimeSeconds);
    const seen = new Set([...onPools, ...onVolumes].map(({ id }) => id));
    const placesOf = (object: string): readonly string[] => {
      const own = placesOfGuest(configs?.guests.find((guest) => guest.object === object), host?.storages ?? [], known).filter((id) => used.has(id));
      return own.length > 0 ? own : [...used];
    };
    const byAccounts = groups === undefined ? [] : usersByAccounts(groups, tasks, processes?.guests ?? [], placesOf).filter(({ id }) => !seen.has(id));
    const { users, parents } = withParts([...onPools, ...onVolumes, ...byAccounts].slice(0, mostUsers));
    const missedOf = (id: string): Missed | undefined => {
      const place = known.places.find((one) => one.id === id);
      const readers = onPools.filter((user) => user.places[0] === id);
      if (place === undefined || readers.length === 0) return undefined;
      const share = (disk: number, asked: number): number => (asked > 0 ? Math.min(1, disk / asked) : 1);
      const sum = (of: (user: User) => number): number => readers.reduce((total, user) => total + of(user), 0);
      const diskReads = (of: (name: string) => number | undefined): number => place.disks.reduce((total, { name }) => total + (of(name) ?? 0), 0);
      const counted = (name: string): number | undefined => {
        const counters = countersBefore.get(name);
        return counters && readsOf(countersOf(counters));
      };
      const now = (name: string): number | undefined => {
        const does = activityOf.get(name);
        return does && costNow({ ...does, writesPerSecond: 0, writeBytesPerSecond: 0 });
      };
      return {
        before: share(diskReads(counted), sum(({ first }) => readsOf(first))),
        after: share(diskReads(now) * windowSeconds, sum(({ first, second }) => readsOf(countedBetween(first, second)))),
      };
    };
    const bytesOnly = users.some((user) => user.bytesOnly);
    const guests = userNodes(users, { uptimeSeconds, history, onsetMs, bytesOnly, missedOf });
    const isPlain = ({ id, beforeFrom }: DependencyNode): boolean => !bytesOnly && beforeFrom !== 'history' && known.places.find((one) => one.id === id)?.disks.length === 1 && !onPools.some((user) => user.places[0] === id);
    const others = guests.length === 0 ? [] : placeNodes.filter(isPlain).map((place) => othersNode(place, guests));

    return {
      storage: [...parentNodes(parents, guests), ...guests, ...others, ...placeNodes, ...diskNodes],
      places: known.places.filter(({ id }) => used.has(id)).map(({ id, disks: below }) => {
        const loads = below.flatMap(({ name }) => loadOf.get(name) ?? []);
        const before = loads.map(({ waitingBefore }) => waitingBefore).filter((one) => one !== undefined);
        const scan = scanOf(id);
        return {
          id,
          disks: below.map(({ object }) => object),
          ...(before.length === loads.length && { waitingBefore: before.reduce((sum, one) => sum + one, 0) }),
          waitingAfter: loads.reduce((sum, { waitingAfter }) => sum + waitingAfter, 0),
          ...(scan !== undefined && { scan }),
        };
      }),
      processors:
        cpu === undefined
          ? []
          : processorNodes({
              first: cpu.first.total,
              second: cpu.second.total,
              cpuCount: cpu.second.perCpu.length,
              guestsFirst: groups?.first.guests ?? [],
              guestsSecond: groups?.second.guests ?? [],
              guestWindowSeconds: groups?.intervalSeconds ?? cpu.intervalSeconds,
              runningSecondsOf: new Map((processes?.guests ?? []).map(({ object, runningSeconds }) => [object, runningSeconds])),
              uptimeSeconds,
            }),
      cpuCount: cpu?.second.perCpu.length ?? 0,
    };
  },
  examples: dependencyExamples,
});
