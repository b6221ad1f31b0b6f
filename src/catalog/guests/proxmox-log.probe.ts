import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { numberIn } from '../../lib/host-text.ts';

const programs = ['corosync', 'pmxcfs', 'pve-ha-crm', 'pve-ha-lrm', 'pvestatd', 'watchdog-mux'] as const;

const lineSchema = z.object({
  program: z.enum(programs),
  /** Seconds since 1970. */
  at: z.number(),
  text: z.string(),
});
const schema = z.object({
  /** Telling lines of the cluster's services since the boot, oldest first; at most the last 60 of each program. */
  lines: z.array(lineSchema),
  /** The last ones of the boot before this one. */
  previousBoot: z.array(lineSchema),
  /** The host's clock, in seconds since 1970. */
  now: z.number(),
});
export type ProxmoxLog = z.infer<typeof schema>;
export type ProxmoxLogLine = z.infer<typeof lineSchema>;

function lineOf(text: string): ProxmoxLogLine | undefined {
  const [, at, name, says] = /^(\d{1,12}(?:\.\d{1,9})?) \S{1,100} ([a-z-]{1,40})(?:\[\d{1,10}\])?: (.{1,300})/.exec(text) ?? [];
  const program = programs.find((one) => one === name);
  const seconds = numberIn(at);
  return program === undefined || seconds === undefined || says === undefined ? undefined : { program, at: seconds, text: says };
}

/** Which of the lines are telling; all others, such as each login and each sync of a file, stay on the host. */
const telling =
  'QUORUM|Token has not been|link: [0-9]+ is (down|up)|no active links|processor failed|quorum|cpg_send_message|crit:|\\[database\\]|status change|lost lock|fenc|watchdog|status update time|got timeout|not online|unreachable|error';

/** What the services of a Proxmox VE cluster logged (identifiers as in their units). */
export default defineProbe({
  id: 'proxmox-log',
  title: 'Log of the cluster’s services',
  subject: 'guests',
  timeoutMs: 6_000,
  maxBytes: 131_072,
  root: { need: 'needed', adds: 'what the cluster, the status daemon and the watchdog logged' },
  sudo: [
    `/usr/bin/journalctl -q --no-pager -o short-unix -b 0 -n 3000 ${programs.map((one) => `-t ${one}`).join(' ')}`,
    `/usr/bin/journalctl -q --no-pager -o short-unix -b -1 -n 80 ${programs.filter((one) => one !== 'pvestatd').map((one) => `-t ${one}`).join(' ')}`,
  ],
  sh: `[ -d /var/lib/pve-cluster ] || absent 'this is not a Proxmox VE host'
need journalctl
is_root || denied 'the log of the services is for root only'
telling() { grep -E '${telling}' | sed "s/command '.*'/command/" | cut -c 1-360; }
echo "now $(date +%s)"
echo '==> before <=='
as_root journalctl -q --no-pager -o short-unix -b -1 -n 80 ${programs.filter((one) => one !== 'pvestatd').map((one) => `-t ${one}`).join(' ')} 2>/dev/null | telling
echo '==> since <=='
as_root journalctl -q --no-pager -o short-unix -b 0 -n 3000 ${programs.map((one) => `-t ${one}`).join(' ')} 2>/dev/null | telling | awk '
{ name = $3; sub(/\\[.*/, "", name); sub(/:.*/, "", name); line[NR] = $0; slot = ++count[name] % 60; if (count[name] > 60) delete line[at[name, slot]]; at[name, slot] = NR }
END { for (i = 1; i <= NR; i++) if (i in line) print line[i] }'
echo '==> end <=='`,
  schema,
  parse: (stdout) => {
    const all = stdout.split('\n', 1000);
    const now = numberIn(/^now (\d{1,12})$/.exec(all[0] ?? '')?.[1]);
    const since = all.indexOf('==> since <==');
    if (now === undefined || since < 0 || !all.includes('==> end <==')) return unparsable('the answer does not reach its end');
    const linesOf = (some: readonly string[]): ProxmoxLogLine[] => some.flatMap((line) => lineOf(line) ?? []);
    return { previousBoot: linesOf(all.slice(1, since)), lines: linesOf(all.slice(since)), now };
  },
  examples: [
    {
      from: 'documented',
      where: 'texts of corosync 3.1, pve-cluster 8 and pve-ha-manager 4: a node that lost its links was reset by its watchdog, and has quorum again',
      stdout: `now 1700003600
==> before <==
1699999900.100000 pve1 corosync[1500]:   [KNET  ] link: host: 2 link: 0 is down
1699999902.200000 pve1 corosync[1500]:   [TOTEM ] Token has not been received in 2737 ms
1699999910.300000 pve1 corosync[1500]:   [QUORUM] This node is within the non-primary component and will NOT provide any services.
1699999910.400000 pve1 pmxcfs[1402]: [status] notice: node lost quorum
1699999951.500000 pve1 watchdog-mux[900]: client watchdog is about to expire
1699999961.600000 pve1 watchdog-mux[900]: client watchdog expired - disable watchdog updates
==> since <==
1700000100.700000 pve1 pmxcfs[1400]: [status] notice: node has quorum
1700003500.800000 pve1 pvestatd[1600]: status update time (12.345 seconds)
1700003501.900000 pve1 sshd[1700]: error: this is another program
==> end <==
`,
      expect: {
        now: 1_700_003_600,
        previousBoot: [
          { program: 'corosync', at: 1_699_999_900.1, text: '  [KNET  ] link: host: 2 link: 0 is down' },
          { program: 'corosync' },
          { program: 'corosync' },
          { program: 'pmxcfs', text: '[status] notice: node lost quorum' },
          { program: 'watchdog-mux' },
          { program: 'watchdog-mux', text: 'client watchdog expired - disable watchdog updates' },
        ],
        lines: [
          { program: 'pmxcfs', text: '[status] notice: node has quorum' },
          { program: 'pvestatd', text: 'status update time (12.345 seconds)' },
        ],
      },
    },
    { from: 'documented', where: 'a host by itself that has logged nothing of the kind', stdout: 'now 1700003600\n==> before <==\n==> since <==\n==> end <==\n', expect: { lines: [], previousBoot: [] } },
    { from: 'documented', where: 'an answer that was cut', stdout: 'now 1700003600\n==> before <==\n', expect: 'unparsable' },
  ],
});
