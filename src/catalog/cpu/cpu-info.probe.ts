import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, keyAndValue, numberIn, words } from '../../lib/host-text.ts';
import { ampere, epycGuest, raptorLake } from './cpu-info.samples.ts';

const schema = z.object({
  /** Logical processors that are online. */
  cpuCount: z.number().int(),
  model: z.string(),
  /** `GenuineIntel`, `AuthenticAMD`, …; on ARM the number of the implementer, such as `0x41`. */
  vendor: z.string(),
  family: z.number().int().optional(),
  modelNumber: z.number().int().optional(),
  stepping: z.number().int().optional(),
  /** As printed, `0x12b`. */
  microcode: z.string().optional(),
  microcodeRevision: z.number().int().optional(),
  /** Features of the first processor, by the kernel's names. */
  flags: z.array(z.string()),
  /** True when another processor has other features. */
  flagsDiffer: z.boolean(),
  /** Errata and vulnerabilities that the kernel knows this processor to have. */
  bugs: z.array(z.string()),
  /** True inside a virtual machine. */
  hypervisor: z.boolean(),
  mhzPerCpu: z.array(z.number()),
  /** Threads and cores of one package, where the kernel tells. */
  threadsPerPackage: z.number().int().optional(),
  coresPerPackage: z.number().int().optional(),
});
type CpuInfo = z.infer<typeof schema>;

function parse(stdout: string): CpuInfo | ReturnType<typeof unparsable> {
  const first = new Map<string, string>();
  const mhzPerCpu: number[] = [];
  let cpuCount = 0;
  let flagsDiffer = false;
  for (const line of stdout.split('\n')) {
    const pair = keyAndValue(line, ':');
    if (pair === undefined) continue;
    const [key, value] = pair;
    if (key === 'processor' && countIn(value) !== undefined) cpuCount += 1;
    else if (key === 'flags differ') flagsDiffer = true;
    else if (key === 'cpu MHz') mhzPerCpu.push(...[numberIn(value)].filter((mhz) => mhz !== undefined));
    if (!first.has(key)) first.set(key, value);
  }
  if (cpuCount === 0) return unparsable('no line names a processor');
  const hexadecimal = (key: string): number | undefined => {
    const text = first.get(key);
    return text !== undefined && /^0x[0-9a-f]{1,12}$/i.test(text) ? Number(text) : undefined;
  };
  const flags = words(first.get('flags') ?? first.get('Features') ?? '');
  return {
    cpuCount,
    model: first.get('model name') ?? first.get('Model') ?? partName(first),
    vendor: first.get('vendor_id') ?? first.get('CPU implementer') ?? 'unknown',
    family: countIn(first.get('cpu family')),
    modelNumber: countIn(first.get('model')) ?? hexadecimal('CPU part'),
    stepping: countIn(first.get('stepping')) ?? countIn(first.get('CPU revision')),
    microcode: first.get('microcode'),
    microcodeRevision: hexadecimal('microcode'),
    flags,
    flagsDiffer,
    bugs: words(first.get('bugs') ?? ''),
    hypervisor: flags.includes('hypervisor'),
    mhzPerCpu,
    threadsPerPackage: countIn(first.get('siblings')),
    coresPerPackage: countIn(first.get('cpu cores')),
  };
}

function partName(first: ReadonlyMap<string, string>): string {
  const part = first.get('CPU part');
  return part === undefined ? 'unknown' : `part ${part} of implementer ${first.get('CPU implementer') ?? 'unknown'}`;
}

/** The processor's features as /proc/cpuinfo shows them: the first block, and of the others the speed alone. */
export default defineProbe({
  id: 'cpu-info',
  title: 'Model, features and microcode of the processor',
  subject: 'cpu',
  stage: 'early',
  maxBytes: 65_536,
  sh: `[ -r /proc/cpuinfo ] || absent 'there is no /proc/cpuinfo'
awk '/^processor[ \\t]*:/ { block++ }
/^(flags|Features)[ \\t]*:/ { if (block <= 1) features = $0; else if ($0 != features) differ = 1 }
block <= 1 || /^processor[ \\t]*:/ || /^cpu MHz/ { print }
END { if (differ) print "flags differ : yes" }' /proc/cpuinfo`,
  schema,
  parse,
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12 in a virtual machine, Linux 6.18, AMD EPYC',
      stdout: epycGuest,
      expect: {
        cpuCount: 2,
        model: 'AMD EPYC',
        family: 25,
        modelNumber: 1,
        microcode: '0x1000065',
        hypervisor: true,
        flagsDiffer: false,
        mhzPerCpu: [2445.432, 2445.432],
        threadsPerPackage: 2,
      },
    },
    {
      from: 'documented',
      where: 'form of arch/x86/kernel/cpu/proc.c, a desktop processor with two kinds of cores',
      stdout: raptorLake,
      expect: { cpuCount: 2, microcodeRevision: 0x12b, hypervisor: false, flagsDiffer: true, stepping: 1 },
    },
    {
      from: 'documented',
      where: 'form of arch/arm64/kernel/cpuinfo.c',
      stdout: ampere,
      expect: { cpuCount: 2, vendor: '0x41', modelNumber: 0xd0c, flags: ['fp', 'asimd', 'aes', 'pmull'], hypervisor: false },
    },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
