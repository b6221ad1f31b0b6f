import { z } from 'zod';
import { defineCounterProbe } from '../../define/probe.ts';
import { countIn, words } from '../../lib/host-text.ts';

/** Events of the firmware since boot by name (`gpe17`, `sci`), those that ever came (ABI/testing/sysfs-firmware-acpi). */
export default defineCounterProbe({
  id: 'acpi-interrupts',
  title: 'Events of the firmware (ACPI)',
  subject: 'cpu',
  maxBytes: 16_384,
  sh: `cd /sys/firmware/acpi/interrupts 2>/dev/null || absent 'this machine has no ACPI events'
for f in *; do { read -r count rest < "$f"; } 2>/dev/null && [ "$count" != 0 ] && printf '%s %s\\n' "$f" "$count"; done
:`,
  schema: z.record(z.string(), z.number()),
  parse: (stdout) => {
    const value: Record<string, number> = {};
    for (const line of stdout.split('\n')) {
      const [name, count] = words(line);
      const total = countIn(count);
      if (name !== undefined && /^[a-z][a-zA-Z0-9_]{0,30}$/.test(name) && total !== undefined) value[name] = total;
    }
    return value;
  },
  examples: [
    {
      from: 'documented',
      where: 'ABI/testing/sysfs-firmware-acpi',
      stdout: 'ff_pwr_btn 1\ngpe17 88123456\ngpe_all 88123470\nsci 88123471\n',
      expect: { ff_pwr_btn: 1, gpe17: 88123456, gpe_all: 88123470 },
    },
    { from: 'documented', where: 'no event yet', stdout: '', expect: {} },
  ],
});
