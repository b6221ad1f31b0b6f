import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, numberIn, words } from '../../lib/host-text.ts';

const schema = z.object({
  /** Mean number of tasks that run, wait for a processor or sleep uninterruptibly, over 1, 5 and 15 minutes (proc(5)). */
  oneMinute: z.number(),
  fiveMinutes: z.number(),
  fifteenMinutes: z.number(),
  runnable: z.number().int(),
  tasks: z.number().int(),
});

/** /proc/loadavg. */
export default defineProbe({
  id: 'load-average',
  title: 'Load average',
  subject: 'cpu',
  stage: 'early',
  maxBytes: 1_024,
  sh: `read -r line < /proc/loadavg; printf '%s\\n' "$line"`,
  schema,
  parse: (stdout) => {
    const [one, five, fifteen, counts] = words(stdout.split('\n')[0] ?? '');
    const [runnable, tasks] = (counts ?? '').split('/');
    const [oneMinute, fiveMinutes, fifteenMinutes] = [one, five, fifteen].map(numberIn);
    const [running, all] = [countIn(runnable), countIn(tasks)];
    if (oneMinute === undefined || fiveMinutes === undefined || fifteenMinutes === undefined || running === undefined || all === undefined) {
      return unparsable('not three averages and a pair of counts');
    }
    return { oneMinute, fiveMinutes, fifteenMinutes, runnable: running, tasks: all };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, Linux 6.18',
      stdout: '2.70 2.27 1.56 5/118 31557\n',
      expect: { oneMinute: 2.7, fiveMinutes: 2.27, fifteenMinutes: 1.56, runnable: 5, tasks: 118 },
    },
    { from: 'documented', where: 'a cut answer', stdout: '2.70 2.27\n', expect: 'unparsable' },
  ],
});
