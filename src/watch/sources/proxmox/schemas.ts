import { z } from 'zod';

/** Numbers come as numbers or, from Perl, as text. */
const numeric = z.union([z.number(), z.string().max(40).regex(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/).transform(Number)]).pipe(z.number());
/** What does not parse is left out. */
const number = numeric.optional().catch(undefined);
const flag = z.union([z.boolean(), numeric.transform((value) => value !== 0), z.literal('').transform(() => false)]).optional().catch(undefined);
const text = z.string().max(1_000);
const optionalText = text.optional().catch(undefined);

export const nodeName = z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/);
const storageName = z.string().regex(/^[A-Za-z][A-Za-z0-9._-]{0,99}$/);
const vmid = numeric.pipe(z.int().min(1).max(999_999_999));

/** A list of which only the rows count that have the right shape. */
function rows<Row>(row: z.ZodType<Row>, most: number): z.ZodType<Row[]> {
  return z
    .array(z.unknown())
    .max(1_000_000)
    .transform((all) => all.slice(0, most).flatMap((one) => {
      const parsed = row.safeParse(one);
      return parsed.success ? [parsed.data] : [];
    })) as unknown as z.ZodType<Row[]>;
}

const usage = { cpu: number, maxcpu: number, mem: number, maxmem: number, disk: number, maxdisk: number, uptime: number };

const nodeRow = z.object({ type: z.literal('node'), node: nodeName, status: text, ...usage });
const guestRow = z.object({
  type: z.enum(['qemu', 'lxc']),
  node: nodeName,
  vmid,
  name: optionalText,
  status: text,
  template: flag,
  lock: optionalText,
  hastate: optionalText,
  netin: number,
  netout: number,
  diskread: number,
  diskwrite: number,
  ...usage,
});
const storageRow = z.object({ type: z.literal('storage'), node: nodeName, storage: storageName, status: optionalText, shared: flag, ...usage });
/** `GET /cluster/resources`: nodes, guests and storages of the whole cluster. */
export const resourcesSchema = rows(z.discriminatedUnion('type', [nodeRow, guestRow, storageRow]), 50_000);
export type Resource = z.infer<typeof nodeRow> | z.infer<typeof guestRow> | z.infer<typeof storageRow>;
export type GuestResource = z.infer<typeof guestRow>;
/** How reports name it: `qemu/100`, `lxc/101`. */
export const guestObject = ({ type, vmid }: Pick<GuestResource, 'type' | 'vmid'>): string => `${type}/${vmid}`;
export type StorageResource = z.infer<typeof storageRow>;

const clusterRow = z.object({ type: z.literal('cluster'), name: text, quorate: flag });
const memberRow = z.object({ type: z.literal('node'), name: nodeName, ip: optionalText, online: flag });
/** `GET /cluster/status`: the cluster, where there is one, and its nodes. */
export const clusterStatusSchema = rows(z.discriminatedUnion('type', [clusterRow, memberRow]), 1_000);
export type ClusterRow = z.infer<typeof clusterRow> | z.infer<typeof memberRow>;

const metricRow = z.object({ id: z.string().max(300), metric: z.string().max(100), timestamp: numeric, value: numeric });
/** `GET /cluster/metrics/export`, of Proxmox VE 8.3 and newer: what pvestatd measured, with its times. */
export const metricsSchema = z.object({ data: rows(metricRow, 500_000) });
export type MetricRow = z.infer<typeof metricRow>;

const total = z.object({ total: number, used: number, free: number, avail: number }).optional().catch(undefined);
/** `GET /nodes/{node}/status` */
export const nodeStatusSchema = z.object({
  cpu: number,
  wait: number,
  loadavg: z.array(numeric).length(3).optional().catch(undefined),
  cpuinfo: z.object({ cpus: number }).optional().catch(undefined),
  memory: total,
  swap: total,
  rootfs: total,
  uptime: number,
});
export type NodeStatus = z.infer<typeof nodeStatusSchema>;

const poolRow = z.object({ name: storageName, health: text });
/** `GET /nodes/{node}/disks/zfs` */
export const poolsSchema = rows(poolRow, 1_000);
export type PoolRow = z.infer<typeof poolRow>;

const taskRow = z.object({ upid: text, type: text, starttime: numeric, endtime: number, status: optionalText });
/** `GET /nodes/{node}/tasks` */
export const tasksSchema = rows(taskRow, 1_000);
export type TaskRow = z.infer<typeof taskRow>;

/** `GET /nodes/{node}/{qemu,lxc}/{vmid}/config`: all values as text or number. */
export const guestConfigSchema = z.record(z.string().max(100), z.union([z.string().max(20_000), z.number(), z.boolean()]).catch(''));
export type GuestConfig = z.infer<typeof guestConfigSchema>;

const agentInterface = z.object({
  'hardware-address': optionalText,
  'ip-addresses': rows(z.object({ 'ip-address': z.string().max(100) }), 100).optional().catch(undefined),
});
/** `GET /nodes/{node}/qemu/{vmid}/agent/network-get-interfaces`: what the guest's own agent says. */
export const agentInterfacesSchema = z.object({ result: rows(agentInterface, 500) });

/** `GET /nodes/{node}/lxc/{vmid}/interfaces`. Addresses with their prefix: `10.0.0.5/24`; newer versions have a list like that of the agent besides. */
export const containerInterfacesSchema = rows(z.object({ hwaddr: optionalText, inet: optionalText, inet6: optionalText }), 500);
