import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import links from './links.probe.ts';
import netDev, { type NetDev } from './net-dev.probe.ts';
import { counters, linkOf } from './network.samples.ts';

const directionSchema = z.object({
  bytesPerSecond: z.number(),
  packetsPerSecond: z.number(),
  errorsPerSecond: z.number(),
  droppedPerSecond: z.number(),
  /** Errors and drops as a share of all packets that came or should have gone. */
  errorPercent: z.number(),
  dropPercent: z.number(),
});
const interfaceSchema = z.object({
  name: z.string(),
  /** As in `links`; `unknown` where that could not be read. */
  kind: z.string(),
  receive: directionSchema,
  transmit: directionSchema,
});
export type InterfaceActivity = z.infer<typeof interfaceSchema>;
const schema = z.object({ interfaces: z.array(interfaceSchema), intervalSeconds: z.number() });

type Direction = Pick<NetDev['interfaces'][number]['receive'], 'bytes' | 'packets' | 'errors' | 'dropped'>;

function rates(before: Direction, after: Direction, seconds: number): z.infer<typeof directionSchema> | undefined {
  const grown = {
    bytes: after.bytes - before.bytes,
    packets: after.packets - before.packets,
    errors: after.errors - before.errors,
    dropped: after.dropped - before.dropped,
  };
  if (Object.values(grown).some((value) => value < 0)) return undefined;
  const all = grown.packets + grown.errors + grown.dropped;
  const percent = (count: number): number => (all > 0 ? (100 * count) / all : 0);
  return {
    bytesPerSecond: grown.bytes / seconds,
    packetsPerSecond: grown.packets / seconds,
    errorsPerSecond: grown.errors / seconds,
    droppedPerSecond: grown.dropped / seconds,
    errorPercent: percent(grown.errors),
    dropPercent: percent(grown.dropped),
  };
}

/** Rates of each interface over the sampling window. One whose counters went back (made anew in between) is left out. */
export default defineFact({
  id: 'network-activity',
  title: 'Traffic, errors and drops of each interface per second',
  needs: { traffic: netDev, stack: optional(links) },
  schema,
  derive: ({ traffic, stack }) => {
    const before = new Map(traffic.first.interfaces.map((one) => [one.name, one]));
    const kinds = new Map(stack?.links.map((link) => [link.name, link.kind]));
    const interfaces = traffic.second.interfaces.flatMap((now) => {
      const then = before.get(now.name);
      if (then === undefined) return [];
      const receive = rates(then.receive, now.receive, traffic.intervalSeconds);
      const transmit = rates(then.transmit, now.transmit, traffic.intervalSeconds);
      if (receive === undefined || transmit === undefined) return [];
      return [{ name: now.name, kind: kinds.get(now.name) ?? 'unknown', receive, transmit }];
    });
    return { interfaces, intervalSeconds: traffic.intervalSeconds };
  },
  examples: [
    {
      name: 'one NIC receives damaged packets, another interface was made anew',
      given: {
        traffic: {
          first: { interfaces: [counters('eno1', {}), counters('tap100i0', { packets: 500 })] },
          second: { interfaces: [counters('eno1', { bytes: 4_000_000, packets: 3960, errors: 40 }), counters('tap100i0', { packets: 3 })] },
          intervalSeconds: 4,
        },
        stack: { links: [linkOf('eno1', {})] },
      },
      expect: { interfaces: [{ name: 'eno1', kind: 'nic', receive: { bytesPerSecond: 1_000_000, errorsPerSecond: 10, errorPercent: 1, dropPercent: 0 } }] },
    },
    {
      name: 'kinds are not known',
      given: { traffic: { first: { interfaces: [counters('eth0', {})] }, second: { interfaces: [counters('eth0', {})] }, intervalSeconds: 4 } },
      expect: { interfaces: [{ kind: 'unknown', receive: { errorPercent: 0 } }] },
    },
  ],
});
