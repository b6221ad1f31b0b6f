import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { countIn, keyAndValue } from '../../lib/host-text.ts';

const schema = z.object({
  /** Whether the boot before this one ended with an orderly shutdown. Left out where nothing was kept of it. */
  previousBootEndedCleanly: z.boolean().optional(),
  /** What told it: the journal of that boot, or the records of logins and shutdowns (wtmp). */
  source: z.enum(['journal', 'wtmp', 'none']),
  /** When the journal of the boot before was last written, in seconds since 1970. */
  previousBootLastEntrySeconds: z.number().optional(),
  /** Boots that the journal or wtmp knows. */
  bootsKnown: z.number().int(),
  /** Remains of crashes that the firmware kept (pstore) or kdump wrote. */
  crashRecords: z.number().int(),
  /** Those of them that were written since half an hour before this boot. */
  recentCrashRecords: z.number().int().optional(),
  /** What wtmp says, also where the journal tells. */
  loginsEndedCleanly: z.boolean().optional(),
  /** Among the last lines of the boot before: those about a panic, hardware errors, heat, a watchdog or the power key. */
  lastWords: z.array(z.string()).optional(),
  /** A watchdog's hardware says that it reset the machine (WDIOF_CARDRESET, kernel document watchdog/watchdog-api). */
  watchdogReset: z.boolean().optional(),
});
export type BootHistory = z.infer<typeof schema>;

const cardReset = 0x20;
const booted = /^reboot\s+system boot/;
const stopped = /^shutdown\s+system down/;

/**
 * wtmp as `last -x` prints it, newest first: the boot before ended well when a shutdown lies between two boots. Where no shutdown was ever
 * written down, as some implementations leave them out, two boots in a row say nothing.
 */
function fromWtmp(lines: readonly string[]): { boots: number; clean?: boolean } {
  const events = lines.filter((line) => booted.test(line) || stopped.test(line));
  const first = events.findIndex((line) => booted.test(line));
  const boots = events.filter((line) => booted.test(line)).length;
  const before = events[first + 1];
  const writesShutdowns = events.some((line) => stopped.test(line));
  return first < 0 || before === undefined || boots < 2 || !writesShutdowns ? { boots } : { boots, clean: stopped.test(before) };
}

/** How the boot before this one ended. */
export default defineProbe({
  id: 'boot-history',
  title: 'How the last boot ended',
  subject: 'kernel',
  timeoutMs: 6_000,
  maxBytes: 16_384,
  root: { need: 'helps', adds: 'the journal of the boot before and crash records' },
  sudo: ['/usr/bin/journalctl -q --no-pager -b -1 -n 80 -o short-unix'],
  sh: `crashes=0
for f in /sys/fs/pstore/* /var/lib/systemd/pstore/* /var/crash/[0-9]*; do [ -e "$f" ] && crashes=$((crashes + 1)); done
echo "crashes=$crashes"
up=0
{ read -r up rest < /proc/uptime; } 2>/dev/null
minutes=$((\${up%%.*} / 60 + 30))
[ "$crashes" = 0 ] || find /sys/fs/pstore/* /var/lib/systemd/pstore/* /var/crash/[0-9]* -maxdepth 0 -mmin "-$minutes" 2>/dev/null | awk 'END { print "recent-crashes=" NR }'
for f in /sys/class/watchdog/watchdog*/bootstatus; do { read -r status < "$f"; } 2>/dev/null && echo "watchdog=$status"; done
if have journalctl; then
  as_root journalctl -q --no-pager -b -1 -n 80 -o short-unix 2>/dev/null | awk '
  { seen++; at = $1 }
  /kernel: .*(Kernel panic|Oops|BUG: |Hardware Error|[Cc]ritical temperature|[Ww]atchdog)|watchdog-mux\\[[0-9]+\\]: |Power key pressed/ {
    line = $0; sub(/^[^ ]+ [^ ]+ /, "", line); if (++told <= 5) print "word=" substr(line, 1, 240) }
  /systemd-shutdown\\[|Journal stopped|Reached target .*([Rr]eboot|[Pp]ower.?[Oo]ff|[Ss]hutdown|[Hh]alt|[Kk]exec)|Shutting down\\./ { clean = 1 }
  END { if (seen) printf "journal-seconds=%s\\njournal-clean=%s\\n", at, clean ? "yes" : "no" }'
fi
if have last; then last -x -n 12 reboot shutdown 2>/dev/null | awk '/system (boot|down)/ { print "wtmp=" $1 " " $2 " " $3 }'; fi
:`,
  schema,
  parse: (stdout) => {
    const single = new Map<string, string>();
    const wtmp: string[] = [];
    const lastWords: string[] = [];
    let watchdogReset: boolean | undefined;
    for (const line of stdout.split('\n')) {
      const [key, value] = keyAndValue(line, '=') ?? ['', ''];
      if (key === 'wtmp') wtmp.push(value);
      else if (key === 'word') lastWords.push(value.slice(0, 240));
      else if (key === 'watchdog' && countIn(value) !== undefined) watchdogReset = watchdogReset === true || (Number(value) & cardReset) !== 0;
      else single.set(key, value);
    }
    const crashRecords = countIn(single.get('crashes')) ?? 0;
    const recentCrashRecords = countIn(single.get('recent-crashes'));
    const clean = single.get('journal-clean');
    const logins = fromWtmp(wtmp);
    const always = {
      bootsKnown: Math.max(logins.boots, clean === undefined ? 0 : 2),
      crashRecords,
      ...(recentCrashRecords === undefined ? {} : { recentCrashRecords }),
      ...(logins.clean === undefined ? {} : { loginsEndedCleanly: logins.clean }),
      ...(lastWords.length === 0 ? {} : { lastWords: lastWords.slice(0, 5) }),
      ...(watchdogReset === undefined ? {} : { watchdogReset }),
    };
    if (clean === 'yes' || clean === 'no') {
      const previousBootLastEntrySeconds = countIn(single.get('journal-seconds')?.split('.')[0]);
      return { previousBootEndedCleanly: clean === 'yes', source: 'journal' as const, previousBootLastEntrySeconds, ...always };
    }
    if (logins.clean === undefined) return { source: 'none' as const, ...always };
    return { previousBootEndedCleanly: logins.clean, source: 'wtmp' as const, ...always };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, its first boot, util-linux 2.38',
      stdout: 'crashes=0\nwtmp=reboot system boot\n',
      expect: { source: 'none', bootsKnown: 1, crashRecords: 0 },
    },
    {
      from: 'documented',
      where: 'last(1): two boots with no shutdown between them, and a crash record in pstore',
      stdout: 'crashes=2\nwtmp=reboot system boot\nwtmp=reboot system boot\nwtmp=shutdown system down\n',
      expect: { previousBootEndedCleanly: false, source: 'wtmp', crashRecords: 2 },
    },
    {
      from: 'documented',
      where: 'journalctl(1): the journal of the boot before ends with the shutdown',
      stdout: 'crashes=0\njournal-seconds=1795400001.123456\njournal-clean=yes\nwtmp=reboot system boot\n',
      expect: { previousBootEndedCleanly: true, source: 'journal', previousBootLastEntrySeconds: 1795400001 },
    },
    {
      from: 'documented',
      where: 'wtmpdb of Debian 13, which lists no shutdowns: two boots say nothing',
      stdout: 'crashes=0\nwtmp=reboot system boot\nwtmp=reboot system boot\n',
      expect: { source: 'none', bootsKnown: 2 },
    },
    {
      from: 'documented',
      where: 'watchdog-mux of Proxmox VE and the kernel document watchdog/watchdog-api: the journal breaks off, and a watchdog owns to the reset',
      stdout: `crashes=3
recent-crashes=1
watchdog=0
watchdog=32
word=watchdog-mux[812]: client watchdog expired - disable watchdog updates
journal-seconds=1795400001.123456
journal-clean=no
wtmp=reboot system boot
wtmp=reboot system boot
wtmp=shutdown system down
`,
      expect: {
        previousBootEndedCleanly: false,
        source: 'journal',
        loginsEndedCleanly: false,
        crashRecords: 3,
        recentCrashRecords: 1,
        watchdogReset: true,
        lastWords: ['watchdog-mux[812]: client watchdog expired - disable watchdog updates'],
      },
    },
  ],
});
