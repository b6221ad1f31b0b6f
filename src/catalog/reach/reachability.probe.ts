import { defineProbe } from '../../define/probe.ts';
import { reachabilitySchema } from '../../define/reachability.ts';
import { unparsable } from '../../define/result.ts';
import { answered, seenFromOutside } from './outside.samples.ts';

/** The look from outside, made by the asking machine when ssh got no answers. Nothing runs on the host for it. */
export default defineProbe({
  id: 'reachability',
  title: 'What the asking machine sees of the host',
  subject: 'reach',
  vantage: 'client',
  sh: '',
  schema: reachabilitySchema,
  parse: (stdout) => {
    try {
      const parsed = reachabilitySchema.safeParse(JSON.parse(stdout));
      return parsed.success ? parsed.data : unparsable('not the record of a look from outside');
    } catch {
      return unparsable('not JSON');
    }
  },
  examples: [
    {
      from: 'documented',
      where: 'src/define/reachability.ts: a host that is switched off',
      stdout: JSON.stringify(seenFromOutside({})),
      expect: { hostname: 'pve1', ping: { outcome: 'no-answer' }, ports: { ssh: { port: 22, outcome: 'timed-out' } } },
    },
    {
      from: 'documented',
      where: 'src/define/reachability.ts: ssh hangs on a host that answers ping',
      stdout: JSON.stringify(seenFromOutside({ ping: answered, sshBanner: '' })),
      expect: { ping: { outcome: 'answered', received: 3 }, sshBanner: '' },
    },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
    { from: 'documented', where: 'JSON of something else', stdout: '{"destination":1}', expect: 'unparsable' },
  ],
});
