import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { dumpedFiles, words } from '../../lib/host-text.ts';

const folder = '/sys/devices/system/clocksource/clocksource0';

/** Where the kernel reads the time from. */
export default defineProbe({
  id: 'clocksource',
  title: 'Clock that the kernel reads the time from',
  subject: 'cpu',
  stage: 'early',
  maxBytes: 4_096,
  sh: `[ -d ${folder} ] || absent 'this kernel does not name its clock'
dump ${folder}/current_clocksource ${folder}/available_clocksource`,
  schema: z.object({ current: z.string(), available: z.array(z.string()) }),
  parse: (stdout) => {
    const files = dumpedFiles(stdout);
    const current = words((files.get(`${folder}/current_clocksource`) ?? '').replaceAll('\n', ' '))[0];
    if (current === undefined) return unparsable('no current clock');
    return { current, available: words((files.get(`${folder}/available_clocksource`) ?? '').replaceAll('\n', ' ')) };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12 as a guest, Linux 6.18',
      stdout: `==> ${folder}/current_clocksource <==\ntsc\n==> ${folder}/available_clocksource <==\ntsc kvm-clock \n`,
      expect: { current: 'tsc', available: ['tsc', 'kvm-clock'] },
    },
    {
      from: 'documented',
      where: 'kernel/time/clocksource.c, after tsc was found unstable',
      stdout: `==> ${folder}/current_clocksource <==\nhpet\n==> ${folder}/available_clocksource <==\nhpet acpi_pm \n`,
      expect: { current: 'hpet', available: ['hpet', 'acpi_pm'] },
    },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
