import { z } from 'zod';

const diskSchema = z.object({
  /** `scsi0`, `rootfs`, `mp0`, `tpmstate0`, `vda`. */
  slot: z.string(),
  /** `scsi`, `virtio`, `sata`, `ide`, `rootfs`, `mp`, `tpmstate`, `efidisk`. */
  bus: z.string(),
  /** Of Proxmox VE: the storage; without it the volume is a path. */
  storage: z.string().optional(),
  volume: z.string().optional(),
  sizeBytes: z.number().optional(),
  format: z.string().optional(),
  cache: z.string().optional(),
  aio: z.string().optional(),
  ioThread: z.boolean().optional(),
  discard: z.boolean().optional(),
  /** False where backups leave the disk out. */
  backup: z.boolean().optional(),
  readBytesPerSecondLimit: z.number().optional(),
  writeBytesPerSecondLimit: z.number().optional(),
  readsPerSecondLimit: z.number().optional(),
  writesPerSecondLimit: z.number().optional(),
});

/** The settings that matter for how a guest runs. Secrets, arguments and descriptions are never collected. */
export const guestConfigSchema = z.object({
  object: z.string(),
  kind: z.enum(['qemu', 'lxc', 'libvirt']),
  /** The id on Proxmox VE, else the name. */
  name: z.string(),
  /** Its name as shown to people. */
  label: z.string().optional(),
  memoryBytes: z.number().optional(),
  /** Least memory that ballooning may leave it; 0: no balloon. */
  balloonBytes: z.number().optional(),
  swapBytes: z.number().optional(),
  cores: z.number().optional(),
  sockets: z.number().optional(),
  /** In CPUs. */
  cpuLimit: z.number().optional(),
  cpuUnits: z.number().optional(),
  cpuType: z.string().optional(),
  osType: z.string().optional(),
  machine: z.string().optional(),
  scsiController: z.string().optional(),
  guestAgent: z.boolean().optional(),
  startsOnBoot: z.boolean(),
  template: z.boolean(),
  /** `backup`, `migrate`, `snapshot`, …: what an operation has left or is holding. */
  lock: z.string().optional(),
  unprivileged: z.boolean().optional(),
  hugePages: z.string().optional(),
  numa: z.boolean().optional(),
  disks: z.array(diskSchema),
  nets: z.array(
    z.object({
      slot: z.string(),
      model: z.string().optional(),
      bridge: z.string().optional(),
      megabytesPerSecondLimit: z.number().optional(),
    }),
  ),
  /** Devices passed through, as written: `0000:01:00.0`. */
  passthrough: z.array(z.string()),
});
export type GuestConfig = z.infer<typeof guestConfigSchema>;
export type GuestDisk = z.infer<typeof diskSchema>;
