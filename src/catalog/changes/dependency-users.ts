import type { BlockDevice } from '../disk/block-devices-text.ts';
import type { Disk } from '../disk/disks.fact.ts';
import { disksBelow } from '../disk/disk-identity.ts';
import type { DiskCounters } from '../disk/disk-stats.probe.ts';
import type { GuestCgroup } from '../guests/guest-cgroups.probe.ts';
import { countersOf } from './disk-dependencies.ts';
import type { Places } from './dependency-places.ts';
import { addCounted, countedByGroup, guestOfDataset, nothingCounted, type User } from './guest-dependencies.ts';
import type { Counted } from './load-before.ts';

interface TwoReadings<T> {
  readonly first: T;
  readonly second: T;
  readonly intervalSeconds: number;
}
interface DatasetCounters {
  readonly name: string;
  readonly reads: number;
  readonly readBytes: number;
  readonly writes: number;
  readonly writtenBytes: number;
}
export type PoolReadings = TwoReadings<{ readonly pools: readonly { readonly name: string; readonly datasets: readonly DatasetCounters[] }[] }>;
export type StatReadings = TwoReadings<{ readonly devices: readonly DiskCounters[] }>;
export type GroupReadings = TwoReadings<{ readonly guests: readonly GuestCgroup[] }>;
export type TaskReadings = TwoReadings<{ readonly tasks: readonly { readonly pid: number; readonly readBytes: number; readonly writeBytes: number }[] }>;

/** What uses the pools, by the counters of their datasets: each guest's together, any other by itself (`dataset/tank/files`). */
export function usersOfPools({ first, second, intervalSeconds }: PoolReadings, { standsFor }: Places, uptimeSeconds: number): User[] {
  const users = new Map<string, User>();
  for (const pool of second.pools) {
    const place = standsFor(`storage/${pool.name}`);
    const before = new Map(first.pools.find((one) => one.name === pool.name)?.datasets.map((one) => [one.name, one]));
    for (const dataset of place === undefined ? [] : pool.datasets) {
      const earlier = before.get(dataset.name);
      if (earlier === undefined) continue;
      const id = guestOfDataset(dataset.name) ?? `dataset/${dataset.name}`;
      const key = `${id} on ${place}`;
      const known = users.get(key);
      users.set(key, {
        id,
        places: [place!],
        first: addCounted(known?.first ?? nothingCounted, earlier),
        second: addCounted(known?.second ?? nothingCounted, dataset),
        windowSeconds: intervalSeconds,
        sinceSeconds: uptimeSeconds,
        since: 'since boot',
        bytesOnly: false,
      });
    }
  }
  return [...users.values()];
}

/** VMs by their volumes in device mapper. */
export function usersByVolumes(
  volumes: readonly { readonly device: string; readonly object: string }[],
  { first, second, intervalSeconds }: StatReadings,
  devices: readonly BlockDevice[],
  { places }: Places,
  uptimeSeconds: number,
): User[] {
  const byName = new Map(devices.map((device) => [device.kernelName, device]));
  const counters = (of: typeof first): Map<string, DiskCounters> => new Map(of.devices.map((one) => [one.name, one]));
  const [before, now] = [counters(first), counters(second)];
  const users = new Map<string, User>();
  for (const { device, object } of volumes) {
    const [earlier, later, below] = [before.get(device), now.get(device), disksBelow(device, byName)];
    const place = places.find(({ disks }) => below.length > 0 && below.every((name) => disks.some((disk: Disk) => disk.name === name)));
    if (earlier === undefined || later === undefined || place === undefined) continue;
    const key = `${object} on ${place.id}`;
    const known = users.get(key);
    users.set(key, {
      id: object,
      places: [place.id],
      first: addCounted(known?.first ?? nothingCounted, countersOf(earlier)),
      second: addCounted(known?.second ?? nothingCounted, countersOf(later)),
      windowSeconds: intervalSeconds,
      sinceSeconds: uptimeSeconds,
      since: 'since boot',
      bytesOnly: false,
    });
  }
  return [...users.values()];
}

interface Running {
  readonly object: string;
  readonly pid: number;
  readonly runningSeconds: number;
}

/** Guests by what the kernel accounts to their control groups, else to their processes (bytes alone), on the places of their settings; where these name none of this host, on any of them. */
export function usersByAccounts(groups: GroupReadings, tasks: TaskReadings | undefined, running: readonly Running[], placesOf: (object: string) => readonly string[]): User[] {
  const earlierGroup = new Map(groups.first.guests.map((guest) => [guest.object, guest]));
  const taskOf = (at: 'first' | 'second'): Map<number, Counted> =>
    new Map((tasks?.[at].tasks ?? []).map(({ pid, readBytes, writeBytes }) => [pid, { reads: 0, writes: 0, readBytes, writtenBytes: writeBytes }]));
  const [tasksBefore, tasksNow] = [taskOf('first'), taskOf('second')];
  return groups.second.guests.flatMap((guest): User[] => {
    const { object } = guest;
    const [earlier, process] = [earlierGroup.get(object), running.find((one) => one.object === object)];
    if (earlier === undefined || process === undefined) return [];
    const shared = { id: object, places: placesOf(object), sinceSeconds: process.runningSeconds, since: 'since its start' as const };
    if (earlier.io !== undefined && guest.io !== undefined) {
      return [{ ...shared, first: countedByGroup(earlier.io), second: countedByGroup(guest.io), windowSeconds: groups.intervalSeconds, bytesOnly: false }];
    }
    const [before, now] = [tasksBefore.get(process.pid), tasksNow.get(process.pid)];
    return before === undefined || now === undefined || tasks === undefined ? [] : [{ ...shared, first: before, second: now, windowSeconds: tasks.intervalSeconds, bytesOnly: true }];
  });
}
