import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { countIn, numberIn, words } from '../../lib/host-text.ts';

/** Farther away, lost packets may be anybody's. */
const nearMs = 5;
const fewestSegments = 20;
/** Who does not answer at all any more is gone, and no sign of a bad network: the wait was doubled this often. */
const goneAfterDoublings = 4;

const schema = z.object({
  /** Since each connection was made. Addresses are not read. */
  connections: z.array(z.object({ leastRoundTripMs: z.number(), segments: z.number(), repeated: z.number() })),
});
export type NearConnections = z.infer<typeof schema>;

/**
 * What TCP had to send again on connections to machines that are near by their least round-trip time, other than this one: ss(8), option -i. Between neighbours
 * in one network hardly anything is lost.
 */
export default defineProbe({
  id: 'near-connections',
  title: 'Repeated segments on connections to machines near by',
  subject: 'network',
  maxBytes: 32_768,
  sh: `need ss
need awk
ss -tinH state established 2>/dev/null | awk '
/^[^ \\t]/ { own = ($4 ~ /^(127\\.|\\[::1\\]|\\[::ffff:127\\.)/); next }
own || n >= 400 { next }
{
  least = -1; segments = 0; repeated = 0; doubled = 0
  for (i = 1; i <= NF; i++) {
    if ($i ~ /^minrtt:/) least = substr($i, 8) + 0
    else if ($i ~ /^data_segs_out:/) segments = substr($i, 15) + 0
    else if ($i ~ /^retrans:/) { split(substr($i, 9), part, "/"); repeated = part[2] + 0 }
    else if ($i ~ /^backoff:/) doubled = substr($i, 9) + 0
  }
  if (doubled < ${goneAfterDoublings} && least >= 0 && least < ${nearMs} && segments >= ${fewestSegments}) { n++; print "near", least, segments, repeated }
}
END { print "end" }'`,
  schema,
  parse: (stdout) => ({
    connections: stdout.split('\n', 1_000).flatMap((line) => {
      const [kind, least, segments, repeated] = words(line);
      const [leastRoundTripMs, sent, again] = [numberIn(least), countIn(segments), countIn(repeated)];
      return kind === 'near' && leastRoundTripMs !== undefined && leastRoundTripMs >= 0 && sent !== undefined && again !== undefined ? [{ leastRoundTripMs, segments: sent, repeated: again }] : [];
    }),
  }),
  examples: [
    {
      from: 'documented',
      where: 'ss(8) of iproute2 6.1: a copy to a neighbour of which much is lost, and a quiet session',
      stdout: 'near 0.123 18500 760\nnear 0.4 950 0\nend\n',
      expect: { connections: [{ leastRoundTripMs: 0.123, segments: 18_500, repeated: 760 }, { leastRoundTripMs: 0.4, repeated: 0 }] },
    },
    { from: 'documented', where: 'nobody near', stdout: 'end\n', expect: { connections: [] } },
  ],
});
