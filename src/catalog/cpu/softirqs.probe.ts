import { z } from 'zod';
import { defineCounterProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, words } from '../../lib/host-text.ts';

/** /proc/softirqs, summed over the processors: `{ NET_RX: 19878, … }` since boot. */
export default defineCounterProbe({
  id: 'softirqs',
  title: 'Software interrupts by kind',
  subject: 'cpu',
  maxBytes: 4_096,
  sh: `[ -r /proc/softirqs ] || absent 'there is no /proc/softirqs'
awk 'NR > 1 { name = $1; sub(/:$/, "", name); sum = 0; for (i = 2; i <= NF; i++) sum += $i; printf "%s %.0f\\n", name, sum }' /proc/softirqs`,
  schema: z.record(z.string(), z.number()),
  parse: (stdout) => {
    const value: Record<string, number> = {};
    for (const line of stdout.split('\n')) {
      const [name, total] = words(line);
      const sum = countIn(total);
      if (name !== undefined && /^[A-Z][A-Z_]{0,30}$/.test(name) && sum !== undefined) value[name] = sum;
    }
    return Object.keys(value).length === 0 ? unparsable('no kind of software interrupt') : value;
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, Linux 6.18',
      stdout: 'HI 0\nTIMER 93545\nNET_TX 6\nNET_RX 19878\nBLOCK 195173\nSCHED 145664\nRCU 286168\n',
      expect: { HI: 0, TIMER: 93545, NET_RX: 19878, BLOCK: 195173, RCU: 286168 },
    },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
