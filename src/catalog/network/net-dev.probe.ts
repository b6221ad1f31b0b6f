import { z } from 'zod';
import { defineCounterProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, words } from '../../lib/host-text.ts';

const directionSchema = z.object({
  bytes: z.number(),
  packets: z.number(),
  errors: z.number(),
  /** Also packets that nobody wanted: harmless by itself. */
  dropped: z.number(),
  /** Lost because a ring buffer was full. */
  fifo: z.number(),
});
const schema = z.object({
  interfaces: z.array(
    z.object({
      name: z.string(),
      receive: directionSchema.extend({
        /** Damaged on the wire: bad length, checksum or alignment. */
        frame: z.number(),
      }),
      transmit: directionSchema.extend({ collisions: z.number(), carrier: z.number() }),
    }),
  ),
});
export type NetDev = z.infer<typeof schema>;

/** `name: ` and sixteen counters: dev_seq_printf_stats() of the kernel, net/core/net-procfs.c. */
function parseLine(line: string): NetDev['interfaces'][number] | undefined {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(0, colon)).trim();
  const counters = words(line.slice(colon + 1)).map(countIn);
  if (colon < 0 || name === '' || counters.length < 16 || counters.includes(undefined)) return undefined;
  const at = (index: number): number => counters[index] ?? 0;
  return {
    name,
    receive: { bytes: at(0), packets: at(1), errors: at(2), dropped: at(3), fifo: at(4), frame: at(5) },
    transmit: { bytes: at(8), packets: at(9), errors: at(10), dropped: at(11), fifo: at(12), collisions: at(13), carrier: at(14) },
  };
}

export default defineCounterProbe({
  id: 'net-dev',
  title: 'Traffic, errors and drops of each network interface',
  subject: 'network',
  sh: 'dump /proc/net/dev',
  schema,
  parse: (stdout) => {
    const interfaces = stdout.split('\n').flatMap((line) => parseLine(line) ?? []);
    return interfaces.length === 0 ? unparsable('no interface in /proc/net/dev') : { interfaces };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, kernel 6.18',
      stdout: `==> /proc/net/dev <==
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    7299      97    0    0    0     0          0         0     7299      97    0    0    0     0       0          0
  eth0: 1109360022   23968    0    0    0     0          0         0  1043817   10421    0    0    0     0       0          0
`,
      expect: { interfaces: [{ name: 'lo' }, { name: 'eth0', receive: { bytes: 1109360022 }, transmit: { packets: 10421 } }] },
    },
    {
      from: 'documented',
      where: 'proc(5): a counter that leaves no space after the colon, with errors',
      stdout: 'eno1:99999999999 5000 17 40 3 14 0 2 1 2 3 4 5 6 7 0\n',
      expect: { interfaces: [{ receive: { errors: 17, dropped: 40, fifo: 3, frame: 14 }, transmit: { collisions: 6, carrier: 7 } }] },
    },
    { from: 'documented', where: 'not this file', stdout: 'a: 1 2 3\n', expect: 'unparsable' },
  ],
});
