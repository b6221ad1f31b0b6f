import { z } from 'zod';
import { defineCounterProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { numberIn, words } from '../../lib/host-text.ts';

const timesSchema = z.object({
  user: z.number(),
  nice: z.number(),
  system: z.number(),
  idle: z.number(),
  iowait: z.number(),
  irq: z.number(),
  softirq: z.number(),
  steal: z.number(),
});
/** Time of a processor by what it did, in clock ticks since boot (proc(5)). Time of guests is part of `user` and `nice`. */
export type CpuTimes = z.infer<typeof timesSchema>;

const schema = z.object({
  total: timesSchema,
  perCpu: z.array(timesSchema.extend({ cpu: z.number().int() })),
  contextSwitches: z.number(),
  interrupts: z.number(),
  forks: z.number(),
  /** Tasks that run or wait for a processor at this moment, and those that wait for I/O. */
  running: z.number(),
  blocked: z.number(),
  bootTimeSeconds: z.number(),
  /** What asking this host has cost so far, in clock ticks: the script and all that it started. It is part of the total. */
  collector: z.object({ user: z.number(), system: z.number() }).optional(),
});

function times(fields: readonly string[]): CpuTimes {
  const at = (index: number): number => numberIn(fields[index]) ?? 0;
  return { user: at(0), nice: at(1), system: at(2), idle: at(3), iowait: at(4), irq: at(5), softirq: at(6), steal: at(7) };
}

function parse(stdout: string): z.infer<typeof schema> | ReturnType<typeof unparsable> {
  const single = new Map<string, number>();
  const perCpu: (CpuTimes & { cpu: number })[] = [];
  let total: CpuTimes | undefined;
  let collector: { user: number; system: number } | undefined;
  for (const line of stdout.split('\n')) {
    const [name, ...fields] = words(line);
    if (name === undefined) continue;
    if (name === 'cpu' && fields.length >= 4) total = times(fields);
    else if (/^cpu\d{1,5}$/.test(name)) perCpu.push({ cpu: Number(name.slice(3)), ...times(fields) });
    else if (name === 'collector' && fields.length >= 15) collector = ownTimes(fields);
    else single.set(name, numberIn(fields[0]) ?? 0);
  }
  if (total === undefined) return unparsable('no line "cpu" with four or more numbers');
  const value = (name: string): number => single.get(name) ?? 0;
  return {
    total,
    perCpu,
    contextSwitches: value('ctxt'),
    interrupts: value('intr'),
    forks: value('processes'),
    running: value('procs_running'),
    blocked: value('procs_blocked'),
    bootTimeSeconds: value('btime'),
    collector,
  };
}

/** Own time and that of ended children, out of the fields of proc_pid_stat(5) that follow the name. */
function ownTimes(fields: readonly string[]): { user: number; system: number } {
  const at = (index: number): number => numberIn(fields[index]) ?? 0;
  return { user: at(11) + at(13), system: at(12) + at(14) };
}

/** /proc/stat without the long list of each interrupt. */
export default defineCounterProbe({
  id: 'cpu-times',
  title: 'Time of the processors by what they did',
  subject: 'cpu',
  maxBytes: 131_072,
  sh: `awk '/^(intr|softirq)/ { print $1, $2; next } { print }' /proc/stat
IFS= read -r own < /proc/$$/stat && printf 'collector %s\\n' "\${own##*) }"
:`,
  schema,
  parse,
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, Linux 6.18, two processors',
      stdout: `cpu  139942 1 42635 53754 1597 0 743 6229 0 0
cpu0 69116 0 19864 30165 244 0 52 3029 0 0
cpu1 70826 0 22771 23588 1352 0 691 3200 0 0
intr 1237590
ctxt 2448497
btime 1795400383
processes 96475
procs_running 5
procs_blocked 0
softirq 740443
collector S 1 812 812 0 -1 4194304 1201 9000 0 0 3 4 21 30 20 0 1 0 88000 2600000
`,
      expect: {
        total: { user: 139942, nice: 1, system: 42635, idle: 53754, iowait: 1597, softirq: 743, steal: 6229 },
        perCpu: [{ cpu: 0, user: 69116 }, { cpu: 1, idle: 23588 }],
        contextSwitches: 2448497,
        interrupts: 1237590,
        forks: 96475,
        running: 5,
        blocked: 0,
        bootTimeSeconds: 1795400383,
        collector: { user: 24, system: 34 },
      },
    },
    { from: 'documented', where: 'an answer of something else', stdout: 'hello\n', expect: 'unparsable' },
  ],
});
