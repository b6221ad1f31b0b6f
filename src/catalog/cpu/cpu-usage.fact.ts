import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { failed } from '../../define/result.ts';
import cpuTimes, { type CpuTimes } from './cpu-times.probe.ts';
import { cpuTimesAfter, idleHost } from './cpu-times.samples.ts';

const percent = z.number().min(0).max(100);
const shareSchema = z.object({
  userPercent: percent,
  systemPercent: percent,
  idlePercent: percent,
  iowaitPercent: percent,
  irqPercent: percent,
  softirqPercent: percent,
  stealPercent: percent,
  /** All but idle, I/O wait and steal. */
  busyPercent: percent,
});
type Share = z.infer<typeof shareSchema>;

const schema = shareSchema.extend({
  cpuCount: z.number().int(),
  busiestCpu: shareSchema.extend({ cpu: z.number().int() }),
  contextSwitchesPerSecond: z.number(),
  interruptsPerSecond: z.number(),
  forksPerSecond: z.number(),
  /** Tasks that ran or waited for a processor, and that waited for I/O, at the end of the window. */
  running: z.number(),
  blocked: z.number(),
  intervalSeconds: z.number(),
  /** What asking this host took meanwhile. Above it is left out: idle time as far as there was idle time beside it, else no time at all. `busiestCpu` has it. */
  collectorPercent: percent,
});

/**
 * Shares of the time between two readings. The kernel may take back I/O wait a little, so what went backwards counts as nothing. Without our own work an idle processor would have been idle, a
 * saturated one would have done more of its own: so our own time turns into idle time by the share that idle time has of both.
 */
function share(first: CpuTimes, second: CpuTimes, own = { user: 0, system: 0 }): Share | undefined {
  const counted = (kind: keyof CpuTimes): number => Math.max(0, second[kind] - first[kind]);
  const ownUser = Math.min(own.user, counted('user'));
  const ownSystem = Math.min(own.system, counted('system'));
  const ownTime = ownUser + ownSystem;
  const unused = counted('idle') + counted('iowait');
  const withoutOwn: Partial<Record<keyof CpuTimes, number>> = { user: -ownUser, system: -ownSystem, idle: ownTime === 0 ? 0 : (ownTime * unused) / (unused + ownTime) };
  const spent = (kind: keyof CpuTimes): number => counted(kind) + (withoutOwn[kind] ?? 0);
  const total = spent('user') + spent('nice') + spent('system') + spent('idle') + spent('iowait') + spent('irq') + spent('softirq') + spent('steal');
  if (total === 0) return undefined;
  const percentOf = (...kinds: (keyof CpuTimes)[]): number => Math.min(100, (100 * kinds.reduce((sum, kind) => sum + spent(kind), 0)) / total);
  return {
    userPercent: percentOf('user', 'nice'),
    systemPercent: percentOf('system'),
    idlePercent: percentOf('idle'),
    iowaitPercent: percentOf('iowait'),
    irqPercent: percentOf('irq'),
    softirqPercent: percentOf('softirq'),
    stealPercent: percentOf('steal'),
    busyPercent: percentOf('user', 'nice', 'system', 'irq', 'softirq'),
  };
}

function elapsed(first: CpuTimes, second: CpuTimes): number {
  const kinds = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;
  return kinds.reduce((sum, kind) => sum + Math.max(0, second[kind] - first[kind]), 0);
}

/** What the processors did within the sampling window, in percent of their time. */
export default defineFact({
  id: 'cpu-usage',
  title: 'Use of the processors within the sampling window',
  needs: { times: cpuTimes },
  schema,
  derive: ({ times: { first, second, intervalSeconds } }) => {
    const ownTime = (kind: 'user' | 'system'): number => Math.max(0, (second.collector?.[kind] ?? 0) - (first.collector?.[kind] ?? 0));
    const all = share(first.total, second.total, { user: ownTime('user'), system: ownTime('system') });
    const asSeen = share(first.total, second.total);
    if (all === undefined || asSeen === undefined) return failed('unparsable', 'the counters of the processors did not move');
    const before = new Map(first.perCpu.map((cpu) => [cpu.cpu, cpu]));
    let busiestCpu: z.infer<typeof schema>['busiestCpu'] = { cpu: 0, ...all };
    let seen = false;
    for (const cpu of second.perCpu) {
      const earlier = before.get(cpu.cpu);
      const own = earlier === undefined ? undefined : share(earlier, cpu);
      if (own === undefined || (seen && own.busyPercent <= busiestCpu.busyPercent)) continue;
      busiestCpu = { cpu: cpu.cpu, ...own };
      seen = true;
    }
    const perSecond = (kind: 'contextSwitches' | 'interrupts' | 'forks'): number => Math.max(0, second[kind] - first[kind]) / intervalSeconds;
    return {
      ...all,
      cpuCount: Math.max(1, second.perCpu.length),
      busiestCpu,
      contextSwitchesPerSecond: perSecond('contextSwitches'),
      interruptsPerSecond: perSecond('interrupts'),
      forksPerSecond: perSecond('forks'),
      running: second.running,
      blocked: second.blocked,
      intervalSeconds,
      collectorPercent: Math.min(asSeen.busyPercent, (100 * (ownTime('user') + ownTime('system'))) / elapsed(first.total, second.total)),
    };
  },
  examples: [
    {
      name: 'a tenth busy, a quarter waiting for disks',
      given: { times: cpuTimesAfter({ user: 60, system: 40, idle: 650, iowait: 250 }) },
      expect: { userPercent: 6, systemPercent: 4, iowaitPercent: 25, busyPercent: 10, cpuCount: 2, busiestCpu: { cpu: 1, busyPercent: 20 } },
    },
    { name: 'idle', given: { times: cpuTimesAfter({ idle: 1000 }) }, expect: { idlePercent: 100, busyPercent: 0, iowaitPercent: 0 } },
    {
      name: 'nothing but the asking itself',
      given: {
        times: {
          intervalSeconds: 5,
          first: { ...idleHost, collector: { user: 10, system: 20 } },
          second: { ...cpuTimesAfter({ user: 30, system: 70, idle: 900 }).second, collector: { user: 40, system: 90 } },
        },
      },
      expect: { userPercent: 0, systemPercent: 0, busyPercent: 0, idlePercent: 100, collectorPercent: 10 },
    },
    {
      name: 'a processor without idle time: what asking took would have been used otherwise',
      given: {
        times: {
          intervalSeconds: 5,
          first: { ...idleHost, collector: { user: 10, system: 20 } },
          second: { ...cpuTimesAfter({ user: 300, system: 700 }).second, collector: { user: 60, system: 170 } },
        },
      },
      expect: { busyPercent: 100, idlePercent: 0 },
    },
    { name: 'I/O wait that the kernel took back', given: { times: cpuTimesAfter({ idle: 1000, iowait: -3 }) }, expect: { iowaitPercent: 0, idlePercent: 100 } },
    { name: 'a clock that stands', given: { times: { first: idleHost, second: idleHost, intervalSeconds: 5 } }, expect: 'unparsable' },
  ],
});
