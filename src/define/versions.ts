import { z } from 'zod';

/** Whose numbering a kernel version follows. */
export const kernelFlavours = ['proxmox', 'debian', 'ubuntu', 'other'] as const;
export type KernelFlavour = (typeof kernelFlavours)[number];

/** The versions of what really runs, as opposed to what is installed. Value of the source `versions`. */
export const runningVersionsSchema = z.object({
  kernel: z.object({
    /** `uname -r` as it is: `6.8.12-4-pve`. */
    release: z.string(),
    /** Comparable as dpkg does: `6.8.12-4`, `6.2.16-11~bpo11`, `6.1.170-1`, `5.15.0-82`. */
    version: z.string(),
    flavour: z.enum(kernelFlavours),
  }),
  /** Missing where ZFS is not loaded. */
  zfs: z
    .object({
      /** /sys/module/zfs/version: `2.1.11-1+deb12u1`, `2.2.4-pve1`. */
      module: z.string(),
      /** Of the tools, where it is known. */
      userland: z.string().optional(),
    })
    .optional(),
  /** One entry for each running guest whose version is known. */
  qemu: z.array(
    z.object({
      /** `qemu/100` */
      guest: z.string(),
      /** Of the binary that the guest was started with: `9.0.2-4`, `8.1.5`. */
      version: z.string(),
      /** True when that binary has been replaced on disk since. */
      deletedBinary: z.boolean().optional(),
    }),
  ),
});
export type RunningVersions = z.infer<typeof runningVersionsSchema>;
