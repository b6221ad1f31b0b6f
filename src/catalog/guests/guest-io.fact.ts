import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import diskActivity, { type DeviceActivity } from '../disk/disk-activity.fact.ts';
import { activity, during } from '../disk/disk-examples.ts';
import taskIo from '../kernel/task-io.probe.ts';
import guestCgroups, { type GuestCgroup } from './guest-cgroups.probe.ts';
import guestProcesses from './guest-processes.probe.ts';
import guestVolumes from './guest-volumes.probe.ts';
import { cgroupOf, processOf } from './guests.samples.ts';

const rate = z.number().nonnegative();

const schema = z.object({
  /** Those that were there at both ends of the window. */
  guests: z.array(
    z.object({
      object: z.string(),
      readBytesPerSecond: rate,
      writeBytesPerSecond: rate,
      /** 0 where it is told from the process. */
      readsPerSecond: rate,
      writesPerSecond: rate,
      /** The accounting of its control group; or its volumes on the host; or what its process read and wrote (bytes alone). */
      toldFrom: z.enum(['control group', 'volumes', 'process', 'nothing']),
    }),
  ),
});
type GuestIo = z.infer<typeof schema>['guests'][number];
type Rates = Omit<GuestIo, 'object' | 'toldFrom'>;

const nothing: Rates = { readBytesPerSecond: 0, writeBytesPerSecond: 0, readsPerSecond: 0, writesPerSecond: 0 };

function accounted(first: GuestCgroup, second: GuestCgroup, seconds: number): Rates {
  const of = (key: 'readBytes' | 'writtenBytes' | 'reads' | 'writes'): number => {
    const grown = (part: 'disks' | 'zvols'): number => Math.max(0, (second.io?.[part][key] ?? 0) - (first.io?.[part][key] ?? 0));
    return (grown('disks') + grown('zvols')) / seconds;
  };
  return { readBytesPerSecond: of('readBytes'), writeBytesPerSecond: of('writtenBytes'), readsPerSecond: of('reads'), writesPerSecond: of('writes') };
}

function together(devices: readonly DeviceActivity[]): Rates {
  const of = (key: keyof Rates): number => devices.reduce((sum, device) => sum + device[key], 0);
  return { readBytesPerSecond: of('readBytesPerSecond'), writeBytesPerSecond: of('writeBytesPerSecond'), readsPerSecond: of('readsPerSecond'), writesPerSecond: of('writesPerSecond') };
}

interface ProcessBytes {
  readonly pid: number;
  readonly readBytes: number;
  readonly writeBytes: number;
}

const withoutAccounting = cgroupOf('qemu/103');
delete withoutAccounting.io;

/**
 * The I/O of each guest. Proxmox VE does not switch the accounting of I/O on for the control groups of VMs; what goes through a VM's
 * volumes on the host is the same.
 */
export default defineFact({
  id: 'guest-io',
  title: 'Input and output of each guest within the sampling window',
  needs: { groups: guestCgroups, volumes: optional(guestVolumes), activity: optional(diskActivity), processes: optional(guestProcesses), processIo: optional(taskIo) },
  schema,
  derive: ({ groups: { first, second, intervalSeconds }, volumes, activity: devices, processes, processIo }) => {
    const before = new Map(first.guests.map((guest) => [guest.object, guest]));
    const deviceOf = new Map((devices?.devices ?? []).map((device) => [device.name, device]));
    const volumesOf = new Map<string, DeviceActivity[]>();
    for (const { device, object } of volumes?.volumes ?? []) {
      const does = deviceOf.get(device);
      if (does !== undefined) volumesOf.set(object, [...(volumesOf.get(object) ?? []), does]);
    }
    const pidOf = new Map((processes?.guests ?? []).map(({ object, pid }) => [object, pid]));
    const reading = (tasks: readonly ProcessBytes[] | undefined) => new Map((tasks ?? []).map((task) => [task.pid, task]));
    const [ioBefore, ioAfter] = [reading(processIo?.first.tasks), reading(processIo?.second.tasks)];
    const ofProcess = (object: string): Rates | undefined => {
      const pid = pidOf.get(object);
      const [earlier, later] = pid === undefined ? [] : [ioBefore.get(pid), ioAfter.get(pid)];
      if (earlier === undefined || later === undefined || processIo === undefined) return undefined;
      const per = (key: 'readBytes' | 'writeBytes'): number => Math.max(0, later[key] - earlier[key]) / processIo.intervalSeconds;
      return { ...nothing, readBytesPerSecond: per('readBytes'), writeBytesPerSecond: per('writeBytes') };
    };
    const guests = second.guests.flatMap((guest): GuestIo[] => {
      const earlier = before.get(guest.object);
      if (earlier === undefined) return [];
      const { object } = guest;
      if (earlier.io !== undefined && guest.io !== undefined) return [{ object, ...accounted(earlier, guest, intervalSeconds), toldFrom: 'control group' }];
      const volumesHere = volumesOf.get(object);
      if (volumesHere !== undefined) return [{ object, ...together(volumesHere), toldFrom: 'volumes' }];
      const process = ofProcess(object);
      return [{ object, ...(process ?? nothing), toldFrom: process === undefined ? 'nothing' : 'process' }];
    });
    return { guests };
  },
  examples: [
    {
      name: 'a container that is accounted for, a VM of Proxmox VE with two volumes, a VM with an image file, one that is not known',
      given: {
        groups: {
          first: { truncated: false, guests: [cgroupOf('lxc/101'), withoutAccounting, { ...withoutAccounting, object: 'qemu/104' }, { ...withoutAccounting, object: 'qemu/105' }] },
          second: {
            truncated: false,
            guests: [
              cgroupOf('lxc/101', { io: { disks: { readBytes: 5e6, writtenBytes: 0, reads: 50, writes: 0 }, zvols: { readBytes: 0, writtenBytes: 0, reads: 0, writes: 0 } } }),
              withoutAccounting,
              { ...withoutAccounting, object: 'qemu/104' },
              { ...withoutAccounting, object: 'qemu/105' },
            ],
          },
          intervalSeconds: 5,
        },
        volumes: { volumes: [{ device: 'zd0', object: 'qemu/103' }, { device: 'zd16', object: 'qemu/103' }, { device: 'zd32', object: 'qemu/999' }] },
        activity: during(activity('zd0', { kind: 'zvol', writesPerSecond: 90, writeBytesPerSecond: 9e6 }), activity('zd16', { kind: 'zvol', readsPerSecond: 10, readBytesPerSecond: 4e4 }), activity('zd32', { kind: 'zvol', readsPerSecond: 7 })),
        processes: { guests: [processOf('qemu/104', { pid: 4711 })] },
        processIo: { first: { tasks: [{ pid: 4711, readBytes: 1e9, writeBytes: 0 }] }, second: { tasks: [{ pid: 4711, readBytes: 1.2e9, writeBytes: 0 }] }, intervalSeconds: 4 },
      },
      expect: {
        guests: [
          { object: 'lxc/101', readBytesPerSecond: 1e6, readsPerSecond: 10, toldFrom: 'control group' },
          { object: 'qemu/103', readBytesPerSecond: 4e4, writeBytesPerSecond: 9e6, readsPerSecond: 10, writesPerSecond: 90, toldFrom: 'volumes' },
          { object: 'qemu/104', readBytesPerSecond: 5e7, readsPerSecond: 0, toldFrom: 'process' },
          { object: 'qemu/105', readBytesPerSecond: 0, toldFrom: 'nothing' },
        ],
      },
    },
  ],
});
