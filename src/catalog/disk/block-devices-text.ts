import { z } from 'zod';

export const blockDeviceSchema = z.object({
  name: z.string(),
  kernelName: z.string(),
  /** As lsblk says: disk, part, lvm, raid1, crypt, mpath, … */
  type: z.string(),
  sizeBytes: z.number(),
  model: z.string().optional(),
  serial: z.string().optional(),
  vendor: z.string().optional(),
  revision: z.string().optional(),
  transport: z.string().optional(),
  rotational: z.boolean().optional(),
  physicalSectorBytes: z.number().optional(),
  logicalSectorBytes: z.number().optional(),
  fsType: z.string().optional(),
  mountpoints: z.array(z.string()),
  /** Kernel names of what it is built on. */
  parents: z.array(z.string()),
  wwn: z.string().optional(),
  discardMaxBytes: z.number().optional(),
  /** Of a SCSI or NVMe device: running, offline, live, … */
  state: z.string().optional(),
  /** Names under /dev/disk/by-id, of whole devices. */
  stableNames: z.array(z.string()),
  /** Number of the ATA port, as in the kernel's "ata3: …". */
  ataPort: z.number().optional(),
  scsiAddress: z.string().optional(),
  pciAddress: z.string().optional(),
  nvmeController: z.string().optional(),
  /** Name of the enclosure's slot. */
  slot: z.string().optional(),
});
export type BlockDevice = z.infer<typeof blockDeviceSchema>;

export const blockDevicesSchema = z.object({
  devices: z.array(blockDeviceSchema),
  /** ZFS volumes, which are not listed. */
  zvols: z.number(),
  /** Device-mapper volumes that were left out because there are too many. */
  omittedMapped: z.number(),
});
export type BlockDevices = z.infer<typeof blockDevicesSchema>;

const maxDevices = 2048;
const maxDepth = 8;

function wordOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return undefined;
  const trimmed = value.trim();
  return trimmed === '' ? undefined : trimmed;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** lsblk before 2.33 prints "1", later versions true. */
function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return value === '1' || value === 1 ? true : value === '0' || value === 0 ? false : undefined;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

function drop<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

function collect(rows: unknown, parent: string | undefined, depth: number, found: Map<string, BlockDevice>): void {
  for (const entry of list(rows)) {
    const row = record(entry);
    const kernelName = wordOf(row['kname']) ?? wordOf(row['name']);
    if (kernelName === undefined || kernelName.startsWith('zd') || found.size >= maxDevices) continue;
    const above = [parent, wordOf(row['pkname'])].filter((name) => name !== undefined);
    const known = found.get(kernelName);
    if (known === undefined) {
      const mountpoints = list(row['mountpoints'] ?? row['mountpoint']).map(wordOf);
      found.set(
        kernelName,
        drop({
          name: wordOf(row['name']) ?? kernelName,
          kernelName,
          type: wordOf(row['type']) ?? 'disk',
          sizeBytes: numberOf(row['size']) ?? 0,
          model: wordOf(row['model']),
          serial: wordOf(row['serial']),
          vendor: wordOf(row['vendor']),
          revision: wordOf(row['rev']),
          transport: wordOf(row['tran']),
          rotational: flagOf(row['rota']),
          physicalSectorBytes: numberOf(row['phy-sec']),
          logicalSectorBytes: numberOf(row['log-sec']),
          fsType: wordOf(row['fstype']),
          mountpoints: mountpoints.filter((mountpoint) => mountpoint !== undefined),
          parents: [...new Set(above)],
          wwn: wordOf(row['wwn']),
          discardMaxBytes: numberOf(row['disc-max']),
          state: wordOf(row['state']),
          stableNames: [],
        }),
      );
    } else {
      for (const name of above) if (!known.parents.includes(name)) known.parents.push(name);
    }
    if (depth < maxDepth) collect(row['children'], kernelName, depth + 1, found);
  }
}

/** What the kernel's path of a device tells: /sys/block/<name> is a link to it. */
function placeOf(path: string): Pick<BlockDevice, 'ataPort' | 'scsiAddress' | 'pciAddress' | 'nvmeController'> {
  const parts = path.split('/');
  const ata = parts.find((part) => /^ata\d{1,4}$/.test(part));
  const scsi = parts.find((part) => /^\d{1,4}:\d{1,4}:\d{1,4}:\d{1,20}$/.test(part));
  const pci = parts.filter((part) => /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/.test(part)).at(-1);
  const nvme = parts.at(-1)?.match(/^(nvme\d{1,4})n\d{1,4}$/)?.[1];
  return drop({ ataPort: ata === undefined ? undefined : Number(ata.slice(3)), scsiAddress: scsi, pciAddress: pci, nvmeController: nvme });
}

/** Reads the probe's four parts, each behind a line with `@` and its name. Undefined: lsblk's part is no JSON of its kind. */
export function parseBlockDevices(text: string): BlockDevices | undefined {
  const found = new Map<string, BlockDevice>();
  let part = '';
  let counts = [0, 0];
  let understood = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('@')) {
      const [name = '', ...rest] = line.slice(1).split(' ', 3);
      part = name;
      if (part === 'counts') counts = rest.map((word) => (/^\d{1,9}$/.test(word) ? Number(word) : 0));
      continue;
    }
    if (part === 'lsblk' && line.trimStart().startsWith('{')) {
      let json: unknown;
      try {
        json = JSON.parse(line);
      } catch {
        return undefined;
      }
      const rows = record(json)['blockdevices'];
      if (!Array.isArray(rows)) return undefined;
      collect(rows, undefined, 0, found);
      understood = true;
      continue;
    }
    const space = line.indexOf(' ');
    if (space < 1) continue;
    const [left, right] = [line.slice(0, space), line.slice(space + 1).trim()];
    if (part === 'by-id') found.get(right)?.stableNames.push(left);
    const device = part === 'sysfs' || part === 'slots' ? found.get(left) : undefined;
    if (device !== undefined) Object.assign(device, part === 'sysfs' ? placeOf(right) : { slot: right });
  }
  return understood ? { devices: [...found.values()], zvols: counts[0] ?? 0, omittedMapped: counts[1] ?? 0 } : undefined;
}
