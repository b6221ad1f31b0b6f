import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import zfsPoolKstats from '../zfs/zfs-pool-kstats.probe.ts';
import guestUsage from './guest-usage.fact.ts';
import guestVolumes from './guest-volumes.probe.ts';
import { usageOf, usedBy } from './guests.samples.ts';

const rate = z.number().nonnegative();
const workSchema = z.object({
  object: z.string(),
  cpuPercentOfCore: rate,
  ioBytesPerSecond: rate,
  iosPerSecond: rate,
  /** Its disks on the host: `zd16`, `dm-7`. */
  volumes: z.array(z.string()),
});
export type GuestWork = z.infer<typeof workSchema>;

/** A disk of a guest as Proxmox VE names datasets and volumes: `tank/vm-100-disk-0`, `tank/subvol-101-disk-0`. */
const guestDataset = /(?:^|\/)(vm|base|subvol|basevol)-(\d{1,9})-disk-\d{1,6}$/;

/** Use of processors, and I/O with what went through ZFS datasets and volumes, which control groups do not account. */
export default defineFact({
  id: 'guest-work',
  title: 'Work of each guest, with what it does on ZFS',
  needs: { usage: guestUsage, kstats: optional(zfsPoolKstats), volumes: optional(guestVolumes) },
  schema: z.object({ guests: z.array(workSchema) }),
  derive: ({ usage, kstats, volumes }) => {
    const onZfs = new Map<string, { bytes: number; ios: number }>();
    const before = new Map((kstats?.first.pools ?? []).flatMap((pool) => pool.datasets.map((dataset) => [dataset.name, dataset])));
    for (const dataset of (kstats?.second.pools ?? []).flatMap((pool) => pool.datasets)) {
      const [, kind = '', id] = guestDataset.exec(dataset.name.slice(-300)) ?? [];
      const earlier = before.get(dataset.name);
      if (id === undefined || earlier === undefined || kstats === undefined) continue;
      const grown = (key: 'reads' | 'writes' | 'readBytes' | 'writtenBytes'): number => Math.max(0, dataset[key] - earlier[key]) / kstats.intervalSeconds;
      const object = `${kind.endsWith('vol') ? 'lxc' : 'qemu'}/${id}`;
      const sum = onZfs.get(object) ?? { bytes: 0, ios: 0 };
      onZfs.set(object, { bytes: sum.bytes + grown('readBytes') + grown('writtenBytes'), ios: sum.ios + grown('reads') + grown('writes') });
    }
    return {
      guests: usage.guests.map(({ object, cpuPercentOfCore, ioBytesPerSecond, iosPerSecond }) => ({
        object,
        cpuPercentOfCore,
        ioBytesPerSecond: Math.max(ioBytesPerSecond, onZfs.get(object)?.bytes ?? 0),
        iosPerSecond: Math.max(iosPerSecond, onZfs.get(object)?.ios ?? 0),
        volumes: (volumes?.volumes ?? []).filter((volume) => volume.object === object).map(({ device }) => device).slice(0, 64),
      })),
    };
  },
  examples: [
    {
      name: 'a container on a dataset, whose I/O no control group shows, and a VM with a volume',
      given: {
        usage: usageOf(usedBy('lxc/101', { cpuPercentOfCore: 12 }), usedBy('qemu/100', { ioBytesPerSecond: 5e6, iosPerSecond: 50 })),
        volumes: { volumes: [{ device: 'zd0', object: 'qemu/100' }] },
        kstats: {
          first: { pools: [{ name: 'tank', state: 'ONLINE', txgs: [], datasets: [{ name: 'tank/subvol-101-disk-0', reads: 0, readBytes: 0, writes: 100, writtenBytes: 1e6 }, { name: 'tank/data', reads: 0, readBytes: 0, writes: 0, writtenBytes: 0 }] }] },
          second: { pools: [{ name: 'tank', state: 'ONLINE', txgs: [], datasets: [{ name: 'tank/subvol-101-disk-0', reads: 0, readBytes: 0, writes: 500, writtenBytes: 41e6 }, { name: 'tank/data', reads: 9, readBytes: 9e9, writes: 0, writtenBytes: 0 }] }] },
          intervalSeconds: 4,
        },
      },
      expect: { guests: [{ object: 'lxc/101', cpuPercentOfCore: 12, ioBytesPerSecond: 10e6, iosPerSecond: 100 }, { object: 'qemu/100', ioBytesPerSecond: 5e6, volumes: ['zd0'] }] },
    },
  ],
});
