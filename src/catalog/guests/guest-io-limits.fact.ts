import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import guestCgroups, { type GuestCgroup } from './guest-cgroups.probe.ts';
import guestConfigs from './guest-configs.probe.ts';
import type { GuestConfig } from './guest-configs.schema.ts';
import guestIo from './guest-io.fact.ts';
import { cgroupOf, configOf } from './guests.samples.ts';

const kinds = ['read bytes', 'written bytes', 'reads', 'writes'] as const;

const schema = z.object({
  /** Running guests that have a limit of their I/O. */
  guests: z.array(
    z.object({
      object: z.string(),
      limits: z.array(
        z.object({
          kind: z.enum(kinds),
          /** The disk whose setting it is, or `control group`. */
          where: z.string(),
          limitPerSecond: z.number(),
          /** Of all disks of the guest together, within the sampling window. */
          ratePerSecond: z.number(),
          percentOfLimit: z.number(),
          /** The guest has no other disk, so that the rate is that of the limited one. */
          onlyDisk: z.boolean(),
        }),
      ),
    }),
  ),
});
export type GuestIoLimits = z.infer<typeof schema>;
type Limit = GuestIoLimits['guests'][number]['limits'][number];
type Rates = Readonly<Record<(typeof settings)[(typeof kinds)[number]], number>>;

const settings = { 'read bytes': 'readBytesPerSecond', 'written bytes': 'writeBytesPerSecond', reads: 'readsPerSecond', writes: 'writesPerSecond' } as const;

/** What a guest's settings (QEMU's own throttling) and its control group (io.max) allow. */
function limitsOf(group: GuestCgroup, config: GuestConfig | undefined, rates: Rates): Limit[] {
  const disks = (config?.disks ?? []).filter(({ bus }) => bus !== 'efidisk' && bus !== 'tpmstate');
  const found = kinds.flatMap((kind) => [
    ...disks.map((disk) => ({ kind, where: disk.slot, limit: disk[`${settings[kind]}Limit`], onlyDisk: disks.length === 1 })),
    { kind, where: 'control group', limit: group.ioLimits?.[settings[kind]], onlyDisk: true },
  ]);
  return found.flatMap(({ limit, ...one }) => {
    if (limit === undefined || limit <= 0) return [];
    const ratePerSecond = rates[settings[one.kind]];
    return [{ ...one, limitPerSecond: limit, ratePerSecond, percentOfLimit: (100 * ratePerSecond) / limit }];
  });
}

/** How near each guest comes to the limits that were set for its I/O. */
export default defineFact({
  id: 'guest-io-limits',
  title: 'Limits of the guests’ I/O, and how near they come to them',
  needs: { groups: guestCgroups, io: guestIo, configs: optional(guestConfigs) },
  schema,
  derive: ({ groups, io, configs }) => {
    const ratesOf = new Map(io.guests.map((guest) => [guest.object, guest]));
    const configOfGuest = new Map((configs?.guests ?? []).map((guest) => [guest.object, guest]));
    return {
      guests: groups.second.guests.flatMap((group) => {
        const rates = ratesOf.get(group.object);
        if (rates === undefined) return [];
        const limits = limitsOf(group, configOfGuest.get(group.object), rates);
        return limits.length > 0 ? [{ object: group.object, limits }] : [];
      }),
    };
  },
  examples: [
    {
      name: 'a VM that writes as much as its disk may, a container with a limit of its control group, one without',
      given: {
        configs: { guests: [configOf('qemu/100', { disks: [{ slot: 'scsi0', bus: 'scsi', writeBytesPerSecondLimit: 20e6 }, { slot: 'efidisk0', bus: 'efidisk' }] })] },
        groups: {
          first: { truncated: false, guests: [] },
          second: { truncated: false, guests: [cgroupOf('qemu/100'), cgroupOf('lxc/101', { ioLimits: { readsPerSecond: 100 } }), cgroupOf('lxc/102')] },
          intervalSeconds: 5,
        },
        io: {
          guests: [
            { object: 'qemu/100', readBytesPerSecond: 0, writeBytesPerSecond: 19.8e6, readsPerSecond: 0, writesPerSecond: 198, toldFrom: 'volumes' },
            { object: 'lxc/101', readBytesPerSecond: 0, writeBytesPerSecond: 0, readsPerSecond: 0, writesPerSecond: 0, toldFrom: 'control group' },
            { object: 'lxc/102', readBytesPerSecond: 0, writeBytesPerSecond: 0, readsPerSecond: 0, writesPerSecond: 0, toldFrom: 'control group' },
          ],
        },
      },
      expect: {
        guests: [
          { object: 'qemu/100', limits: [{ kind: 'written bytes', where: 'scsi0', ratePerSecond: 19.8e6, percentOfLimit: 99, onlyDisk: true }] },
          { object: 'lxc/101', limits: [{ kind: 'reads', where: 'control group', percentOfLimit: 0 }] },
        ],
      },
    },
  ],
});
