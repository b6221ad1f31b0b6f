import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import diskActivity, { type DeviceActivity } from '../disk/disk-activity.fact.ts';
import taskUsage from '../kernel/task-usage.fact.ts';
import { taskUsageOf } from '../kernel/task-usage.samples.ts';
import { activityOf } from './activity.samples.ts';

/** From these on, a device has something to do, or a storage thread computes. */
const busyUtilisationPercent = 5;
const busyThreadPercent = 15;

/** The mean over a handful of requests of a disk at rest, such as one flush, says nothing. */
function isSlow(device: DeviceActivity): boolean {
  return (device.latencyMs ?? 0) >= 50 && (device.completed >= 10 || device.utilisationPercent >= 2);
}

/** Kernel threads that carry data between programs and disks, and compute on the way. */
const carriers = /^(z_|txg_|zvol|spa_|dp_|dmu_|arc_|l2arc|dm-|dmcrypt|kcryptd|jbd2|xfs|btrfs|md\d|loop|nbd|bcache|drbd|kworker\/.*(kcryptd|dm-|writeback|xfs|btrfs))/;

/** Whether anything from the disks up to file systems and volumes has work, or waits. All of it must be quiet before a meter may be called wrong. */
export default defineFact({
  id: 'quiet-storage',
  title: 'Whether disks and all that lies above them are quiet',
  needs: { activity: diskActivity, usage: optional(taskUsage) },
  schema: z.object({
    quiet: z.boolean(),
    /** What is not quiet, in words; at most 5. */
    busy: z.array(z.string()),
    busiestUtilisationPercent: z.number(),
    /** Bytes a second over all whole disks. */
    bytesPerSecond: z.number(),
  }),
  derive: ({ activity, usage }) => {
    const devices = activity.devices.filter(({ kind }) => kind !== 'partition' && kind !== 'loop');
    const active = devices
      .filter((device) => device.utilisationPercent >= busyUtilisationPercent || device.stalled || isSlow(device) || (device.inFlight > 0 && device.averageQueue >= 0.5))
      .map((device) => `${device.name} ${device.stalled ? 'does not answer' : isSlow(device) ? `needs ${Math.round(device.latencyMs ?? 0)} ms for each request` : `is busy ${Math.round(device.utilisationPercent)} % of the time`}`);
    const threads = (usage?.tasks ?? [])
      .filter((task) => task.kernelThread && carriers.test(task.name) && task.cpuPercent >= busyThreadPercent)
      .map((task) => `${task.name} takes ${Math.round(task.cpuPercent)} % of a processor`);
    const stuck = (usage?.blockedAtBothEnds ?? []).map((task) => `${task.name} waits and cannot be interrupted`);
    const busy = [...active, ...threads, ...stuck];
    return {
      quiet: busy.length === 0,
      busy: busy.slice(0, 5),
      busiestUtilisationPercent: devices.reduce((most, device) => Math.max(most, device.utilisationPercent), 0),
      bytesPerSecond: devices.filter(({ kind }) => kind === 'disk').reduce((sum, device) => sum + device.readBytesPerSecond + device.writeBytesPerSecond, 0),
    };
  },
  examples: [
    { name: 'nothing to do', given: { activity: activityOf({ utilisationPercent: 0.4, writeBytesPerSecond: 20_000 }), usage: taskUsageOf() }, expect: { quiet: true, busy: [], bytesPerSecond: 20_000 } },
    { name: 'a hard disk at rest, and one flush', given: { activity: activityOf({ completed: 3, latencyMs: 80, utilisationPercent: 0.4 }) }, expect: { quiet: true, busy: [] } },
    { name: 'a slow disk', given: { activity: activityOf({ completed: 60, latencyMs: 300, utilisationPercent: 4 }) }, expect: { quiet: false, busy: ['sda needs 300 ms for each request'] } },
    { name: 'a disk at work', given: { activity: activityOf({ utilisationPercent: 61 }) }, expect: { quiet: false, busy: ['sda is busy 61 % of the time'] } },
    {
      name: 'idle disks under ZFS threads that compute',
      given: { activity: activityOf({ utilisationPercent: 3 }), usage: taskUsageOf({ name: 'z_wr_iss', kernelThread: true, cpuPercent: 97 }) },
      expect: { quiet: false, busy: ['z_wr_iss takes 97 % of a processor'] },
    },
    {
      name: 'a task that is stuck',
      given: { activity: activityOf({}), usage: { ...taskUsageOf(), blockedAtBothEnds: [{ pid: 9, name: 'txg_sync', kernelThread: true }] } },
      expect: { quiet: false, busy: ['txg_sync waits and cannot be interrupted'] },
    },
  ],
});
