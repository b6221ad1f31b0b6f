import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import zpoolStatus from '../zfs/zpool-status.probe.ts';
import blockDevices from './block-devices.probe.ts';
import { disksBelow, kindOfDisk, stableIdOf, usesOf } from './disk-identity.ts';
import { mirrorOfTwoDisks, poolOfTwoDisks, smartOfOneDisk, singleNvme } from './disks.samples.ts';
import mdArrays from './md-arrays.probe.ts';
import smart from './smart.probe.ts';

export const diskSchema = z.object({
  /** The kernel's name of the moment. */
  name: z.string(),
  /** `disk/<stable id>`: how reports name it. */
  object: z.string(),
  stableId: z.string(),
  /** For people: model, serial, place in pool, slot, kernel name. */
  label: z.string(),
  kind: z.enum(['hdd', 'ssd', 'nvme', 'virtual', 'unknown']),
  model: z.string().optional(),
  serial: z.string().optional(),
  firmware: z.string().optional(),
  sizeBytes: z.number(),
  transport: z.string().optional(),
  ataPort: z.number().optional(),
  scsiAddress: z.string().optional(),
  pciAddress: z.string().optional(),
  nvmeController: z.string().optional(),
  slot: z.string().optional(),
  state: z.string().optional(),
  /** ZFS pools and software RAID arrays that it is part of, data before log and cache, with failed reads and writes. `vdev` is `single` where it stands alone. */
  uses: z.array(z.object({ pool: z.string(), vdev: z.string(), role: z.string(), errors: z.number() })),
  /** Its pool or array is being rebuilt: then disks of one vdev have different work. */
  rebuilding: z.boolean(),
  /** Kernel names of the other disks that do the same work: same vdev or array, or the same pool where each stands alone. */
  siblings: z.array(z.string()),
  partitions: z.array(z.string()),
  mountpoints: z.array(z.string()),
});
export type Disk = z.infer<typeof diskSchema>;

/** The physical disks (and virtual ones in a virtual machine), named so that nobody pulls the wrong one. */
export default defineFact({
  id: 'disks',
  title: 'Disks, their names and places',
  needs: { blocks: blockDevices, smart: optional(smart), pools: optional(zpoolStatus), arrays: optional(mdArrays) },
  schema: z.object({ disks: z.array(diskSchema) }),
  derive: ({ blocks, smart: health, pools, arrays }) => {
    const { devices } = blocks;
    const byName = new Map(devices.map((device) => [device.kernelName, device]));
    const healthOf = new Map((health?.disks ?? []).map((disk) => [disk.device, disk]));
    const uses = usesOf(devices, pools?.pools ?? [], arrays?.arrays ?? []);
    const rebuilt = new Set([
      ...(pools?.pools ?? []).filter((pool) => pool.scan?.kind === 'resilver' && pool.scan.state === 'running').map((pool) => pool.name),
      ...(arrays?.arrays ?? []).filter((array) => array.action !== undefined && array.action.kind !== 'check').map((array) => array.name),
    ]);
    const whole = devices.filter((device) => device.type === 'disk' && device.sizeBytes > 0 && /^(sd|hd|vd|xvd|nvme|mmcblk)/.test(device.kernelName));
    const disks = whole.slice(0, 256).map((device): Disk => {
      const seen = healthOf.get(device.kernelName);
      const own = uses.get(device.kernelName) ?? [];
      const use = own[0];
      const siblings = use === undefined ? [] : [...uses].filter(([name, list]) => name !== device.kernelName && list.some((one) => one.pool === use.pool && one.vdev === use.vdev && one.role === use.role));
      const above = devices.filter((one) => one.kernelName !== device.kernelName && disksBelow(one.kernelName, byName).includes(device.kernelName));
      const stableId = stableIdOf(device);
      const model = seen?.model ?? device.model;
      const serial = seen?.serial ?? device.serial;
      const place = use && `${use.vdev === 'single' ? 'part' : use.vdev} of ${use.pool}`;
      const disk: Disk = {
        name: device.kernelName,
        object: `disk/${stableId}`,
        stableId,
        label: [model, serial && `serial ${serial}`, place, device.slot && `slot ${device.slot}`, device.kernelName].filter(Boolean).join(', '),
        kind: kindOfDisk(device, seen),
        model,
        serial,
        firmware: seen?.firmware ?? device.revision,
        sizeBytes: device.sizeBytes,
        transport: device.transport,
        ataPort: device.ataPort,
        scsiAddress: device.scsiAddress,
        pciAddress: device.pciAddress,
        nvmeController: device.nvmeController,
        slot: device.slot,
        state: device.state,
        uses: own,
        rebuilding: own.some((one) => rebuilt.has(one.pool)),
        siblings: siblings.map(([name]) => name),
        partitions: above.filter((one) => one.type === 'part').map((one) => one.kernelName),
        mountpoints: [...new Set([device, ...above].flatMap((one) => one.mountpoints))],
      };
      return Object.fromEntries(Object.entries(disk).filter(([, value]) => value !== undefined)) as Disk;
    });
    return { disks };
  },
  examples: [
    {
      name: 'a mirror on two SATA disks that ZFS knows by their stable names',
      given: { blocks: mirrorOfTwoDisks, smart: smartOfOneDisk, pools: poolOfTwoDisks },
      expect: {
        disks: [
          {
            name: 'sda',
            object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-WCC7K0AAAAAA',
            label: 'WDC WD40EFRX-68N32N0, serial WD-WCC7K0AAAAAA, mirror-0 of tank, sda',
            kind: 'hdd',
            firmware: '82.00A82',
            ataPort: 3,
            uses: [{ pool: 'tank', vdev: 'mirror-0', role: 'data', errors: 0 }],
            siblings: ['sdb'],
            partitions: ['sda1'],
          },
          { name: 'sdb', kind: 'hdd', siblings: ['sda'] },
        ],
      },
    },
    {
      name: 'one NVMe disk, without root and without ZFS',
      given: { blocks: singleNvme },
      expect: { disks: [{ name: 'nvme0n1', object: 'disk/nvme-QEMU_NVMe_Ctrl_LABNVME0', kind: 'nvme', uses: [], siblings: [], mountpoints: ['/'] }] },
    },
    {
      name: 'two disks in a software RAID',
      given: {
        blocks: mirrorOfTwoDisks,
        arrays: { arrays: [{ name: 'md0', active: true, readOnly: false, level: 'raid1', members: [{ name: 'sda1', role: 0, flags: [] }, { name: 'sdb1', role: 1, flags: [] }] }] },
      },
      expect: { disks: [{ siblings: ['sdb'], uses: [{ pool: 'md0', vdev: 'raid1' }] }, { siblings: ['sda'] }] },
    },
  ],
});
