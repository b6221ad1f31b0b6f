import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, numberIn, words } from '../../lib/host-text.ts';
import { upidOf } from './proxmox-task.ts';

const schema = z.object({
  /** Processes that copy a lot: backups, image copies, replication. Names only. */
  copying: z.array(
    z.object({
      pid: z.number().int(),
      /** `vzdump`, `proxmox-backup-client`, `zfs send`, `zfs receive`, `qemu-img`, `restic`, `borg`, `rsync`, … */
      name: z.string(),
      state: z.string(),
      elapsedSeconds: z.number(),
      /** Read and written through block devices so far; needs root. */
      readBytes: z.number().optional(),
      writtenBytes: z.number().optional(),
    }),
  ),
  /** Tasks of Proxmox VE that have no end yet (the list keeps ended ones for a while) and whose process is still there. */
  tasks: z.array(
    z.object({
      /** `vzdump`, `qmigrate`, `qmclone`, `imgcopy`, `vzrestore`, `qmrestore`, … */
      type: z.string(),
      /** The guest it is for; empty for a job over several. */
      guestId: z.string(),
      pid: z.number().int(),
      elapsedSeconds: z.number(),
    }),
  ),
});
const ticksPerSecond = 100;

/** Names as the kernel cuts them after 15 characters. */
const names =
  'vzdump|proxmox-backup-|pbs-restore|qemu-img|zfs|restic|borg|rsync|duplicity|kopia|rclone|rsnapshot|rdiff-backup|bacula-fd|veeamagent|urbackupclientb|syncoid|pvesr|dd|cp|tar|partclone[.].*|mbuffer|pigz|zstd|lzop';

export default defineProbe({
  id: 'running-tasks',
  title: 'Backups, copies and other long operations that run now',
  subject: 'guests',
  timeoutMs: 4_000,
  maxBytes: 65_536,
  root: { need: 'helps', adds: 'how much each copying process has read and written' },
  sh: `need awk
read -r uptime rest </proc/uptime; echo "uptime $uptime"
grep -HsxE '${names}' /proc/[0-9]*/comm | awk '
function word(file, l) { l = ""; getline l < file; close(file); return l }
{
  i = index($0, "/comm:"); comm = substr($0, i + 6); $0 = substr($0, 1, i - 1)
  l = word($0 "/stat"); while ((n = index(l, ")")) > 0) l = substr(l, n + 1)
  if (split(l, s, " ") < 20 || ++count > 100) next
  read = written = "-"
  while ((getline l < ($0 "/io")) > 0) { split(l, f, " "); if (f[1] == "read_bytes:") read = f[2]; if (f[1] == "write_bytes:") written = f[2] }
  close($0 "/io")
  print "copy", substr($0, 7), s[1], s[20], read, written, comm
}' | while read -r word pid state start read written comm; do
  case $comm in
    zfs) [ "$state" != D ] && comm="zfs $(tr '\\0' '\\n' <"/proc/$pid/cmdline" 2>/dev/null | sed -n '2{/^[a-z]*$/p;q;}')" ;;
    proxmox-backup-) exe=$(readlink "/proc/$pid/exe"); exe=\${exe% (deleted)}; comm=\${exe##*/} ;;
  esac
  echo "$word $pid $state $start $read $written $comm"
done
[ -r /var/log/pve/tasks/active ] && while read -r upid rest; do
  case $upid in UPID:*) ;; *) continue ;; esac
  case $rest in *' '*) continue ;; esac
  pid=\${upid#UPID:*:}; pid=\${pid%%:*}
  case $pid in *[!0-9A-Fa-f]*|'') continue ;; esac
  pid=$((0x$pid))
  { read -r line <"/proc/$pid/stat"; } 2>/dev/null || continue
  set -f; set -- \${line##*)}; set +f
  echo "task $pid \${20} \${upid%:*:}"
done </var/log/pve/tasks/active
echo end`,
  schema,
  parse: (stdout) => {
    const lines = stdout.split('\n', 2000);
    if (!lines.includes('end')) return unparsable('the answer does not reach its end');
    const uptimeSeconds = numberIn(words(lines.find((line) => line.startsWith('uptime ')) ?? '')[1]) ?? 0;
    const since = (ticks: number): number => Math.max(0, Math.round(uptimeSeconds - ticks / ticksPerSecond));
    const copying = lines.flatMap((line) => {
      const [kind, pid, state = '', start, read, written, ...name] = words(line);
      const [id, ticks] = [countIn(pid), countIn(start)];
      if (kind !== 'copy' || id === undefined || ticks === undefined || /^zfs( (?!send|receive|recv).*)?$/.test(name.join(' '))) return [];
      if (/^proxmox-backup-(proxy|api|manager)$/.test(name[0] ?? '')) return [];
      const [readBytes, writtenBytes] = [countIn(read), countIn(written)];
      return [
        {
          pid: id,
          name: name.join(' ').slice(0, 60),
          state,
          elapsedSeconds: since(ticks),
          ...(readBytes !== undefined && { readBytes }),
          ...(writtenBytes !== undefined && { writtenBytes }),
        },
      ];
    });
    const tasks = lines.flatMap((line) => {
      const [kind, pid, start, text] = words(line);
      const [id, ticks, upid] = [countIn(pid), countIn(start), upidOf(text ?? '')];
      if (kind !== 'task' || id === undefined || ticks === undefined || upid?.processStartTicks !== ticks) return [];
      return [{ type: upid.type, guestId: upid.guestId, pid: id, elapsedSeconds: since(ticks) }];
    });
    return { copying: copying.slice(0, 100), tasks: tasks.slice(0, 200) };
  },
  examples: [
    {
      from: 'documented',
      where: 'Proxmox VE 8: the list of active tasks (pve-common, UPID), a backup at work and an older entry whose process is gone',
      stdout: `uptime 86400.00
copy 4411 D 8600000 104857600 4096 zfs send
copy 4412 S 8600000 - - zfs list
copy 900 S 100 - - proxmox-backup-proxy
copy 5000 D 8639000 1048576 0 proxmox-backup-client
task 5432 8634000 UPID:pve1:00001538:0083BE90:65A1B2C3:vzdump:100
task 77 12 UPID:pve1:0000004D:0000AAAA:65A00000:qmstart:104
end
`,
      expect: {
        copying: [
          { pid: 4411, name: 'zfs send', state: 'D', elapsedSeconds: 400, readBytes: 104_857_600 },
          { pid: 5000, name: 'proxmox-backup-client', elapsedSeconds: 10 },
        ],
        tasks: [{ type: 'vzdump', guestId: '100', pid: 5432, elapsedSeconds: 60 }],
      },
    },
    {
      from: 'recorded',
      where: 'Debian 12: restic at work, and a zfs command that copies nothing',
      stdout: 'uptime 2575.39\ncopy 19607 S 257459 0 0 restic\ncopy 19608 S 257459 0 0 zfs \nend\n',
      expect: { copying: [{ pid: 19_607, name: 'restic', state: 'S', elapsedSeconds: 1, writtenBytes: 0 }], tasks: [] },
    },
    { from: 'documented', where: 'an answer that was cut', stdout: '', expect: 'unparsable' },
  ],
});
