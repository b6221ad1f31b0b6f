import type { GuestCgroup, Stall } from './guest-cgroups.probe.ts';
import type { GuestConfig } from './guest-configs.schema.ts';
import type { GuestProcess } from './guest-processes.probe.ts';
import type { GuestUsed } from './guest-usage.fact.ts';
import { mebibyte } from '../../lib/units.ts';

const noStall: Stall = { someAvg10: 0, someAvg60: 0, someTotalMicroseconds: 0, fullAvg10: 0, fullAvg60: 0, fullTotalMicroseconds: 0 };
const noIo = { readBytes: 0, writtenBytes: 0, reads: 0, writes: 0 };

function named(object: string): { object: string; kind: GuestCgroup['kind']; name: string } {
  const [kind = '', name = ''] = object.split('/');
  return { object, kind: kind as GuestCgroup['kind'], name };
}

/** One reading of a guest's control group. */
export function cgroupOf(object: string, more: Partial<GuestCgroup> = {}): GuestCgroup {
  return {
    ...named(object),
    cpu: { usageMicroseconds: 0, periods: 0, throttledPeriods: 0, throttledMicroseconds: 0 },
    memory: {
      currentBytes: 2048 * mebibyte,
      maxBytes: 4096 * mebibyte,
      reclaimableBytes: 512 * mebibyte,
      anonBytes: 1536 * mebibyte,
      swapBytes: 0,
      events: { high: 0, max: 0, oom: 0, oomKills: 0 },
    },
    io: { disks: noIo, zvols: noIo },
    pids: { current: 12 },
    pressure: { cpu: noStall, io: noStall, memory: noStall },
    ...more,
  };
}

/** A VM of 4 GiB as the source `guest-configs` has it. */
export function configOf(object: string, more: Partial<GuestConfig> = {}): GuestConfig {
  const { kind, name } = named(object);
  return {
    object,
    kind: kind === 'nspawn' ? 'lxc' : kind,
    name,
    memoryBytes: 4096 * mebibyte,
    cores: 2,
    startsOnBoot: true,
    template: false,
    disks: [],
    nets: [],
    passthrough: [],
    ...more,
  };
}

/** A running guest as the source `guest-processes` has it. */
export function processOf(object: string, more: Partial<GuestProcess> = {}): GuestProcess {
  return { ...named(object), pid: 2211, state: 'S', rssBytes: 4096 * mebibyte, swapBytes: 0, threads: 9, runningSeconds: 90_000, ...more };
}

const calm = { somePercent: 0, fullPercent: 0, someAvg60: 0, fullAvg60: 0 };

/** An idle guest as an entry of the source `guest-usage`. */
export function usedBy(object: string, more: Partial<GuestUsed> = {}): GuestUsed {
  return {
    ...named(object),
    cpuPercentOfCore: 2,
    cpuPercentOfHost: 0.1,
    throttledPercent: 0,
    throttledPeriods: 0,
    readBytesPerSecond: 0,
    writeBytesPerSecond: 0,
    ioBytesPerSecond: 0,
    iosPerSecond: 0,
    memoryBytes: 2048 * mebibyte,
    memoryPercentOfLimit: 40,
    memoryLimitHits: 0,
    oomKills: 0,
    oomKillsSinceStart: 0,
    pressure: { cpu: calm, io: calm, memory: calm },
    ...more,
  };
}

/** Pressure on a guest; what is not said is calm. */
export function pressureOn(more: { cpu?: Partial<typeof calm>; io?: Partial<typeof calm>; memory?: Partial<typeof calm> }): NonNullable<GuestUsed['pressure']> {
  return { cpu: { ...calm, ...more.cpu }, io: { ...calm, ...more.io }, memory: { ...calm, ...more.memory } };
}

/** The source `guest-usage` with these guests. */
export function usageOf(...guests: readonly GuestUsed[]) {
  const sum = (key: 'cpuPercentOfCore' | 'ioBytesPerSecond' | 'iosPerSecond'): number => guests.reduce((total, guest) => total + guest[key], 0);
  return {
    guests: [...guests],
    cpuPercentOfCore: sum('cpuPercentOfCore'),
    ioBytesPerSecond: sum('ioBytesPerSecond'),
    iosPerSecond: sum('iosPerSecond'),
    truncated: false,
  };
}
