import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { absent } from '../../define/result.ts';
import pressure, { type ResourcePressure } from './pressure.probe.ts';
import { calmResource, pressureAfter } from './pressure.samples.ts';

const stallSchema = z.object({
  /** Share of the sampling window in which at least one task, or all tasks with work to do, were stalled. */
  somePercent: z.number().min(0).max(100),
  fullPercent: z.number().min(0).max(100),
  /** The kernel's own means over 10, 60 and 300 seconds, in percent. */
  someAvg10: z.number(),
  someAvg60: z.number(),
  someAvg300: z.number(),
  fullAvg60: z.number(),
});
/** How much one resource held up its users. */
export type Stall = z.infer<typeof stallSchema>;

function stall(first: ResourcePressure, second: ResourcePressure, intervalSeconds: number): Stall {
  const share = (before: number | undefined, after: number | undefined): number =>
    Math.min(100, Math.max(0, ((after ?? 0) - (before ?? 0)) / (intervalSeconds * 10_000)));
  return {
    somePercent: share(first.some.totalMicroseconds, second.some.totalMicroseconds),
    fullPercent: share(first.full?.totalMicroseconds, second.full?.totalMicroseconds),
    someAvg10: second.some.avg10,
    someAvg60: second.some.avg60,
    someAvg300: second.some.avg300,
    fullAvg60: second.full?.avg60 ?? 0,
  };
}

/** Time stalled within the sampling window, from the counters of pressure stall information. */
export default defineFact({
  id: 'pressure-now',
  title: 'Time stalled for CPU, I/O and memory within the sampling window',
  needs: { pressure },
  schema: z.object({ cpu: stallSchema, io: stallSchema, memory: stallSchema }),
  derive: ({ pressure: { first, second, intervalSeconds } }) => ({
    cpu: stall(first.cpu, second.cpu, intervalSeconds),
    io: stall(first.io, second.io, intervalSeconds),
    memory: stall(first.memory, second.memory, intervalSeconds),
  }),
  examples: [
    {
      name: 'two of five seconds stalled for I/O',
      given: { pressure: pressureAfter({ ioSome: 2_000_000, ioFull: 500_000 }) },
      expect: { io: { somePercent: 40, fullPercent: 10, someAvg60: 0 }, cpu: { somePercent: 0 } },
    },
    {
      name: 'a kernel that does not tell "full" for the CPU',
      given: { pressure: { first: { cpu: { some: calmResource.some }, io: calmResource, memory: calmResource }, second: { cpu: { some: calmResource.some }, io: calmResource, memory: calmResource }, intervalSeconds: 5 } },
      expect: { cpu: { fullPercent: 0 } },
    },
    { name: 'switched off', given: { pressure: absent('pressure stall information is switched off') }, expect: absent('pressure stall information is switched off') },
  ],
});
