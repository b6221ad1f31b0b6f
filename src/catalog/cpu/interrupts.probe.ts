import { z } from 'zod';
import { defineCounterProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, words } from '../../lib/host-text.ts';

const schema = z.object({
  interrupts: z.array(
    z.object({
      /** Number or short name: `24`, `NMI`, `LOC`. */
      name: z.string(),
      /** On all processors since boot, and on the one that got most of them. */
      total: z.number(),
      busiestCpu: z.number().int(),
      busiestCpuTotal: z.number(),
      /** Controller and devices: `PCI-MSIX-0000:01:00.0 3-edge nvme0q3`. */
      device: z.string(),
    }),
  ),
});

/** /proc/interrupts, summed over the processors on the host: its full matrix may have megabytes. */
export default defineCounterProbe({
  id: 'interrupts',
  title: 'Interrupts by device',
  subject: 'cpu',
  timeoutMs: 3_000,
  maxBytes: 65_536,
  sh: `[ -r /proc/interrupts ] || absent 'there is no /proc/interrupts'
awk 'NR == 1 { cpus = NF; split($0, heads, " "); next }
{ name = $1; sub(/:$/, "", name); sum = 0; most = 0; where = 0; last = 1
  for (i = 2; i <= NF && i <= cpus + 1 && $i ~ /^[0-9]+$/; i++) { sum += $i; last = i; if ($i > most) { most = $i; where = i - 1 } }
  if (sum == 0 || ++printed > 700) next
  cpu = heads[where]; sub(/^CPU/, "", cpu)
  printf "%s %.0f %s %.0f", name, sum, cpu == "" ? 0 : cpu, most
  text = ""; for (i = last + 1; i <= NF; i++) text = text " " $i
  print substr(text, 1, 80) }' /proc/interrupts`,
  schema,
  parse: (stdout) => {
    const interrupts: z.infer<typeof schema>['interrupts'] = [];
    for (const line of stdout.split('\n')) {
      const [name, total, cpu, most, ...device] = words(line);
      const [sum, busiestCpu, busiestCpuTotal] = [total, cpu, most].map(countIn);
      if (name === undefined || sum === undefined || busiestCpu === undefined || busiestCpuTotal === undefined) continue;
      interrupts.push({ name, total: sum, busiestCpu, busiestCpuTotal, device: device.join(' ') });
    }
    return interrupts.length === 0 ? unparsable('no interrupt') : { interrupts };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, Linux 6.18, mawk',
      stdout: `24 1 0 1 IO-APIC 5-edge ACPI:Ged
44 195176 1 195176 PCI-MSIX-0000:00:04.0 1-edge virtio2-req.0
LOC 91230 1 50588 Local timer interrupts
`,
      expect: {
        interrupts: [
          { name: '24', total: 1, busiestCpu: 0, device: 'IO-APIC 5-edge ACPI:Ged' },
          { name: '44', total: 195176, busiestCpu: 1, busiestCpuTotal: 195176 },
          { name: 'LOC', total: 91230, busiestCpuTotal: 50588, device: 'Local timer interrupts' },
        ],
      },
    },
    {
      from: 'documented',
      where: 'proc_interrupts(5): a line with one number for all processors',
      stdout: 'ERR 3 0 3\n9 88123456789 0 88123456000 IO-APIC 9-fasteoi acpi\n',
      expect: { interrupts: [{ name: 'ERR', total: 3, device: '' }, { name: '9', total: 88123456789, device: 'IO-APIC 9-fasteoi acpi' }] },
    },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
