import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { numberIn, words } from '../../lib/host-text.ts';

const schema = z.object({
  sensors: z.array(
    z.object({
      /** Name of the chip or thermal zone: `coretemp`, `k10temp`, `x86_pkg_temp`. */
      chip: z.string(),
      label: z.string(),
      celsius: z.number(),
      /** What the maker calls high, and what switches the machine off. */
      maxCelsius: z.number().optional(),
      criticalCelsius: z.number().optional(),
    }),
  ),
});

const celsius = (milli: string | undefined): number | undefined => {
  const value = numberIn(milli);
  return value === undefined || value <= -100_000 || value > 300_000 ? undefined : value / 1000;
};

/**
 * Temperatures of hwmon chips and thermal zones, in the kernel's millidegrees. Drives are left out: asking a drive is a
 * command to it, and may wake it.
 */
export default defineProbe({
  id: 'temperatures',
  title: 'Temperatures of processors and board',
  subject: 'cpu',
  stage: 'early',
  timeoutMs: 4_000,
  maxBytes: 65_536,
  sh: `value() { v=-; { read -r v < "$1"; } 2>/dev/null; v=\${v:--}; }
for h in /sys/class/hwmon/hwmon*; do
  value "$h/name"; name=$v
  case $name in - | nvme | drivetemp | power_meter) continue ;; esac
  for t in "$h"/temp*_input; do
    [ -r "$t" ] || continue
    b=\${t%_input}
    value "$t"; line="$v"
    for f in max crit; do value "\${b}_$f"; line="$line $v"; done
    value "\${b}_label"
    printf 'sensor %s %s %s\\n' "$line" "$name" "$v"
  done
done
for z in /sys/class/thermal/thermal_zone*; do
  [ -r "$z/temp" ] || continue
  value "$z/temp"; temp=$v; crit=-
  for p in "$z"/trip_point_*_type; do value "$p"; [ "$v" = critical ] && { value "\${p%_type}_temp"; crit=$v; }; done
  value "$z/type"
  printf 'sensor %s - %s %s zone\\n' "$temp" "$crit" "$v"
done
:`,
  schema,
  parse: (stdout) => {
    const sensors: z.infer<typeof schema>['sensors'] = [];
    for (const line of stdout.split('\n')) {
      const [kind, now, max, critical, chip, ...label] = words(line);
      const degrees = celsius(now);
      if (kind !== 'sensor' || degrees === undefined || chip === undefined) continue;
      const name = label.join(' ');
      sensors.push({ chip, label: name === '-' ? '' : name, celsius: degrees, maxCelsius: celsius(max), criticalCelsius: celsius(critical) });
    }
    return { sensors: sensors.slice(0, 600) };
  },
  examples: [
    {
      from: 'documented',
      where: 'kernel document hwmon/coretemp and driver-api/thermal/sysfs-api',
      stdout: `sensor 61000 82000 100000 coretemp Package id 0
sensor 58000 82000 100000 coretemp Core 0
sensor 27800 - 119000 acpitz zone
`,
      expect: {
        sensors: [
          { chip: 'coretemp', label: 'Package id 0', celsius: 61, maxCelsius: 82, criticalCelsius: 100 },
          { label: 'Core 0' },
          { chip: 'acpitz', celsius: 27.8, criticalCelsius: 119 },
        ],
      },
    },
    { from: 'recorded', where: 'a virtual machine without sensors', stdout: '', expect: { sensors: [] } },
  ],
});
