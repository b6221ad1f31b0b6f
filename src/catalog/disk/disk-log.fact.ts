import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import kernelLog from '../kernel/kernel-log.probe.ts';
import operatingSystem from '../kernel/os.probe.ts';
import { diskEventKinds, diskEventOf, type DiskEventKind, type DiskEventLine } from './disk-log-lines.ts';
import disks, { type Disk } from './disks.fact.ts';
import { hostUp, log, twoDisks } from './disk-examples.ts';

/** What happened this long ago or less may belong to what is felt now. */
const recentSeconds = 3_600;
const daySeconds = 86_400;

const eventSchema = z.object({
  kind: z.enum(diskEventKinds),
  count: z.number(),
  /** Of the last hour. */
  recent: z.number(),
  /** Of the last 24 hours. */
  today: z.number(),
  lastSecondsAgo: z.number().optional(),
  lastText: z.string(),
});
const diskLogSchema = z.object({ name: z.string(), object: z.string(), label: z.string(), events: z.array(eventSchema) });
export type DiskLog = z.infer<typeof diskLogSchema>;
export type DiskEvent = z.infer<typeof eventSchema>;

function named(event: DiskEventLine, list: readonly Disk[]): Disk | undefined {
  return list.find((disk) => {
    if (event.by === 'name') return disk.name === event.key || disk.partitions.includes(event.key);
    if (event.by === 'ata') return disk.ataPort === Number(event.key);
    if (event.by === 'scsi') return disk.scsiAddress === event.key;
    return event.by === 'nvme' ? disk.nvmeController === event.key : disk.pciAddress === event.key;
  });
}

/** Devices that are gone from the host, or lie above disks, are known by the log alone. */
function unlisted(event: DiskEventLine): string | undefined {
  if (event.by === 'nvme') return event.key;
  return event.by === 'name' && /^(?:sd[a-z]{1,4}|vd[a-z]{1,4}|nvme\d{1,4}n\d{1,4}|dm-\d{1,4}|md\d{1,4})$/.test(event.key) ? event.key : undefined;
}

/** The events of some kinds, together. */
export function countEvents(entry: DiskLog | undefined, kinds: readonly DiskEventKind[]): { count: number; recent: number; today: number; last?: DiskEvent } {
  const found = (entry?.events ?? []).filter((event) => kinds.includes(event.kind));
  const last = [...found].sort((a, b) => (a.lastSecondsAgo ?? Infinity) - (b.lastSecondsAgo ?? Infinity))[0];
  const total = (field: 'count' | 'recent' | 'today'): number => found.reduce((sum, event) => sum + event[field], 0);
  return { count: total('count'), recent: total('recent'), today: total('today'), ...(last && { last }) };
}

export default defineFact({
  id: 'disk-log',
  title: 'What the kernel logged about each disk',
  needs: { log: kernelLog, disks, os: optional(operatingSystem) },
  schema: z.object({
    disks: z.array(diskLogSchema),
    /** True when what is not here was not logged since boot. */
    complete: z.boolean(),
  }),
  derive: ({ log: kernel, disks: known, os }) => {
    const newest = kernel.lines.reduce((latest, line) => Math.max(latest, line.secondsSinceBoot ?? 0), 0);
    const now = Math.max(os?.uptimeSeconds ?? newest, newest);
    const found = new Map<string, DiskLog>();
    for (const line of kernel.lines) {
      const event = diskEventOf(line.text);
      const disk = event && named(event, known.disks);
      const name = disk?.name ?? (event && unlisted(event));
      if (event === undefined || name === undefined) continue;
      const entry = found.get(name) ?? { name, object: disk?.object ?? `disk/${name}`, label: disk?.label ?? name, events: [] };
      found.set(name, entry);
      const ago = line.secondsSinceBoot === undefined ? undefined : Math.max(0, now - line.secondsSinceBoot);
      const recent = ago !== undefined && ago <= recentSeconds ? 1 : 0;
      const today = ago !== undefined && ago <= daySeconds ? 1 : 0;
      const same = entry.events.find((one) => one.kind === event.kind);
      const fresh: DiskEvent = { kind: event.kind, count: 1, recent, today, lastText: line.text.slice(0, 200), ...(ago !== undefined && { lastSecondsAgo: ago }) };
      if (same) Object.assign(same, fresh, { count: same.count + 1, recent: same.recent + recent, today: same.today + today });
      else entry.events.push(fresh);
    }
    return { disks: [...found.values()].slice(0, 256), complete: kernel.coversBoot };
  },
  examples: [
    {
      name: 'an unreadable sector an hour ago, an old cable fault, and a refused discard',
      given: {
        disks: { disks: twoDisks },
        os: hostUp(90_000),
        log: log([
          [120, 'ata3.00: error: { ICRC ABRT }'],
          [121, 'ata3: hard resetting link'],
          [125, 'ata4: SError: { PHYRdyChg 10B8B DevExch }'],
          [130, 'operation not supported error, dev sda, sector 0 op 0x9:(WRITE_ZEROES) flags 0x0 phys_seg 0 prio class 0'],
          [131, 'critical target error, dev sdb, sector 2048 op 0x3:(DISCARD) flags 0x800 phys_seg 1 prio class 0'],
          [88_000, 'blk_update_request: critical medium error, dev sdb, sector 123456 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 0'],
          [88_001, 'critical medium error, dev sdb, sector 123464 op 0x0:(READ) flags 0x700 phys_seg 1 prio class 2'],
        ]),
      },
      expect: {
        disks: [
          { name: 'sda', events: [{ kind: 'link-crc', count: 1, recent: 0, lastSecondsAgo: 89_880 }, { kind: 'link-reset' }] },
          { name: 'sdb', object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-B', events: [{ kind: 'medium-error', count: 2, recent: 2, lastSecondsAgo: 1_999 }] },
        ],
        complete: true,
      },
    },
    {
      name: 'an NVMe controller that fell off the bus and is no longer listed, and errors of a mapped device',
      given: {
        disks: { disks: [] },
        log: log([
          [5_000, 'nvme nvme1: controller is down; will reset: CSTS=0xffffffff, PCI_STATUS=0x10'],
          [5_001, 'nvme nvme1: Disabling device after reset failure: -19'],
          [5_001.5, 'nvme0n1: Read(0x2) @ LBA 123456, 8 blocks, Unrecovered Read Error (sct 0x2 / sc 0x81) DNR '],
          [5_002, 'I/O error, dev dm-3, sector 8 op 0x1:(WRITE) flags 0x800 phys_seg 1 prio class 2'],
        ]),
      },
      expect: { disks: [{ object: 'disk/nvme1', events: [{ kind: 'nvme-lost', recent: 1 }, { kind: 'offlined' }] }, { object: 'disk/nvme0n1', events: [{ kind: 'medium-error' }] }, { object: 'disk/dm-3', events: [{ kind: 'io-error' }] }] },
    },
  ],
});
