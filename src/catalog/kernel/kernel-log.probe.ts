import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { countIn } from '../../lib/host-text.ts';
import { parseKernelLogLine } from './kernel-log-line.ts';

const schema = z.object({
  lines: z.array(
    z.object({
      /** By the kernel's own clock. Left out where it prints no times. */
      secondsSinceBoot: z.number().optional(),
      /** 0 emergency, 1 alert, 2 critical, 3 error, 4 warning, 5 notice, 6 information, 7 debug. The journal's text has none. */
      level: z.number().int().optional(),
      text: z.string(),
    }),
  ),
  /** True when not all lines that the kernel still has were taken in. */
  truncated: z.boolean(),
  source: z.enum(['ring-buffer', 'journal']),
  /** True when it goes back to the boot and no warning or worse was left out: trouble that is not here was not logged. */
  coversBoot: z.boolean(),
});
export type KernelLog = z.infer<typeof schema>;

/**
 * The kernel's log of this boot. The host keeps warnings and worse apart from the rest, so that chatter does not push
 * them out, and drops what firewalls and audit log, and the command line with its possible secrets.
 */
export default defineProbe({
  id: 'kernel-log',
  title: 'Kernel log',
  subject: 'kernel',
  timeoutMs: 6_000,
  maxBytes: 220_000,
  root: { need: 'helps', adds: 'the kernel log, where it is not open to all users' },
  sudo: ['/usr/bin/dmesg -r'],
  sh: `restricted=0
{ read -r restricted < /proc/sys/kernel/dmesg_restrict; } 2>/dev/null
if have dmesg && { is_root || [ "$restricted" = 0 ]; } && [ -n "$(as_root dmesg -r 2>/dev/null | head -n 1)" ]; then
  origin=ring-buffer
elif have journalctl && [ -n "$(journalctl -k -b -n 1 -q --no-pager 2>/dev/null)" ]; then
  origin=journal
else
  denied 'the kernel log is open to root only'
fi
if [ "$origin" = journal ]; then journalctl -k -b -q -o short-monotonic --no-hostname --no-pager -n 4000 2>/dev/null
else as_root dmesg -r 2>/dev/null; fi | awk -v origin="$origin" '
/ IN=[^ ]* OUT=.* SRC=/ || /audit(\\([0-9.:]*\\))?: type=/ || / apparmor="/ || /ommand line/ { next }
{ n++; if (n == 1) { first = substr($0, 1, 60) } level = 4 }
/^<[0-9]+>/ { level = substr($0, 2, index($0, ">") - 2) % 8 }
{ text[n] = substr($0, 1, 400) }
level <= 4 { slot = ++grave % 900; if (grave > 900) delete text[graves[slot]]; graves[slot] = n }
level > 4 { slot = ++other % 700; if (other > 700) delete text[others[slot]]; others[slot] = n }
END { kept = 0
  for (i = 1; i <= n; i++) if (i in text) { print text[i]; kept++ }
  printf "#first %s\\n#origin %s\\n#total %d\\n#grave %d\\n#kept %d\\n", first, origin, n, grave, kept }' | tail -c 200000`,
  schema,
  parse: (stdout) => {
    const notes = new Map<string, string>();
    const lines: KernelLog['lines'][number][] = [];
    for (const line of stdout.split('\n')) {
      const note = /^#(first|origin|total|grave|kept) (.{0,80})$/.exec(line);
      if (note) notes.set(note[1] ?? '', note[2] ?? '');
      else if (line !== '') lines.push(parseKernelLogLine(line));
    }
    const source = notes.get('origin') === 'journal' ? 'journal' : 'ring-buffer';
    const total = countIn(notes.get('total')) ?? lines.length;
    const firstAt = parseKernelLogLine(notes.get('first') ?? '').secondsSinceBoot;
    const truncated = lines.length < total || (source === 'journal' && total >= 3_990);
    const cutAfterwards = lines.length < (countIn(notes.get('kept')) ?? total);
    const allGrave = (countIn(notes.get('grave')) ?? total) <= 900;
    return { lines, truncated, source, coversBoot: firstAt !== undefined && firstAt < 5 && allGrave && !cutAfterwards };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, util-linux 2.38, dmesg -r',
      stdout: `<5>[    0.000000] Linux version 6.18.44 (gcc) #1 SMP PREEMPT_DYNAMIC
<6>[    1.608191] random: crng reseeded due to virtual machine fork
<6>[    1.747723] EXT4-fs (vda): mounted filesystem 00000000-0000-0000-0000-000000000000 r/w without journal. Quota mode: none.
#first <5>[    0.000000] Linux version 6.18.44 (gcc) #1 SMP PREEMP
#origin ring-buffer
#total 3
#grave 0
#kept 3
`,
      expect: {
        lines: [
          { secondsSinceBoot: 0, level: 5, text: 'Linux version 6.18.44 (gcc) #1 SMP PREEMPT_DYNAMIC' },
          { secondsSinceBoot: 1.608191, level: 6, text: 'random: crng reseeded due to virtual machine fork' },
          { secondsSinceBoot: 1.747723, level: 6 },
        ],
        truncated: false,
        source: 'ring-buffer',
        coversBoot: true,
      },
    },
    {
      from: 'documented',
      where: 'journalctl(1), short-monotonic of systemd 252, and of older ones that print the host name',
      stdout: `[86402.120001] kernel: INFO: task txg_sync:812 blocked for more than 120 seconds.
[86402.120007] pve1 kernel:       Tainted: P           O       6.8.12-4-pve #1
#first [86402.120001] kernel: INFO: task txg_sync:812
#origin journal
#total 2
#grave 2
#kept 2
`,
      expect: {
        lines: [
          { secondsSinceBoot: 86402.120001, text: 'INFO: task txg_sync:812 blocked for more than 120 seconds.' },
          { secondsSinceBoot: 86402.120007, text: '      Tainted: P           O       6.8.12-4-pve #1' },
        ],
        source: 'journal',
        coversBoot: false,
      },
    },
    {
      from: 'documented',
      where: 'printk: a line of a program that carries its facility, and a kernel booted with printk.time=0',
      stdout: '<30>[   12.345678] systemd[1]: Started.\n<4>nvme nvme0: I/O 12 QID 3 timeout, aborting\n#first <30>[   12.3\n#origin ring-buffer\n#total 9000\n#grave 1800\n#kept 2\n',
      expect: {
        lines: [
          { secondsSinceBoot: 12.345678, level: 6, text: 'systemd[1]: Started.' },
          { level: 4, text: 'nvme nvme0: I/O 12 QID 3 timeout, aborting' },
        ],
        truncated: true,
        coversBoot: false,
      },
    },
  ],
});
