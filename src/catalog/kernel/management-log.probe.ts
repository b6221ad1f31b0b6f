import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn } from '../../lib/host-text.ts';

const kinds = ['memory-uncorrected', 'memory-corrected', 'processor', 'pcie', 'watchdog', 'power', 'heat', 'stop'] as const;
const schema = z.object({
  /** Of the last 60 entries those that tell of failing hardware or a reset, oldest first. */
  events: z.array(
    z.object({
      kind: z.enum(kinds),
      /** By the clock of the controller, which may keep another time zone. Left out where it had no time yet. */
      secondsAgo: z.number().optional(),
      text: z.string(),
    }),
  ),
});
export type ManagementLog = z.infer<typeof schema>;
type Kind = (typeof kinds)[number];

/** Types of sensors and their events as ipmitool words them (IPMI specification 2.0, table 42-3). */
const patterns: readonly (readonly [Kind, RegExp, RegExp])[] = [
  ['memory-uncorrected', /^Memory/, /Uncorrectable/],
  ['memory-corrected', /^Memory/, /Correctable/],
  ['heat', /^Processor|^Temperature/, /Thermal Trip|Non-recoverable going high/],
  ['processor', /^Processor/, /IERR|CATERR|[Mm]achine [Cc]heck|FRB/],
  ['pcie', /^Critical Interrupt/, /SERR|PERR|Bus Uncorrectable|Bus Fatal/],
  ['watchdog', /^Watchdog/, /Hard reset|Power cycle|Power down/],
  ['power', /^Power (?:Supply|Unit)/, /AC lost/],
  ['stop', /^OS (?:Critical )?Stop/, /[Cc]ritical stop/],
];

/** `08/12/2026` or `08/12/26`, and `03:41:22`, as if they were universal time; seconds since 1970. */
function timeOf(date: string, time: string): number | undefined {
  const [, month, day, year] = /^(\d{2})\/(\d{2})\/(\d{2}|\d{4})$/.exec(date) ?? [];
  const [, hour, minute, second, half] = /^(\d{2}):(\d{2}):(\d{2})(?: (AM|PM))?\b/.exec(time) ?? [];
  if (year === undefined || second === undefined) return undefined;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
  return Date.UTC(Number(year.length === 2 ? `20${year}` : year), Number(month) - 1, Number(day), hours, Number(minute), Number(second)) / 1_000;
}

/** The event log of the management controller, through the host's own interface to it: what the firmware handles before the kernel, and what reset the host. */
export default defineProbe({
  id: 'management-log',
  title: 'Event log of the management controller',
  subject: 'kernel',
  timeoutMs: 12_000,
  maxBytes: 32_768,
  root: { need: 'needed', adds: 'the event log of the management controller (IPMI)' },
  sudo: ['/usr/bin/ipmitool sel list last 60'],
  sh: `[ -c /dev/ipmi0 ] || [ -c /dev/ipmi/0 ] || [ -c /dev/ipmidev/0 ] || absent 'the kernel has no way to a management controller here (no /dev/ipmi0)'
need ipmitool
is_root || denied 'the management controller is for root only'
echo "now=$(date +%s)"
as_root ipmitool sel list last 60 2>/dev/null
echo "status=$?"`,
  schema,
  parse: (stdout) => {
    const lines = stdout.split('\n', 400);
    const now = countIn(lines.find((line) => line.startsWith('now='))?.slice(4));
    if (now === undefined || !lines.includes('status=0')) return unparsable('the management controller gave no list');
    return {
      events: lines.flatMap((line) => {
        const [, date = '', time = '', sensor = '', ...rest] = line.slice(0, 400).split('|').map((field) => field.trim());
        if (rest.length === 0 || rest.includes('Deasserted')) return [];
        const what = rest.join(' ');
        const kind = patterns.find(([, type, event]) => type.test(sensor) && event.test(what))?.[0];
        if (kind === undefined) return [];
        const at = timeOf(date, time);
        return [{ kind, ...(at === undefined || !Number.isFinite(at) ? {} : { secondsAgo: now - at }), text: line.trim().slice(0, 200) }];
      }),
    };
  },
  examples: [
    {
      from: 'documented',
      where: 'ipmitool(1), sel list; with a year of two digits, a time zone, and entries from before the clock was set',
      stdout: `now=1786506000
   1 |  Pre-Init  |0000000093| System ACPI Power State #0xd5 | S0/G0: working | Asserted
   2 | 08/10/2026 | 12:45:56 | Event Logging Disabled #0xe3 | Log area reset/cleared | Asserted
   3 | 08/11/26 | 19:49:31 CET | Memory #0xb2 | Correctable ECC | Asserted
   4 | 08/11/2026 | 07:49:31 PM UTC | Memory #0xb2 | Uncorrectable ECC (UnCorrectable ECC | DIMMD7) | Asserted
   5 | 08/12/2026 | 03:40:00 UTC | Processor #0x04 | Presence detected | Asserted
   6 | 08/12/2026 | 03:40:00 UTC | Processor #0x09 | IERR | Asserted
   7 | 08/12/2026 | 03:41:22 UTC | Watchdog2 #0x71 | Hard reset | Asserted
   8 | 08/12/2026 | 03:42:00 | Power Supply #0x62 | Power Supply AC lost | Asserted
   9 | 08/12/2026 | 03:43:00 | Power Supply #0x62 | Power Supply AC lost | Deasserted
status=0
`,
      expect: {
        events: [
          { kind: 'memory-corrected', secondsAgo: 28_229 },
          { kind: 'memory-uncorrected', secondsAgo: 28_229 },
          { kind: 'processor', secondsAgo: 0 },
          { kind: 'watchdog', secondsAgo: -82 },
          { kind: 'power', secondsAgo: -120 },
        ],
      },
    },
    { from: 'documented', where: 'ipmitool(1): an empty log', stdout: 'now=1786506000\nSEL has no entries\nstatus=0\n', expect: { events: [] } },
    { from: 'documented', where: 'a controller that does not answer', stdout: 'now=1786506000\nstatus=1\n', expect: 'unparsable' },
  ],
});
