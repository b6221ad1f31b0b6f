import { z } from 'zod';
import { defineCounterProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';

/** One line of /proc/diskstats (kernel document admin-guide/iostats). A sector is 512 bytes whatever the disk says. */
export const diskCountersSchema = z.object({
  name: z.string(),
  major: z.number(),
  minor: z.number(),
  reads: z.number(),
  readsMerged: z.number(),
  readSectors: z.number(),
  readMilliseconds: z.number(),
  writes: z.number(),
  writesMerged: z.number(),
  writeSectors: z.number(),
  writeMilliseconds: z.number(),
  inFlight: z.number(),
  ioMilliseconds: z.number(),
  weightedMilliseconds: z.number(),
  /** Since Linux 4.18. */
  discards: z.number().optional(),
  discardSectors: z.number().optional(),
  discardMilliseconds: z.number().optional(),
  /** Since Linux 5.5, for whole disks only. */
  flushes: z.number().optional(),
  flushMilliseconds: z.number().optional(),
});
export type DiskCounters = z.infer<typeof diskCountersSchema>;

/** More devices than this are not taken in; physical disks come first in the kernel's list. */
const maxDevices = 4096;
const plainNumber = /^\d{1,20}$/;

export function parseDiskStatsLine(line: string): DiskCounters | undefined {
  const words = line.trim().split(/\s+/, 24);
  const name = words[2];
  if (name === undefined || words.length < 14) return undefined;
  const numbers = words.filter((_, index) => index !== 2);
  if (!numbers.every((word) => plainNumber.test(word))) return undefined;
  const at = (field: number): number => Number(numbers[field]);
  const later = (field: number): number | undefined => (field < numbers.length ? at(field) : undefined);
  return {
    name,
    major: at(0),
    minor: at(1),
    reads: at(2),
    readsMerged: at(3),
    readSectors: at(4),
    readMilliseconds: at(5),
    writes: at(6),
    writesMerged: at(7),
    writeSectors: at(8),
    writeMilliseconds: at(9),
    inFlight: at(10),
    ioMilliseconds: at(11),
    weightedMilliseconds: at(12),
    ...(later(13) !== undefined && { discards: later(13), discardSectors: later(15), discardMilliseconds: later(16) }),
    ...(later(17) !== undefined && { flushes: later(17), flushMilliseconds: later(18) }),
  };
}

export default defineCounterProbe({
  id: 'disk-stats',
  title: 'Counters of every block device',
  subject: 'disk',
  maxBytes: 524_288,
  sh: `[ -r /proc/diskstats ] || absent 'this kernel has no /proc/diskstats'
while read -r major minor name rest; do
  case $name in
    loop*|ram*|fd*|sr*|zd*p*) ;;
    zd*|nbd*) case $rest in '0 0 0 0 0 0 0 0 0 '*) ;; *) echo "$major $minor $name $rest" ;; esac ;;
    *) echo "$major $minor $name $rest" ;;
  esac
done </proc/diskstats`,
  schema: z.object({ devices: z.array(diskCountersSchema) }),
  parse: (stdout) => {
    const devices: DiskCounters[] = [];
    let lines = 0;
    for (const line of stdout.split('\n')) {
      if (line.trim() === '') continue;
      lines += 1;
      const device = parseDiskStatsLine(line);
      if (device !== undefined && devices.length < maxDevices) devices.push(device);
    }
    return lines > 0 && devices.length === 0 ? unparsable('no line has the fields of /proc/diskstats') : { devices };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, kernel 6.1: virtio disks and an NVMe disk',
      stdout: `254 0 vda 1366 717 123714 5152 309 62 7928 1307 0 5664 6482 0 0 0 0 8 22
254 16 vdb 486 0 23373 509 847 0 45827 1805 0 1476 2324 0 0 0 0 24 9
254 17 vdb1 123 0 10160 110 838 0 45760 1802 0 1124 1913 0 0 0 0 0 0
259 0 nvme0n1 51 0 2112 200 0 0 0 0 0 184 200 0 0 0 0 0 0
`,
      expect: {
        devices: [
          { name: 'vda', reads: 1366, readSectors: 123714, readMilliseconds: 5152, writes: 309, writeMilliseconds: 1307, inFlight: 0, ioMilliseconds: 5664, weightedMilliseconds: 6482, flushes: 8, flushMilliseconds: 22 },
          { name: 'vdb', flushes: 24, flushMilliseconds: 9 },
          { name: 'vdb1', writes: 838 },
          { name: 'nvme0n1', discards: 0 },
        ],
      },
    },
    {
      from: 'recorded',
      where: 'Debian 12, kernel 6.18: a virtio disk and compressed RAM as swap',
      stdout: `254 0 vda 58651 8132 3433914 49283 128422 65839 17686496 100530 0 38096 156162 21137 46 4210960 4704 18043 1644
253 0 zram0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
`,
      expect: { devices: [{ name: 'vda', discards: 21137, discardSectors: 4210960, discardMilliseconds: 4704, flushes: 18043, flushMilliseconds: 1644 }, { name: 'zram0' }] },
    },
    {
      from: 'documented',
      where: 'Linux admin-guide/iostats: 15 fields between 4.18 and 5.4 (no flushes)',
      stdout: '8 0 sda 17 1 34 5 6 7 8 9 1 10 11 2 3 4 5\n',
      expect: { devices: [{ name: 'sda', inFlight: 1, ioMilliseconds: 10, discards: 2, discardSectors: 4, discardMilliseconds: 5 }] },
    },
    {
      from: 'documented',
      where: 'Linux admin-guide/iostats: 11 fields before 4.18',
      stdout: '   8       0 sda 446216 784926 9550688 4382310 424847 312726 5922052 19310380 0 3376340 23705160\n',
      expect: { devices: [{ name: 'sda', weightedMilliseconds: 23705160 }] },
    },
    { from: 'documented', where: 'a container without block devices', stdout: '', expect: { devices: [] } },
    { from: 'documented', where: 'a text that is something else', stdout: '<html>not here</html>\n', expect: 'unparsable' },
  ],
});
