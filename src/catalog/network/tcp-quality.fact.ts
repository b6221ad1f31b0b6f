import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { unparsable } from '../../define/result.ts';
import netStats from './net-stats.probe.ts';
import { statsOf } from './network.samples.ts';

const schema = z.object({
  /** Within the window. */
  segmentsSent: z.number(),
  segmentsRetransmitted: z.number(),
  /** Left out where too few segments were sent to tell a share. */
  retransmittedPercent: z.number().optional(),
  timeoutsPerSecond: z.number(),
  /** Packets that a CPU's backlog had no room for. */
  softnetDroppedPerSecond: z.number(),
  /** Connections that a full accept queue turned away. */
  listenDropsPerSecond: z.number(),
  /** Datagrams that a full receive buffer lost. */
  udpReceiveErrorsPerSecond: z.number(),
});
export type TcpQuality = z.infer<typeof schema>;

/** Fewer segments than this say nothing about a share of some percent. */
const enoughSegments = 200;

/** How well TCP gets through: RetransSegs and OutSegs of RFC 4022 over the sampling window. OutSegs does not count the repeated ones. */
export default defineFact({
  id: 'tcp-quality',
  title: 'Repeated TCP segments and lost packets per second',
  needs: { stats: netStats },
  schema,
  derive: ({ stats: { first, second, intervalSeconds } }) => {
    const grown = (of: (stats: typeof first) => number): number => of(second) - of(first);
    const sent = grown(({ tcp }) => tcp.segmentsOut);
    const again = grown(({ tcp }) => tcp.segmentsRetransmitted);
    if (sent < 0 || again < 0) return unparsable('the TCP counters went back');
    const perSecond = (of: (stats: typeof first) => number): number => Math.max(0, grown(of)) / intervalSeconds;
    return {
      segmentsSent: sent,
      segmentsRetransmitted: again,
      ...(sent >= enoughSegments ? { retransmittedPercent: Math.round((10_000 * again) / (sent + again)) / 100 } : {}),
      timeoutsPerSecond: perSecond(({ tcp }) => tcp.timeouts),
      softnetDroppedPerSecond: perSecond(({ softnet }) => softnet.dropped),
      listenDropsPerSecond: perSecond(({ tcp }) => tcp.listenDrops),
      udpReceiveErrorsPerSecond: perSecond(({ udp }) => udp.receiveBufferErrors),
    };
  },
  examples: [
    {
      name: 'one segment in twenty is sent again',
      given: { stats: { first: statsOf({}), second: statsOf({ tcp: { segmentsOut: 950, segmentsRetransmitted: 50, timeouts: 8 } }), intervalSeconds: 4 } },
      expect: { segmentsSent: 950, retransmittedPercent: 5, timeoutsPerSecond: 2 },
    },
    {
      name: 'an idle host: too few segments for a share',
      given: { stats: { first: statsOf({}), second: statsOf({ tcp: { segmentsOut: 40, segmentsRetransmitted: 4 } }), intervalSeconds: 4 } },
      expect: { segmentsSent: 40, segmentsRetransmitted: 4 },
    },
    {
      name: 'counters that went back',
      given: { stats: { first: statsOf({ tcp: { segmentsOut: 9 } }), second: statsOf({}), intervalSeconds: 4 } },
      expect: 'unparsable',
    },
  ],
});
