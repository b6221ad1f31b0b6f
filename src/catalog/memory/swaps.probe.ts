import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, dumpedFiles, numberIn, words } from '../../lib/host-text.ts';
import { countOf, firstLineOf, linesOf } from './sysfs-text.ts';

const schema = z.object({
  /** Active swap areas; empty when there is none. */
  swaps: z.array(
    z.object({
      /** Path of the device or file, with blanks as `\\040`. */
      path: z.string(),
      kind: z.enum(['partition', 'file', 'zvol', 'zram']),
      sizeBytes: z.number(),
      usedBytes: z.number(),
      priority: z.number(),
    }),
  ),
  /** vm.swappiness. */
  swappiness: z.number().optional(),
  /** Compressed in memory before it goes to the swap area. */
  zswapEnabled: z.boolean().optional(),
});

const zvol = /^\/dev\/(zd\d{1,9}(p\d{1,3})?$|zvol\/)/;

function kindOf(path: string, type: string): 'partition' | 'file' | 'zvol' | 'zram' {
  if (zvol.test(path)) return 'zvol';
  if (path.startsWith('/dev/zram')) return 'zram';
  return type === 'file' ? 'file' : 'partition';
}

export default defineProbe({
  id: 'swaps',
  title: 'Swap areas',
  subject: 'memory',
  stage: 'early',
  maxBytes: 32_768,
  sh: `[ -r /proc/swaps ] || absent 'this kernel is built without swap'
dump /proc/swaps /proc/sys/vm/swappiness /sys/module/zswap/parameters/enabled`,
  schema,
  parse: (stdout) => {
    const files = dumpedFiles(stdout);
    const table = linesOf(files, '/proc/swaps');
    if (!table[0]?.startsWith('Filename')) return unparsable('no table of swap areas');
    const swaps = table.slice(1, 65).flatMap((line) => {
      const [path, type, size, used, priority] = words(line);
      const [sizeKib, usedKib] = [countIn(size), countIn(used)];
      if (path === undefined || type === undefined || sizeKib === undefined || usedKib === undefined) return [];
      return [
        {
          path,
          kind: kindOf(path, type),
          sizeBytes: sizeKib * 1024,
          usedBytes: usedKib * 1024,
          priority: numberIn(priority) ?? 0,
        },
      ];
    });
    const swappiness = countOf(files, '/proc/sys/vm/swappiness');
    const zswap = firstLineOf(files, '/sys/module/zswap/parameters/enabled');
    return {
      swaps,
      ...(swappiness !== undefined && { swappiness }),
      ...(zswap !== undefined && { zswapEnabled: zswap === 'Y' }),
    };
  },
  examples: [
    {
      from: 'documented',
      where: 'proc_swaps(5): a partition, and a zvol as Proxmox VE guides up to version 5 made it',
      stdout: `==> /proc/swaps <==
Filename				Type		Size		Used		Priority
/dev/dm-1                               partition	8388604		524288		-2
/dev/zd0                                partition	4194300		0		-3
==> /proc/sys/vm/swappiness <==
60
==> /sys/module/zswap/parameters/enabled <==
N
`,
      expect: {
        swaps: [
          { path: '/dev/dm-1', kind: 'partition', sizeBytes: 8_589_930_496, usedBytes: 536_870_912, priority: -2 },
          { path: '/dev/zd0', kind: 'zvol', sizeBytes: 4_294_963_200, usedBytes: 0, priority: -3 },
        ],
        swappiness: 60,
        zswapEnabled: false,
      },
    },
    {
      from: 'recorded',
      where: 'Debian 12, kernel 6.1, no swap',
      stdout: `==> /proc/swaps <==
Filename				Type		Size		Used		Priority
==> /proc/sys/vm/swappiness <==
60
==> /sys/module/zswap/parameters/enabled <==
N
`,
      expect: { swaps: [], swappiness: 60 },
    },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
