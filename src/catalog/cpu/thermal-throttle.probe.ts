import { z } from 'zod';
import { defineCounterProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, words } from '../../lib/host-text.ts';

const schema = z.object({
  cpus: z.array(
    z.object({
      cpu: z.number().int(),
      /** Times that the core, or its whole package, was slowed for its temperature since boot. */
      coreEvents: z.number(),
      packageEvents: z.number(),
      /** Milliseconds spent so, on kernels that count them. */
      coreMs: z.number().optional(),
      packageMs: z.number().optional(),
    }),
  ),
});

/** thermal_throttle of each processor (Intel only; kernel document ABI/testing/sysfs-devices-system-cpu). */
export default defineCounterProbe({
  id: 'thermal-throttle',
  title: 'Thermal throttling of the processors',
  subject: 'cpu',
  maxBytes: 65_536,
  sh: `cd /sys/devices/system/cpu || exit 1
found=
for t in cpu[0-9]*/thermal_throttle; do
  [ -d "$t" ] || continue
  found=1
  printf '%s' "\${t%/*}"
  for f in core_throttle_count package_throttle_count core_throttle_total_time_ms package_throttle_total_time_ms; do
    v=-; { read -r v < "$t/$f"; } 2>/dev/null; printf ' %s' "\${v:--}"
  done
  echo
done
[ -n "$found" ] || absent 'this processor or virtual machine does not count thermal throttling'`,
  schema,
  parse: (stdout) => {
    const cpus: z.infer<typeof schema>['cpus'] = [];
    for (const line of stdout.split('\n')) {
      const [name, core, whole, coreMs, packageMs] = words(line);
      const cpu = name?.startsWith('cpu') ? countIn(name.slice(3)) : undefined;
      if (cpu === undefined) continue;
      cpus.push({ cpu, coreEvents: countIn(core) ?? 0, packageEvents: countIn(whole) ?? 0, coreMs: countIn(coreMs), packageMs: countIn(packageMs) });
    }
    return cpus.length === 0 ? unparsable('no processor') : { cpus };
  },
  examples: [
    {
      from: 'documented',
      where: 'arch/x86/kernel/cpu/mce/therm_throt.c, Linux 5.5 and later',
      stdout: 'cpu0 12 340 88 5120\ncpu1 0 340 0 5120\n',
      expect: { cpus: [{ cpu: 0, coreEvents: 12, packageEvents: 340, coreMs: 88, packageMs: 5120 }, { cpu: 1, coreEvents: 0 }] },
    },
    {
      from: 'documented',
      where: 'the same before Linux 5.5, without times',
      stdout: 'cpu0 0 3 - -\n',
      expect: { cpus: [{ cpu: 0, coreEvents: 0, packageEvents: 3 }] },
    },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
