import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';

/** What the user allowed by name on the command line. Nothing runs on the host for it. */
export default defineProbe({
  id: 'chosen-guest',
  title: 'Guest that the user allows to be frozen',
  subject: 'guests',
  vantage: 'client',
  sh: '',
  schema: z.object({
    /** Number of the guest on Proxmox VE. */
    freeze: z.string(),
  }),
  parse: (stdout) => {
    const freeze = /^freeze ([1-9]\d{0,8})\n?$/.exec(stdout.slice(0, 100))?.[1];
    return freeze === undefined ? unparsable('not the number of a guest') : { freeze };
  },
  examples: [
    { from: 'documented', where: 'culprit try freeze-one-guest --freeze 100', stdout: 'freeze 100\n', expect: { freeze: '100' } },
    { from: 'documented', where: 'something else', stdout: 'freeze 100; reboot\n', expect: 'unparsable' },
  ],
});
