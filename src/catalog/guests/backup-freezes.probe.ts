import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn } from '../../lib/host-text.ts';

const schema = z.object({
  /** VMs whose file systems the last backup had its agent freeze. */
  guests: z.array(
    z.object({
      object: z.string(),
      /** `thawed`; `thaw-failed`: the agent gave no answer to that; `not-thawed`: it was not even asked. */
      outcome: z.enum(['thawed', 'thaw-failed', 'not-thawed']),
      /** The last line about it. */
      says: z.string(),
      /** When the log was last written, in seconds since 1970. */
      endedAt: z.number().optional(),
    }),
  ),
  now: z.number(),
});
export type BackupFreezes = z.infer<typeof schema>;

/** The log of each guest's last backup (vzdump(1) keeps it in /var/log/vzdump), the lines about freezing only. */
export default defineProbe({
  id: 'backup-freezes',
  title: 'File systems that the last backups froze in guests',
  subject: 'guests',
  timeoutMs: 4_000,
  maxBytes: 131_072,
  root: { need: 'needed', adds: 'whether a backup left the file systems of a guest frozen' },
  sudo: ['/usr/bin/grep -rs -e fs-freeze -e fs-thaw -e fsfreeze /var/log/vzdump/'],
  sh: `echo "now $(date +%s)"
[ -d /var/log/vzdump ] || { echo end; exit 0; }
is_root || denied 'the logs of backups are for root only'
stat -c 'ended %Y %n' /var/log/vzdump/qemu-*.log 2>/dev/null | head -n 1000
as_root grep -rs -e fs-freeze -e fs-thaw -e fsfreeze /var/log/vzdump/ | sed -n 's/^\\/var\\/log\\/vzdump\\/*\\(qemu-[0-9]*[.]log:\\)/line \\1/p' | cut -c 1-260 | head -n 3000
echo end`,
  schema,
  parse: (stdout) => {
    const all = stdout.split('\n', 5000);
    const now = countIn(/^now (\d{1,12})$/.exec(all[0] ?? '')?.[1]);
    if (now === undefined || !all.includes('end')) return unparsable('the answer does not reach its end');
    const endedAt = new Map<string, number>();
    const linesOf = new Map<string, string[]>();
    for (const line of all) {
      const [, seconds, ended] = /^ended (\d{1,12}) \/var\/log\/vzdump\/qemu-(\d{1,9})\.log$/.exec(line) ?? [];
      if (seconds !== undefined && ended !== undefined) endedAt.set(ended, Number(seconds));
      const [, id, text] = /^line qemu-(\d{1,9})\.log:[0-9: -]{19} (.{1,240})/.exec(line) ?? [];
      if (id !== undefined && text !== undefined) linesOf.set(id, [...(linesOf.get(id) ?? []), text].slice(-20));
    }
    const guests = [...linesOf].flatMap(([id, lines]): BackupFreezes['guests'] => {
      const froze = lines.findLastIndex((text) => text.includes("issuing guest-agent 'fs-freeze'"));
      if (froze < 0) return [];
      const thaw = lines.findLastIndex((text) => text.includes("issuing guest-agent 'fs-thaw'"));
      const failed = thaw > froze && lines.slice(thaw + 1).some((text) => text.startsWith('ERROR:') && text.includes('thaw'));
      const at = endedAt.get(id);
      return [
        {
          object: `qemu/${id}`,
          outcome: thaw < froze ? 'not-thawed' : failed ? 'thaw-failed' : 'thawed',
          says: (lines.at(-1) ?? '').slice(0, 200),
          ...(at !== undefined && { endedAt: at }),
        },
      ];
    });
    return { guests: guests.slice(0, 1000), now };
  },
  examples: [
    {
      from: 'documented',
      where: 'Proxmox VE 8, vzdump of qemu-server: one good backup, one whose thaw got no answer, one that ended in between, one without an agent',
      stdout: `now 1700003600
ended 1700000100 /var/log/vzdump/qemu-100.log
ended 1700000400 /var/log/vzdump/qemu-101.log
ended 1700000500 /var/log/vzdump/qemu-102.log
line qemu-100.log:2023-11-14 22:13:20 INFO: issuing guest-agent 'fs-freeze' command
line qemu-100.log:2023-11-14 22:13:21 INFO: issuing guest-agent 'fs-thaw' command
line qemu-101.log:2023-11-14 22:16:20 INFO: issuing guest-agent 'fs-freeze' command
line qemu-101.log:2023-11-14 22:16:22 INFO: issuing guest-agent 'fs-thaw' command
line qemu-101.log:2023-11-14 22:16:32 ERROR: VM 101 qmp command 'guest-fsfreeze-thaw' failed - got timeout
line qemu-102.log:2023-11-14 22:18:20 INFO: issuing guest-agent 'fs-freeze' command
line qemu-103.log:2023-11-14 22:19:20 INFO: skipping guest-agent 'fs-freeze', agent configured but not running?
end
`,
      expect: {
        guests: [
          { object: 'qemu/100', outcome: 'thawed', endedAt: 1_700_000_100 },
          { object: 'qemu/101', outcome: 'thaw-failed', says: "ERROR: VM 101 qmp command 'guest-fsfreeze-thaw' failed - got timeout" },
          { object: 'qemu/102', outcome: 'not-thawed' },
        ],
        now: 1_700_003_600,
      },
    },
    { from: 'documented', where: 'no guest has an agent', stdout: 'now 1700003600\nend\n', expect: { guests: [] } },
    { from: 'documented', where: 'an answer that was cut', stdout: '', expect: 'unparsable' },
  ],
});
