import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, numberIn } from '../../lib/host-text.ts';

const backupSchema = z.object({
  /** `qemu/100`, `lxc/101`: the guest that the task works on now. */
  object: z.string(),
  /** Its writes go to a local image meanwhile, and do not wait for the target. */
  fleecing: z.boolean(),
  percentDone: z.number().optional(),
  /** Since the line before: what was read from the guest's disks, and what of it had to be sent to the target. */
  readBytesPerSecond: z.number().optional(),
  writeBytesPerSecond: z.number().optional(),
});
export type RunningBackup = z.infer<typeof backupSchema>;

const units: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 };

function rateIn(line: string, word: 'read' | 'write'): number | undefined {
  const [, number, unit] = new RegExp(`${word}: (\\d{1,6}(?:\\.\\d{1,3})?) (B|KiB|MiB|GiB|TiB)/s`).exec(line) ?? [];
  const value = numberIn(number);
  return value === undefined || unit === undefined ? undefined : value * (units[unit] ?? 1);
}

/** What the lines of one task's log say last; undefined once its last guest is finished. */
function backupOf(lines: readonly string[]): RunningBackup | undefined {
  let backup: RunningBackup | undefined;
  for (const line of lines) {
    const started = /Starting Backup of VM (\d{1,9}) \((qemu|lxc)\)/.exec(line);
    if (started) backup = { object: `${started[2]}/${started[1]}`, fleecing: false };
    else if (/(?:Finished|ERROR: Backup of) (?:Backup of )?VM \d/.test(line)) backup = undefined;
    else if (backup !== undefined && line.includes('attaching fleecing image')) backup.fleecing = true;
    else if (backup !== undefined && line.includes('read: ')) {
      const [percentDone, readBytesPerSecond, writeBytesPerSecond] = [countIn(/(\d{1,3})% \(/.exec(line)?.[1]), rateIn(line, 'read'), rateIn(line, 'write')];
      backup = {
        object: backup.object,
        fleecing: backup.fleecing,
        ...(percentDone !== undefined && { percentDone }),
        ...(readBytesPerSecond !== undefined && { readBytesPerSecond }),
        ...(writeBytesPerSecond !== undefined && { writeBytesPerSecond }),
      };
    }
  }
  return backup;
}

/** Of the log of each vzdump task that runs (its place: pve-common, UPID), only lines about the guest in work, speed and fleecing (qemu-server, VZDump). */
export default defineProbe({
  id: 'backup-progress',
  title: 'Running backups: guest, speed and fleecing',
  subject: 'guests',
  family: 'pve',
  timeoutMs: 4_000,
  maxBytes: 65_536,
  root: { need: 'needed', adds: 'which guest a backup works on, and how fast its target takes it' },
  sudo: ['/usr/bin/tail ^-n 400 /var/log/pve/tasks/[0-9A-F]/UPID:[^ ]+:vzdump:[^ ]*$'],
  sh: `[ -d /var/log/pve/tasks ] || absent 'this is not a Proxmox VE host'
is_root || denied 'the task logs are for root only'
count=0
while read -r upid rest; do
  case $upid in */*) continue ;; UPID:*:vzdump:*) ;; *) continue ;; esac
  pid=\${upid#UPID:*:}; pid=\${pid%%:*}
  time=\${upid#UPID:*:*:*:}; time=\${time%%:*}
  case $pid$time in *[!0-9A-Fa-f]* | '') continue ;; esac
  [ -d "/proc/$((0x$pid))" ] || continue
  count=$((count + 1)); [ "$count" -le 4 ] || break
  echo '==> task <=='
  as_root tail -n 400 "/var/log/pve/tasks/\${time#"\${time%?}"}/$upid" 2>/dev/null | grep -E 'Starting Backup of VM|Finished Backup of VM|ERROR: Backup of VM|attaching fleecing image|read: .*write: ' | cut -c 1-200 | tail -n 40
done </var/log/pve/tasks/active 2>/dev/null
echo '==> end <=='`,
  schema: z.object({ backups: z.array(backupSchema) }),
  parse: (stdout) => {
    const tasks: string[][] = [];
    let ended = false;
    for (const line of stdout.split('\n', 400)) {
      if (line === '==> task <==') tasks.push([]);
      else if (line === '==> end <==') ended = true;
      else tasks.at(-1)?.push(line.slice(0, 200));
    }
    return ended ? { backups: tasks.flatMap((lines) => backupOf(lines) ?? []) } : unparsable('the answer does not reach its end');
  },
  examples: [
    {
      from: 'documented',
      where: 'Proxmox VE 8: task log of vzdump (qemu-server, VZDump/QemuServer.pm), the second guest in work, with fleecing; another task has just finished its guest',
      stdout: `==> task <==
INFO: Starting Backup of VM 100 (qemu)
INFO: 100% (32.0 GiB of 32.0 GiB) in 5m 2s, read: 165.2 MiB/s, write: 63.9 MiB/s
INFO: Finished Backup of VM 100 (00:05:10)
INFO: Starting Backup of VM 101 (qemu)
INFO: drive-scsi0: attaching fleecing image local-zfs:vm-101-fleece-0 to QEMU
INFO:   1% (1.3 GiB of 120.0 GiB) in 3s, read: 436.0 MiB/s, write: 12.5 MiB/s
==> task <==
INFO: Starting Backup of VM 102 (lxc)
INFO: Finished Backup of VM 102 (00:01:10)
==> end <==
`,
      expect: { backups: [{ object: 'qemu/101', fleecing: true, percentDone: 1, readBytesPerSecond: 436 * 1024 ** 2, writeBytesPerSecond: 12.5 * 1024 ** 2 }] },
    },
    { from: 'documented', where: 'no backup runs', stdout: '==> end <==\n', expect: { backups: [] } },
    { from: 'documented', where: 'an answer that was cut', stdout: '==> task <==\nINFO: Starting', expect: 'unparsable' },
  ],
});
