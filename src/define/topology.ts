import { z } from 'zod';

/**
 * What stands on what, as far as it is known: alarms of things that share something are likely to have one reason. Names are hosts of the settings, or
 * `<host>:<object>` for what lies on one (`pve1:storage/tank`, `pve1:qemu/100`).
 */
export const topologySchema = z.object({
  /** Watched hosts that are guests of watched hosts: a failed node takes them along. */
  guests: z.array(z.object({ host: z.string(), runsOn: z.string(), object: z.string() })),
  /**
   * Hosts that share something whose failure all of them feel: a switch, a cluster, a storage server, a power supply. An alarm of a host about the shared thing
   * itself has it as its object, `<kind>/<name>`: `cluster/lab`, `storage/nfs1`.
   */
  shared: z.array(z.object({ name: z.string(), kind: z.enum(['switch', 'cluster', 'storage', 'power', 'site']), hosts: z.array(z.string()) })),
  /** Objects of one host that stand on other objects of it: a guest on a storage, a storage on its disks. */
  standsOn: z.array(z.object({ host: z.string(), object: z.string(), on: z.array(z.string()) })),
});
export type Topology = z.infer<typeof topologySchema>;
