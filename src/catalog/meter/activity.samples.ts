import type { DeviceActivity } from '../disk/disk-activity.fact.ts';

/** The source `disk-activity` of a host with one disk that did this, and nothing else. */
export function activityOf(more: Partial<DeviceActivity>): { intervalSeconds: number; devices: DeviceActivity[] } {
  const device: DeviceActivity = {
    name: 'sda',
    kind: 'disk',
    readsPerSecond: 0,
    writesPerSecond: 2,
    readBytesPerSecond: 0,
    writeBytesPerSecond: 0,
    completed: 10,
    latencyMs: 0.4,
    countsFlushes: true,
    flushes: 0,
    utilisationPercent: 0.2,
    averageQueue: 0,
    inFlight: 0,
    stalled: false,
    ...more,
  };
  return { intervalSeconds: 5, devices: [device] };
}
