import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { dumpedFiles } from '../../lib/host-text.ts';
import { countOf, linesOf } from './sysfs-text.ts';

const schema = z.object({
  zones: z.array(
    z.object({
      node: z.number(),
      /** `DMA`, `DMA32`, `Normal`, … */
      zone: z.string(),
      /** Free blocks of 2^n contiguous pages, n being the index. */
      freeBlocks: z.array(z.number()),
    }),
  ),
  /** vm.min_free_kbytes. */
  minFreeBytes: z.number().optional(),
});

const line = /^Node (\d{1,5}), zone {1,16}([A-Za-z0-9]{1,16}) {1,16}([\d ]{1,400})$/;

export default defineProbe({
  id: 'buddy-info',
  title: 'Contiguous free memory',
  subject: 'memory',
  stage: 'early',
  maxBytes: 65_536,
  sh: `[ -r /proc/buddyinfo ] || absent 'this kernel does not list its free blocks'
dump /proc/buddyinfo /proc/sys/vm/min_free_kbytes`,
  schema,
  parse: (stdout) => {
    const files = dumpedFiles(stdout);
    const zones = linesOf(files, '/proc/buddyinfo').slice(0, 512).flatMap((text) => {
      const [, node, zone, blocks] = line.exec(text.trimEnd()) ?? [];
      if (node === undefined || zone === undefined || blocks === undefined) return [];
      return [{ node: Number(node), zone, freeBlocks: blocks.trim().split(/ +/).map(Number) }];
    });
    if (zones.length === 0) return unparsable('no line describes a memory zone');
    const minFree = countOf(files, '/proc/sys/vm/min_free_kbytes');
    return { zones, ...(minFree !== undefined && { minFreeBytes: minFree * 1024 }) };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, kernel 6.1',
      stdout: `==> /proc/buddyinfo <==
Node 0, zone      DMA      0      0      0      0      0      0      1      1      0      1      3 
Node 0, zone    DMA32      2      1      0      2      1      1      1      3      3      1    306 
==> /proc/sys/vm/min_free_kbytes <==
45056
`,
      expect: { zones: [{ node: 0, zone: 'DMA' }, { zone: 'DMA32', freeBlocks: [2, 1, 0, 2, 1, 1, 1, 3, 3, 1, 306] }], minFreeBytes: 46_137_344 },
    },
    {
      from: 'recorded',
      where: 'Debian 13, kernel 6.12',
      stdout: `==> /proc/buddyinfo <==
Node 0, zone      DMA      0      0      0      0      0      0      1      1      0      1      3 
Node 0, zone    DMA32     29     45     55     24     12      8      3      4      3      4    320 
==> /proc/sys/vm/min_free_kbytes <==
45056
`,
      expect: { zones: [{ zone: 'DMA' }, { zone: 'DMA32', freeBlocks: [29, 45, 55, 24, 12, 8, 3, 4, 3, 4, 320] }] },
    },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
