import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, keyAndValue, numberIn, words } from '../../lib/host-text.ts';
import { isoWithZone } from '../../lib/local-time.ts';

const mostJournalBoots = 8;
/** The last second of the year 9999: clocks beyond are broken. */
const latestSeconds = 253_402_300_799;

const bootSchema = z.object({
  /** 0 is the running one, -1 the one before. */
  index: z.number().int(),
  firstSeconds: z.number().optional(),
  /** When its journal was last written. */
  lastSeconds: z.number().optional(),
  kernel: z.string().optional(),
  /** As booted; values that look like secrets are left out on the host already. */
  commandLine: z.string().optional(),
  /** Revision of the processor's microcode. */
  microcode: z.string().optional(),
  /** Mainboard and firmware, as the kernel names them: `vendor model, BIOS version date`. */
  firmware: z.string().optional(),
});

const schema = z.object({
  nowSeconds: z.number(),
  uptimeSeconds: z.number(),
  runningKernel: z.string(),
  /** From the journal, the running boot first. */
  journal: z.array(bootSchema),
  /** From the records of logins (wtmp), newest first. Times with their zone. */
  wtmp: z.array(z.object({ kind: z.enum(['boot', 'shutdown']), at: z.string(), kernel: z.string().optional() })),
});
export type Boots = z.infer<typeof schema>;

function wtmpOf(line: string): Boots['wtmp'][number][] {
  const [name, , word, ...rest] = words(line.slice(0, 300));
  const at = rest.find((one) => isoWithZone.test(one));
  const kernel = rest[0] !== at ? rest[0]?.slice(0, 80) : undefined;
  if (at === undefined || !((name === 'reboot' && word === 'boot') || (name === 'shutdown' && word === 'down'))) return [];
  return [{ kind: name === 'reboot' ? 'boot' : 'shutdown', at, ...(kernel && { kernel }) }];
}

/** Boots and what ran in them, as far as journal and wtmp go back. Of each boot's kernel log only the first lines are read. */
export default defineProbe({
  id: 'boots',
  title: 'Boots and their kernels',
  subject: 'kernel',
  timeoutMs: 10_000,
  maxBytes: 65_536,
  root: { need: 'helps', adds: 'the journal of earlier boots' },
  sudo: [`/usr/bin/journalctl ^-q --no-pager -k -b (0\\|-[1-${mostJournalBoots}]) -o short-unix$`, `/usr/bin/journalctl ^-q --no-pager -b -[1-${mostJournalBoots}] -n 1 -o short-unix$`, '/usr/bin/journalctl -q --no-pager --list-boots'],
  sh: `read -r up rest </proc/uptime || exit 1
echo "now=$(date +%s)"
echo "uptime=$up"
echo "kernel=$(uname -r)"
if have last; then
  for f in /var/log/wtmp /var/log/wtmp.1; do
    if [ "$f" = /var/log/wtmp ]; then last -w -x --time-format iso -n 60 reboot shutdown 2>/dev/null
    elif [ -r "$f" ]; then last -w -x --time-format iso -n 30 -f "$f" reboot shutdown 2>/dev/null; fi
  done | awk '$2 == "system" && ($3 == "boot" || $3 == "down") { print "wtmp=" substr($0, 1, 200) }'
fi
have journalctl || exit 0
known=$(as_root journalctl -q --no-pager --list-boots 2>/dev/null | awk '$1 ~ /^-?[0-9]+$/ { n++ } END { print n + 0 }')
[ "$known" -le ${mostJournalBoots} ] || known=${mostJournalBoots}
n=0
while [ "$n" -lt "$known" ]; do
  if [ "$n" = 0 ]; then boot=0; else boot=-$n; fi
  echo "boot=$boot"
  as_root journalctl -q --no-pager -k -b "$boot" -o short-unix 2>/dev/null | head -n 1500 | awk '
  NR == 1 { print "first=" $1 }
  !version && /Linux version / { line = $0; sub(/.*Linux version /, "", line); split(line, parts, " "); print "version=" substr(parts[1], 1, 80); version = 1 }
  !command && /ommand line: / { line = $0; sub(/.*ommand line: /, "", line); n = split(line, parts, " "); line = ""
    for (i = 1; i <= n; i++) { word = parts[i]; if (tolower(word) ~ /(pass|secret|token|chap)[^=]*=/) sub(/=.*/, "=(left out)", word); line = line " " word }
    print "command-line=" substr(line, 2, 1000); command = 1 }
  /microcode: .*(revision|updated early)/ { line = $0; if (match(line, /(revision: ?|revision |to revision |sig=[^ ]+ pf=[^ ]+ revision=)0x[0-9a-f]+/)) { line = substr(line, RSTART, RLENGTH); sub(/.*0x/, "0x", line); code = line } }
  !firmware && /DMI: / { line = $0; sub(/.*DMI: /, "", line); print "firmware=" substr(line, 1, 160); firmware = 1 }
  END { if (code != "") print "microcode=" code }'
  [ "$n" = 0 ] || echo "last=$(as_root journalctl -q --no-pager -b "$boot" -n 1 -o short-unix 2>/dev/null | awk '{ print $1; exit }')"
  n=$((n + 1))
done`,
  schema,
  parse: (stdout) => {
    const single = new Map<string, string>();
    const journal: { -readonly [K in keyof Boots['journal'][number]]: Boots['journal'][number][K] }[] = [];
    const wtmp: Boots['wtmp'] = [];
    for (const line of stdout.split('\n', 1_000)) {
      const [key, value] = keyAndValue(line, '=') ?? ['', ''];
      const boot = journal.at(-1);
      if (key === 'wtmp') wtmp.push(...wtmpOf(value));
      else if (key === 'boot' && /^(0|-\d)$/.test(value)) journal.push({ index: Number(value) || 0 });
      else if (boot === undefined || value === '') single.set(key, value);
      else if (key === 'first') boot.firstSeconds = numberIn(value);
      else if (key === 'last') boot.lastSeconds = numberIn(value);
      else if (key === 'version') boot.kernel = value.slice(0, 80);
      else if (key === 'command-line') boot.commandLine = value.slice(0, 1_000);
      else if (key === 'microcode') boot.microcode = value.slice(0, 20);
      else if (key === 'firmware') boot.firmware = value.slice(0, 160);
    }
    const [nowSeconds, uptimeSeconds, runningKernel] = [countIn(single.get('now')), numberIn(single.get('uptime')), single.get('kernel')];
    if (nowSeconds === undefined || nowSeconds > latestSeconds || uptimeSeconds === undefined || runningKernel === undefined) return unparsable('time, uptime or kernel is not there');
    return { nowSeconds, uptimeSeconds, runningKernel, journal: journal.filter((one) => one.firstSeconds !== undefined), wtmp: wtmp.slice(0, 100) };
  },
  examples: [
    {
      from: 'documented',
      where: 'journalctl(1) short-unix and last(1) iso; a host that was updated and rebooted',
      stdout: `now=1795444000
uptime=3600.25
kernel=6.8.12-5-pve
wtmp=reboot   system boot  6.8.12-5-pve 2026-11-23T13:06:40+01:00   still running
wtmp=shutdown system down  6.8.12-4-pve 2026-11-23T13:05:20+01:00 - 2026-11-23T13:06:40+01:00  (00:01)
wtmp=reboot   system boot  6.8.12-4-pve 2026-10-01T09:00:00+02:00 - 2026-11-23T13:05:20+01:00 (53+05:05)
boot=0
first=1795440400.100001
version=6.8.12-5-pve
command-line=BOOT_IMAGE=/boot/vmlinuz-6.8.12-5-pve root=ZFS=rpool/ROOT/pve-1 ro quiet
firmware=Supermicro Super Server/X11SSM-F, BIOS 2.7 12/07/2021
microcode=0xf4
boot=-1
first=1790838000.5
version=6.8.12-4-pve
command-line=BOOT_IMAGE=/boot/vmlinuz-6.8.12-4-pve root=ZFS=rpool/ROOT/pve-1 ro quiet
last=1795440320.75
`,
      expect: {
        nowSeconds: 1_795_444_000,
        uptimeSeconds: 3_600.25,
        runningKernel: '6.8.12-5-pve',
        journal: [
          { index: 0, firstSeconds: 1_795_440_400.100_001, kernel: '6.8.12-5-pve', microcode: '0xf4', firmware: 'Supermicro Super Server/X11SSM-F, BIOS 2.7 12/07/2021' },
          { index: -1, lastSeconds: 1_795_440_320.75, kernel: '6.8.12-4-pve' },
        ],
        wtmp: [{ kind: 'boot', kernel: '6.8.12-5-pve', at: '2026-11-23T13:06:40+01:00' }, { kind: 'shutdown' }, { kind: 'boot', kernel: '6.8.12-4-pve' }],
      },
    },
    { from: 'documented', where: 'busybox: neither last nor a journal', stdout: 'now=1795444000\nuptime=3600.25\nkernel=6.6.1\n', expect: { journal: [], wtmp: [], runningKernel: '6.6.1' } },
    { from: 'documented', where: 'cut off', stdout: 'now=1795444000\n', expect: 'unparsable' },
    { from: 'documented', where: 'a clock far beyond all calendars', stdout: 'now=900000000000\nuptime=1\nkernel=6.6.1\n', expect: 'unparsable' },
  ],
});
