import type { GuestCgroup } from './guest-cgroups.probe.ts';
import type { Takes } from './guest-hold-text.ts';
import type { GuestWork } from './guest-work.fact.ts';

/** A setting of a control group (kernel document admin-guide/cgroup-v2) and the value that holds the guest back. */
export interface Lever {
  readonly file: 'cpu.max' | 'io.max';
  /** Of `io.max` without the device, which is found on the host. */
  readonly value: string;
  /** One word for the report. */
  readonly says: string;
}

const share = 0.25;
/** The least quota that the kernel takes, and the usual period, in microseconds. */
const leastQuota = 1_000;
const period = 100_000;

/**
 * A weight would not do: who takes what the others leave does as much with the least weight (measured: 9 per cent less), and weights count only among the groups
 * of one folder. Requests can be limited where they are accounted and go to disks, not to ZFS; elsewhere less processor time brings fewer of them.
 */
export function leverFor(guest: GuestWork & { readonly takes: Takes }, groups: readonly GuestCgroup[]): Lever {
  const group = groups.find(({ object }) => object === guest.object);
  const onDisks = (group?.io?.disks.reads ?? 0) + (group?.io?.disks.writes ?? 0) > 0 && (group?.io?.zvols.reads ?? 0) + (group?.io?.zvols.writes ?? 0) === 0;
  if (guest.takes === 'io' && onDisks && group?.ioLimits === undefined && guest.volumes.every((name) => !name.startsWith('zd')) && guest.ioBytesPerSecond > 0) {
    const [bytes, requests] = [Math.max(65_536, Math.round(share * guest.ioBytesPerSecond)), Math.max(2, Math.round(share * guest.iosPerSecond))];
    return { file: 'io.max', value: `rbps=${bytes} wbps=${bytes} riops=${requests} wiops=${requests}`, says: `${(bytes / 1e6).toFixed(1)}-MB/s` };
  }
  const quota = Math.max(leastQuota, Math.round((share * guest.cpuPercentOfCore * period) / 100));
  return { file: 'cpu.max', value: `${quota} ${period}`, says: `${(quota / period).toFixed(2)}-processors` };
}
