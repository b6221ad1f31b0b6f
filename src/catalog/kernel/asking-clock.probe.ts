import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { keyAndValue, numberIn } from '../../lib/host-text.ts';

/**
 * The clock of the machine that asks, at the moment when the host began its answer about its own clock. Written by src/collect/run.ts where the host
 * is asked over ssh; the way through the network and the host's other work make it late by seconds at most.
 */
export default defineProbe({
  id: 'asking-clock',
  title: 'The clock of the asking machine',
  subject: 'kernel',
  vantage: 'client',
  sh: '',
  schema: z.object({
    /** Seconds since 1970. */
    nowSeconds: z.number().nonnegative(),
  }),
  parse: (stdout) => {
    const [key, value] = keyAndValue(stdout.split('\n', 1)[0] ?? '', '=') ?? ['', ''];
    const nowSeconds = numberIn(value);
    return key !== 'now' || nowSeconds === undefined || nowSeconds < 0 ? unparsable('no time in the answer') : { nowSeconds };
  },
  examples: [
    { from: 'documented', where: 'src/collect/run.ts', stdout: 'now=1795400100.412\n', expect: { nowSeconds: 1_795_400_100.412 } },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
    { from: 'documented', where: 'something else', stdout: 'now=soon\n', expect: 'unparsable' },
  ],
});
