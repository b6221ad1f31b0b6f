import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { failed } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import cpuUsage from '../cpu/cpu-usage.fact.ts';
import { cpuUsage as cpuUsageOf } from '../cpu/cpu-usage.samples.ts';
import guestCgroups, { type GuestCgroup, type Stall } from './guest-cgroups.probe.ts';
import guestIo from './guest-io.fact.ts';
import { cgroupOf } from './guests.samples.ts';

const rate = z.number().nonnegative();
const stallSchema = z.object({
  /** Share of the sampling window in which at least one of its tasks, or all that had work to do, were held up. */
  somePercent: rate,
  fullPercent: rate,
  someAvg60: rate,
  fullAvg60: rate,
});

const usedSchema = z.object({
  object: z.string(),
  kind: z.enum(['qemu', 'lxc', 'libvirt', 'nspawn']),
  name: z.string(),
  /** Of one processor: four busy virtual CPUs make 400. */
  cpuPercentOfCore: rate,
  cpuPercentOfHost: rate.optional(),
  /** Without a limit: left out. */
  limitCpus: z.number().optional(),
  /** Share of the periods of its CPU limit, within the window, in which it was stopped; 0 without a limit. */
  throttledPercent: rate,
  throttledPeriods: rate,
  /**
   * Through disks and zvols, as the source `guest-io` has it. Files on ZFS datasets and network file systems do not show here: a container
   * on a ZFS dataset seems to do no I/O.
   */
  readBytesPerSecond: rate,
  writeBytesPerSecond: rate,
  ioBytesPerSecond: rate,
  iosPerSecond: rate,
  memoryBytes: rate.optional(),
  /** The lower of memory.max, where the kernel kills, and memory.high, where it takes pages back and lets the guest wait. */
  memoryLimitBytes: rate.optional(),
  /** Without what it would give back (page cache). */
  memoryPercentOfLimit: rate.optional(),
  /** How often it ran into either within the window. */
  memoryLimitHits: rate,
  oomKills: rate,
  oomKillsSinceStart: rate,
  pressure: z.object({ cpu: stallSchema, io: stallSchema, memory: stallSchema }).optional(),
});
export type GuestUsed = z.infer<typeof usedSchema>;

function stall(first: Stall, second: Stall, seconds: number): z.infer<typeof stallSchema> {
  const share = (key: 'someTotalMicroseconds' | 'fullTotalMicroseconds'): number =>
    Math.min(100, Math.max(0, second[key] - first[key]) / (seconds * 10_000));
  return {
    somePercent: share('someTotalMicroseconds'),
    fullPercent: share('fullTotalMicroseconds'),
    someAvg60: second.someAvg60,
    fullAvg60: second.fullAvg60,
  };
}

interface Rates {
  readonly readBytesPerSecond: number;
  readonly writeBytesPerSecond: number;
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
}

function usedBetween(first: GuestCgroup, second: GuestCgroup, seconds: number, cpuCount: number | undefined, io: Rates | undefined): GuestUsed {
  const grown = (before: number | undefined, after: number | undefined): number => Math.max(0, (after ?? 0) - (before ?? 0));
  const { readBytesPerSecond = 0, writeBytesPerSecond = 0, readsPerSecond = 0, writesPerSecond = 0 } = io ?? {};
  const cpuPercentOfCore = grown(first.cpu.usageMicroseconds, second.cpu.usageMicroseconds) / (seconds * 10_000);
  const periods = grown(first.cpu.periods, second.cpu.periods);
  const throttledPeriods = grown(first.cpu.throttledPeriods, second.cpu.throttledPeriods);
  const { memory } = second;
  const limits = [memory?.maxBytes, memory?.highBytes].filter((bytes) => bytes !== undefined);
  const memoryLimitBytes = limits.length > 0 ? Math.min(...limits) : undefined;
  return {
    object: second.object,
    kind: second.kind,
    name: second.name,
    cpuPercentOfCore,
    ...(cpuCount !== undefined && { cpuPercentOfHost: cpuPercentOfCore / cpuCount }),
    ...(second.cpu.limitCpus !== undefined && { limitCpus: second.cpu.limitCpus }),
    throttledPercent: periods > 0 ? (100 * Math.min(throttledPeriods, periods)) / periods : 0,
    throttledPeriods,
    readBytesPerSecond,
    writeBytesPerSecond,
    ioBytesPerSecond: readBytesPerSecond + writeBytesPerSecond,
    iosPerSecond: readsPerSecond + writesPerSecond,
    ...(memory && { memoryBytes: memory.currentBytes }),
    ...(memory &&
      memoryLimitBytes !== undefined && {
        memoryLimitBytes,
        memoryPercentOfLimit: memoryLimitBytes > 0 ? (100 * Math.max(0, memory.currentBytes - memory.reclaimableBytes)) / memoryLimitBytes : 100,
      }),
    memoryLimitHits: grown(first.memory?.events.max, memory?.events.max) + grown(first.memory?.events.high, memory?.events.high),
    oomKills: grown(first.memory?.events.oomKills, memory?.events.oomKills),
    oomKillsSinceStart: memory?.events.oomKills ?? 0,
    ...(first.pressure &&
      second.pressure && {
        pressure: {
          cpu: stall(first.pressure.cpu, second.pressure.cpu, seconds),
          io: stall(first.pressure.io, second.pressure.io, seconds),
          memory: stall(first.pressure.memory, second.pressure.memory, seconds),
        },
      }),
  };
}

/** What each guest used within the sampling window. */
export default defineFact({
  id: 'guest-usage',
  title: 'Use of CPU, memory and I/O by each guest within the sampling window',
  needs: { groups: guestCgroups, io: optional(guestIo), cpu: optional(cpuUsage) },
  schema: z.object({
    /** Those that were there at both ends of the window. */
    guests: z.array(usedSchema),
    cpuPercentOfCore: rate,
    ioBytesPerSecond: rate,
    iosPerSecond: rate,
    /** Not all guests were read. */
    truncated: z.boolean(),
  }),
  derive: ({ groups: { first, second, intervalSeconds }, io, cpu }) => {
    const ioOf = new Map((io?.guests ?? []).map((guest) => [guest.object, guest]));
    const before = new Map(first.guests.map((guest) => [guest.object, guest]));
    const guests = second.guests.flatMap((guest) => {
      const earlier = before.get(guest.object);
      return earlier ? [usedBetween(earlier, guest, intervalSeconds, cpu?.cpuCount, ioOf.get(guest.object))] : [];
    });
    const sum = (key: 'cpuPercentOfCore' | 'ioBytesPerSecond' | 'iosPerSecond'): number => guests.reduce((total, guest) => total + guest[key], 0);
    return {
      guests,
      cpuPercentOfCore: sum('cpuPercentOfCore'),
      ioBytesPerSecond: sum('ioBytesPerSecond'),
      iosPerSecond: sum('iosPerSecond'),
      truncated: second.truncated,
    };
  },
  examples: [
    {
      name: 'a VM with one busy CPU that writes to a zvol, and a container at its CPU limit',
      given: {
        cpu: cpuUsageOf({ cpuCount: 16 }),
        groups: {
          first: { truncated: false, guests: [cgroupOf('qemu/100'), cgroupOf('lxc/101')] },
          second: {
            truncated: false,
            guests: [
              cgroupOf('qemu/100', {
                cpu: { usageMicroseconds: 5_000_000, periods: 0, throttledPeriods: 0, throttledMicroseconds: 0 },
              }),
              cgroupOf('lxc/101', { cpu: { usageMicroseconds: 2_500_000, periods: 50, throttledPeriods: 40, throttledMicroseconds: 1, limitCpus: 0.5 } }),
              cgroupOf('lxc/102'),
            ],
          },
          intervalSeconds: 5,
        },
        io: { guests: [{ object: 'qemu/100', readBytesPerSecond: 0, writeBytesPerSecond: 10_000_000, readsPerSecond: 0, writesPerSecond: 100, toldFrom: 'volumes' }] },
      },
      expect: {
        cpuPercentOfCore: 150,
        ioBytesPerSecond: 10_000_000,
        guests: [
          { object: 'qemu/100', cpuPercentOfCore: 100, cpuPercentOfHost: 6.25, writeBytesPerSecond: 10_000_000, iosPerSecond: 100, memoryPercentOfLimit: 37.5 },
          { object: 'lxc/101', cpuPercentOfCore: 50, limitCpus: 0.5, throttledPercent: 80, throttledPeriods: 40 },
        ],
      },
    },
    {
      name: 'a container with the memory.high that Proxmox VE gives it besides memory.max',
      given: {
        groups: {
          first: { truncated: false, guests: [cgroupOf('lxc/101')] },
          second: {
            truncated: false,
            guests: [cgroupOf('lxc/101', { memory: { currentBytes: 530e6, maxBytes: 536_870_912, highBytes: 532_676_608, reclaimableBytes: 430e6, anonBytes: 90e6, swapBytes: 0, events: { high: 700, max: 0, oom: 0, oomKills: 0 } } })],
          },
          intervalSeconds: 5,
        },
      },
      expect: { guests: [{ object: 'lxc/101', memoryLimitBytes: 532_676_608, memoryLimitHits: 700 }] },
    },
    { name: 'control groups of version 1', given: { groups: failed('not-installed', 'only version 2 is read') }, expect: 'not-installed' },
  ],
});
