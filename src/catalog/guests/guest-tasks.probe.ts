import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, dumpedFiles, words } from '../../lib/host-text.ts';
import { upidOf } from './proxmox-task.ts';

const schema = z.object({
  /** The last start or stop of each guest that this node's task log knows. */
  last: z.array(
    z.object({
      /** `qemu/100`, `lxc/101`. */
      object: z.string(),
      /** `qmstart`, `qmstop`, `qmshutdown`, `vzstart`, `vzshutdown`, `qmigrate`, … */
      type: z.string(),
      startedAt: z.number(),
      ok: z.boolean(),
      says: z.string(),
    }),
  ),
  /** The oldest task that the log knows. */
  oldestAt: z.number().optional(),
  now: z.number(),
});

const kinds = ['qmstart', 'qmstop', 'qmshutdown', 'qmsuspend', 'qmigrate', 'qmdestroy', 'vzstart', 'vzstop', 'vzshutdown', 'vzsuspend', 'vzmigrate', 'vzdestroy'];

export default defineProbe({
  id: 'guest-tasks',
  title: 'Last start or stop of each guest',
  subject: 'guests',
  timeoutMs: 4_000,
  maxBytes: 131_072,
  root: { need: 'needed', adds: 'when and how each guest was last started or stopped' },
  sudo: ['/usr/bin/tail ^-q -n 3000 /var/log/pve/tasks/index\\.1 /var/log/pve/tasks/index$'],
  sh: `[ -d /var/log/pve/tasks ] || absent 'this is not a Proxmox VE host'
is_root || denied 'the task log is for root only'
need awk
echo '==> now <=='
date +%s
echo '==> last <=='
as_root tail -q -n 3000 /var/log/pve/tasks/index.1 /var/log/pve/tasks/index 2>/dev/null | awk -F: '
NR == 1 { first = $0; sub(/:[^: ]*: .*/, ":", first); print first, "oldest" }
$6 ~ /^(${kinds.join('|')})$/ && $7 != "" { user = $8; line = $0; i = index(line, ":" user ": "); if (user != "" && i) line = substr(line, 1, i) substr(line, i + length(user) + 2); last[substr($6, 1, 2) $7] = line }
END { for (guest in last) if (++count <= 1000) print last[guest] }' | sed "s/command '.*'/command/" | cut -c 1-300
echo '==> end <=='`,
  schema,
  parse: (stdout) => {
    const files = dumpedFiles(stdout);
    const now = countIn(files.get('now')?.trim());
    if (!files.has('end') || now === undefined) return unparsable('the answer does not reach its end');
    const lines = (files.get('last') ?? '').split('\n', 1100);
    const oldest = upidOf(words(lines[0] ?? '')[0] ?? '');
    const last = lines.flatMap((line) => {
      const [id = '', ended = '', ...rest] = words(line);
      const upid = upidOf(id);
      if (upid === undefined || !kinds.includes(upid.type) || !/^\d{1,9}$/.test(upid.guestId) || !/^[0-9A-Fa-f]{8}$/.test(ended)) return [];
      const says = rest.join(' ').slice(0, 200);
      const kind = upid.type.startsWith('vz') ? 'lxc' : 'qemu';
      return [{ object: `${kind}/${upid.guestId}`, type: upid.type, startedAt: upid.startedAt, ok: says === 'OK' || says.startsWith('WARNINGS'), says }];
    });
    return { last, ...(oldest && { oldestAt: oldest.startedAt }), now };
  },
  examples: [
    {
      from: 'documented',
      where: 'Proxmox VE 8: the index of finished tasks (pve-common, UPID)',
      stdout: `==> now <==
1700100000
==> last <==
UPID:pve1:00000ABC:00001000:65400000:startall:: oldest
UPID:pve1:00000ABC:00001000:65550000:qmstart:100: 65550003 start failed: QEMU exited with code 1
UPID:pve1:00000ABD:00001100:65550010:vzshutdown:101: 65550020 OK
==> end <==
`,
      expect: {
        oldestAt: 0x65400000,
        last: [
          { object: 'qemu/100', type: 'qmstart', startedAt: 0x65550000, ok: false },
          { object: 'lxc/101', type: 'vzshutdown', ok: true, says: 'OK' },
        ],
      },
    },
    { from: 'documented', where: 'an empty log', stdout: '==> now <==\n1700100000\n==> last <==\n==> end <==\n', expect: { last: [], now: 1_700_100_000 } },
    { from: 'documented', where: 'an answer that was cut', stdout: '', expect: 'unparsable' },
  ],
});
