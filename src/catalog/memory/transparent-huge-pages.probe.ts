import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { dumpedFiles } from '../../lib/host-text.ts';
import { chosenWord, firstLineOf } from './sysfs-text.ts';

const folder = '/sys/kernel/mm/transparent_hugepage';

export default defineProbe({
  id: 'transparent-huge-pages',
  title: 'Use of transparent huge pages',
  subject: 'memory',
  stage: 'early',
  maxBytes: 4_096,
  sh: `[ -d ${folder} ] || absent 'this kernel has no transparent huge pages'
dump ${folder}/enabled ${folder}/defrag`,
  schema: z.object({
    enabled: z.enum(['always', 'madvise', 'never']),
    /** Whether a program that needs a huge page waits for memory to be compacted. */
    defrag: z.enum(['always', 'defer', 'defer+madvise', 'madvise', 'never']).optional(),
  }),
  parse: (stdout) => {
    const files = dumpedFiles(stdout);
    const enabled = chosenWord(firstLineOf(files, `${folder}/enabled`));
    const defrag = chosenWord(firstLineOf(files, `${folder}/defrag`));
    if (enabled !== 'always' && enabled !== 'madvise' && enabled !== 'never') return unparsable('no choice is in brackets');
    const known = (['always', 'defer', 'defer+madvise', 'madvise', 'never'] as const).find((word) => word === defrag);
    return { enabled, ...(known !== undefined && { defrag: known }) };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, kernel 6.1 and Debian 13, kernel 6.12',
      stdout: `==> /sys/kernel/mm/transparent_hugepage/enabled <==
[always] madvise never
==> /sys/kernel/mm/transparent_hugepage/defrag <==
always defer defer+madvise [madvise] never
`,
      expect: { enabled: 'always', defrag: 'madvise' },
    },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
