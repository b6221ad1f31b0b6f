import type { DeviceActivity } from '../disk/disk-activity.fact.ts';
import type { GuestUsed } from './guest-usage.fact.ts';

/** What the fact `guest-usage` says of all guests together. */
interface Usage {
  readonly guests: readonly GuestUsed[];
  readonly ioBytesPerSecond: number;
  readonly iosPerSecond: number;
}

/** The guest's share of all that went through physical disks or guests, whichever is more, by bytes or by number. */
export function shareOf(guest: GuestUsed, usage: Usage, devices: readonly DeviceActivity[]): number {
  const disks = devices.filter((device) => device.kind === 'disk');
  const bytes = disks.reduce((sum, disk) => sum + disk.readBytesPerSecond + disk.writeBytesPerSecond, 0);
  const ios = disks.reduce((sum, disk) => sum + disk.readsPerSecond + disk.writesPerSecond, 0);
  return 100 * Math.max(guest.ioBytesPerSecond / Math.max(bytes, usage.ioBytesPerSecond, 1), guest.iosPerSecond / Math.max(ios, usage.iosPerSecond, 1));
}

/** At its limit, or nearly: ZFS writes in bursts, a transaction group at a time, and between them its disks rest for a moment. */
function hasNoTimeLeft({ utilisationPercent, latencyMs }: DeviceActivity): boolean {
  return utilisationPercent >= 85 || (utilisationPercent >= 60 && (latencyMs ?? 0) >= 20);
}

export function slowest(devices: readonly DeviceActivity[]): DeviceActivity | undefined {
  return devices.filter((device) => device.kind === 'disk' && hasNoTimeLeft(device)).toSorted((a, b) => (b.latencyMs ?? 0) - (a.latencyMs ?? 0))[0];
}

/** Others want I/O at the same time, and wait for it. */
export function othersSuffer(guest: GuestUsed, usage: Usage, devices: readonly DeviceActivity[]): boolean {
  const others = usage.guests.filter((one) => one.object !== guest.object);
  if (others.some((one) => (one.pressure?.io.somePercent ?? 0) >= 20)) return true;
  return others.some((one) => one.iosPerSecond >= 1) && (slowest(devices)?.latencyMs ?? 0) >= 20;
}

/** So much that a sound disk has something to do: a hard disk does about a hundred requests a second. */
export function isMuch(guest: GuestUsed): boolean {
  return guest.iosPerSecond >= 100 || guest.ioBytesPerSecond >= 30e6;
}

interface Task {
  readonly type: string;
  readonly guestId: string;
}

/** What a backup reads from a VM's disks is accounted to the VM. A job over several guests names none. */
export function backupOf(guest: GuestUsed, tasks: readonly Task[]): 'this' | 'perhaps this' | 'none' {
  const backups = tasks.filter((task) => task.type === 'vzdump');
  if (backups.some((task) => task.guestId === guest.name)) return 'this';
  return backups.some((task) => task.guestId === '') ? 'perhaps this' : 'none';
}

/** A container on a host with ZFS may do I/O that no control group shows; it matters only where something waits for I/O. */
export function isHidden(guest: GuestUsed, arc: object | undefined, pressure: { io: { somePercent: number } } | undefined): boolean {
  return arc !== undefined && (guest.kind === 'lxc' || guest.kind === 'nspawn') && guest.ioBytesPerSecond < 1e6 && (pressure?.io.somePercent ?? 100) >= 10;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB/s`;
}
