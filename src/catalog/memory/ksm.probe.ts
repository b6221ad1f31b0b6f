import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { dumpedFiles } from '../../lib/host-text.ts';
import { countOf } from './sysfs-text.ts';

const folder = '/sys/kernel/mm/ksm';
const count = z.number().nonnegative();

/** Kernel same-page merging: the kernel document admin-guide/mm/ksm. */
const schema = z.object({
  running: z.boolean(),
  pagesShared: count,
  /** Pages saved by sharing. */
  pagesSharing: count,
  pagesUnshared: count,
  pagesToScan: count.optional(),
  sleepMs: count.optional(),
  fullScans: count.optional(),
  mergeAcrossNodes: z.boolean().optional(),
});

export default defineProbe({
  id: 'ksm',
  title: 'Merging of equal memory pages',
  subject: 'memory',
  stage: 'early',
  maxBytes: 8_192,
  sh: `[ -d ${folder} ] || absent 'this kernel does not merge equal pages (KSM)'
cd ${folder} && dump run pages_shared pages_sharing pages_unshared pages_to_scan sleep_millisecs full_scans merge_across_nodes`,
  schema,
  parse: (stdout) => {
    const files = dumpedFiles(stdout);
    const number = (name: string): number | undefined => countOf(files, name);
    const run = number('run');
    const pagesShared = number('pages_shared');
    const pagesSharing = number('pages_sharing');
    const pagesUnshared = number('pages_unshared');
    if (run === undefined || pagesShared === undefined || pagesSharing === undefined || pagesUnshared === undefined) {
      return unparsable('the counters of KSM are not numbers');
    }
    const pagesToScan = number('pages_to_scan');
    const sleepMs = number('sleep_millisecs');
    const fullScans = number('full_scans');
    const mergeAcrossNodes = number('merge_across_nodes');
    return {
      running: run === 1,
      pagesShared,
      pagesSharing,
      pagesUnshared,
      ...(pagesToScan !== undefined && { pagesToScan }),
      ...(sleepMs !== undefined && { sleepMs }),
      ...(fullScans !== undefined && { fullScans }),
      ...(mergeAcrossNodes !== undefined && { mergeAcrossNodes: mergeAcrossNodes === 1 }),
    };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 13, kernel 6.12',
      stdout: `==> run <==
0
==> pages_shared <==
0
==> pages_sharing <==
0
==> pages_unshared <==
0
==> pages_to_scan <==
100
==> sleep_millisecs <==
20
==> full_scans <==
0
==> merge_across_nodes <==
1
`,
      expect: { running: false, pagesShared: 0, pagesToScan: 100, sleepMs: 20, mergeAcrossNodes: true },
    },
    {
      from: 'documented',
      where: 'kernel document admin-guide/mm/ksm: merging is at work on a host with many equal guests',
      stdout:
        '==> run <==\n1\n==> pages_shared <==\n41233\n==> pages_sharing <==\n982113\n==> pages_unshared <==\n402231\n==> pages_to_scan <==\n1250\n==> sleep_millisecs <==\n10\n==> full_scans <==\n217\n==> merge_across_nodes <==\n1\n',
      expect: { running: true, pagesShared: 41_233, pagesSharing: 982_113, pagesToScan: 1250, sleepMs: 10, fullScans: 217 },
    },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
