import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { absent } from '../../define/result.ts';
import thermalThrottle from './thermal-throttle.probe.ts';

type Cpu = { cpu: number; coreEvents: number; packageEvents: number; coreMs?: number | undefined; packageMs?: number | undefined };

/** Two readings five seconds apart of one processor that counted this much between them. */
function throttled(more: Partial<Cpu>) {
  const first = { cpu: 0, coreEvents: 7, packageEvents: 90, coreMs: 100, packageMs: 4_000 };
  const second = {
    cpu: 0,
    coreEvents: first.coreEvents + (more.coreEvents ?? 0),
    packageEvents: first.packageEvents + (more.packageEvents ?? 0),
    coreMs: first.coreMs + (more.coreMs ?? 0),
    packageMs: first.packageMs + (more.packageMs ?? 0),
  };
  return { first: { cpus: [first] }, second: { cpus: [second] }, intervalSeconds: 5 };
}

/** Thermal throttling within the sampling window. The highest of all processors, for a package counts on each of its processors. */
export default defineFact({
  id: 'throttling',
  title: 'Thermal throttling within the sampling window',
  needs: { throttle: thermalThrottle },
  schema: z.object({
    eventsPerSecond: z.number(),
    /** Share of the time that a processor or package was slowed for its temperature; missing on kernels that do not count it. */
    throttledPercent: z.number().optional(),
    eventsSinceBoot: z.number(),
  }),
  derive: ({ throttle: { first, second, intervalSeconds } }) => {
    const before = new Map(first.cpus.map((cpu) => [cpu.cpu, cpu]));
    const pairs = second.cpus.flatMap((cpu): [Cpu, Cpu][] => {
      const earlier = before.get(cpu.cpu);
      return earlier === undefined ? [] : [[earlier, cpu]];
    });
    const most = (of: (earlier: Cpu, later: Cpu) => number): number => pairs.reduce((highest, [earlier, later]) => Math.max(highest, of(earlier, later)), 0);
    if (pairs.length === 0) return absent('no processor counts thermal throttling');
    const counted = pairs.some(([, cpu]) => cpu.coreMs !== undefined || cpu.packageMs !== undefined);
    const milliseconds = most((a, b) => Math.max((b.coreMs ?? 0) - (a.coreMs ?? 0), (b.packageMs ?? 0) - (a.packageMs ?? 0)));
    return {
      eventsPerSecond: most((a, b) => Math.max(b.coreEvents - a.coreEvents, b.packageEvents - a.packageEvents)) / intervalSeconds,
      throttledPercent: counted ? Math.min(100, milliseconds / intervalSeconds / 10) : undefined,
      eventsSinceBoot: most((_, cpu) => Math.max(cpu.coreEvents, cpu.packageEvents)),
    };
  },
  examples: [
    { name: 'a package that is slowed for two of five seconds', given: { throttle: throttled({ packageEvents: 20, packageMs: 2_000 }) }, expect: { eventsPerSecond: 4, throttledPercent: 40, eventsSinceBoot: 110 } },
    { name: 'nothing now, something long ago', given: { throttle: throttled({}) }, expect: { eventsPerSecond: 0, throttledPercent: 0, eventsSinceBoot: 90 } },
    { name: 'processors that do not count', given: { throttle: absent('not counted') }, expect: absent('not counted') },
  ],
});
