import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, numberIn, words } from '../../lib/host-text.ts';

const megahertz = (kilohertz: string | undefined): number | undefined => {
  const value = countIn(kilohertz);
  return value === undefined ? undefined : value / 1000;
};

const policySchema = z.object({
  name: z.string(),
  governor: z.string(),
  driver: z.string(),
  currentMhz: z.number().optional(),
  minMhz: z.number().optional(),
  /** The limit that is set. */
  maxMhz: z.number().optional(),
  hardwareMinMhz: z.number().optional(),
  /** What the processor offers, turbo included. */
  hardwareMaxMhz: z.number().optional(),
  /** Without turbo, where the driver tells. */
  baseMhz: z.number().optional(),
  energyPreference: z.string().optional(),
});

const schema = z.object({
  policies: z.array(policySchema),
  /** False when turbo is switched off (cpufreq/boost or intel_pstate/no_turbo); left out where there is no such switch. */
  turbo: z.boolean().optional(),
  /** intel_pstate: the highest share of the maximum that may be used, in percent. */
  maxPerformancePercent: z.number().optional(),
});

/** Frequency scaling, /sys/devices/system/cpu/cpufreq (kernel document admin-guide/pm/cpufreq). */
export default defineProbe({
  id: 'cpu-frequency',
  title: 'Frequency limits and governor of the processors',
  subject: 'cpu',
  stage: 'early',
  maxBytes: 65_536,
  sh: `cd /sys/devices/system/cpu || exit 1
value() { v=-; { read -r v < "$1"; } 2>/dev/null; printf ' %s' "\${v:--}"; }
found=
for p in cpufreq/policy*; do
  [ -d "$p" ] || continue
  found=1
  printf 'policy %s' "\${p#cpufreq/}"
  for f in scaling_governor scaling_driver scaling_cur_freq scaling_min_freq scaling_max_freq cpuinfo_min_freq cpuinfo_max_freq base_frequency energy_performance_preference; do value "$p/$f"; done
  echo
done
[ -n "$found" ] || absent 'the frequency of these processors is not scaled by this kernel'
for f in cpufreq/boost intel_pstate/no_turbo intel_pstate/max_perf_pct; do printf '%s' "$f"; value "$f"; echo; done`,
  schema,
  parse: (stdout) => {
    const policies: z.infer<typeof policySchema>[] = [];
    const single = new Map<string, string>();
    for (const line of stdout.split('\n')) {
      const [kind, name, governor, driver, current, min, max, hardwareMin, hardwareMax, base, preference] = words(line);
      if (kind !== 'policy') {
        if (kind !== undefined && name !== undefined) single.set(kind, name);
        continue;
      }
      if (name === undefined || governor === undefined || driver === undefined) continue;
      policies.push({
        name,
        governor,
        driver,
        currentMhz: megahertz(current),
        minMhz: megahertz(min),
        maxMhz: megahertz(max),
        hardwareMinMhz: megahertz(hardwareMin),
        hardwareMaxMhz: megahertz(hardwareMax),
        baseMhz: megahertz(base),
        energyPreference: preference === '-' ? undefined : preference,
      });
    }
    if (policies.length === 0) return unparsable('no policy');
    const noTurbo = single.get('intel_pstate/no_turbo');
    const boost = single.get('cpufreq/boost');
    const turbo = noTurbo === '0' || noTurbo === '1' ? noTurbo === '0' : boost === '0' || boost === '1' ? boost === '1' : undefined;
    return { policies, turbo, maxPerformancePercent: numberIn(single.get('intel_pstate/max_perf_pct')) };
  },
  examples: [
    {
      from: 'documented',
      where: 'admin-guide/pm/intel_pstate: two policies in active mode, turbo allowed',
      stdout: `policy policy0 performance intel_pstate 3101231 800000 4200000 800000 4200000 2100000 performance
policy policy1 performance intel_pstate 2899120 800000 4200000 800000 4200000 2100000 performance
cpufreq/boost -
intel_pstate/no_turbo 0
intel_pstate/max_perf_pct 100
`,
      expect: {
        policies: [
          { name: 'policy0', governor: 'performance', driver: 'intel_pstate', currentMhz: 3101.231, maxMhz: 4200, hardwareMaxMhz: 4200, baseMhz: 2100 },
          { name: 'policy1', energyPreference: 'performance' },
        ],
        turbo: true,
        maxPerformancePercent: 100,
      },
    },
    {
      from: 'documented',
      where: 'admin-guide/pm/cpufreq: acpi-cpufreq, boost switched off, limited',
      stdout: 'policy policy0 schedutil acpi-cpufreq 1500000 1500000 1500000 1500000 3400000 - -\ncpufreq/boost 0\nintel_pstate/no_turbo -\nintel_pstate/max_perf_pct -\n',
      expect: { policies: [{ governor: 'schedutil', maxMhz: 1500, hardwareMaxMhz: 3400 }], turbo: false },
    },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
