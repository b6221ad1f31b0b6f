import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { parseGuestProcesses } from './guest-processes-text.ts';

export const guestProcessSchema = z.object({
  /** `qemu/100`, `lxc/101`, `libvirt/web`; `qemu/pid-4711` where nothing names it. */
  object: z.string(),
  kind: z.enum(['qemu', 'lxc', 'libvirt', 'nspawn']),
  name: z.string(),
  /** Of QEMU itself; of a container: of its first process. */
  pid: z.number().int(),
  /** As in proc_pid_stat(5): R, S, D, T, Z. */
  state: z.string(),
  rssBytes: z.number(),
  swapBytes: z.number(),
  threads: z.number(),
  runningSeconds: z.number(),
  /** QEMU only: the binary that it was started with is no longer the one on disk. Needs root. */
  binaryReplaced: z.boolean().optional(),
  /** QEMU only: version of the package that this very binary came from, out of the binary: `9.0.2-4`, `1:7.2+dfsg-7+deb12u18`. */
  qemuVersion: z.string().optional(),
});
export type GuestProcess = z.infer<typeof guestProcessSchema>;

export default defineProbe({
  id: 'guest-processes',
  title: 'Processes of the guests',
  subject: 'guests',
  timeoutMs: 6_000,
  maxBytes: 262_144,
  root: { need: 'helps', adds: 'the QEMU version that each running guest was started with' },
  sh: `need awk
read -r uptime rest </proc/uptime; echo "uptime $uptime"
for f in /run/qemu-server/*.pid; do
  [ -r "$f" ] || continue
  id=\${f##*/}; read -r pid <"$f" && echo "pidfile \${id%.pid} $pid"
done
list=$(grep -HsxE 'kvm|qemu-kvm|qemu-system-.*|lxc-start' /proc/[0-9]*/comm | awk '
function word(file, l) { l = ""; getline l < file; close(file); return l }
function about(dir,  l, f, s, rss, swap, threads, state, n) {
  group = ""; rss = swap = threads = 0; state = "?"
  while ((getline l < (dir "/status")) > 0) {
    split(l, f, " ")
    if (f[1] == "State:") state = f[2]
    if (f[1] == "VmRSS:") rss = f[2]
    if (f[1] == "VmSwap:") swap = f[2]
    if (f[1] == "Threads:") threads = f[2]
  }
  close(dir "/status")
  l = word(dir "/stat")
  while ((n = index(l, ")")) > 0) l = substr(l, n + 1)
  split(l, s, " ")
  while ((getline l < (dir "/cgroup")) > 0) if (substr(l, 1, 3) == "0::") group = substr(l, 4)
  close(dir "/cgroup")
  numbers = state " " rss " " swap " " threads " " s[20]
}
{
  i = index($0, "/comm:"); comm = substr($0, i + 6); $0 = substr($0, 1, i - 1)
  if (comm != "lxc-start") { about($0); print "qemu", substr($0, 7), numbers, group }
  else {
    pid = substr($0, 7); split(word($0 "/task/" pid "/children"), child, " ")
    about($0); monitor = group
    if (child[1] != "") { about("/proc/" child[1]); print "lxc", child[1], numbers, monitor }
  }
}')
echo "$list" | awk 'NR <= 1000'
pids=$(echo "$list" | awk '$1 == "qemu" && NR <= 1000 { print $2 }')
[ -n "$pids" ] || { echo end; exit 0; }
links=
for p in $pids; do links="$links /proc/$p/exe"; done
ls -l $links 2>/dev/null | awk '{ i = index($0, "/proc/"); if (i) print "exe", substr($0, i) }'
echo "$list" | awk '$1 == "qemu" && $3 != "D" && $8 !~ /qemu|libvirt/ { print $2 }' | head -n 20 | while read -r p; do
  tr '\\0' '\\n' <"/proc/$p/cmdline" 2>/dev/null | awk -v p="$p" 'named { sub(/^guest=/, ""); sub(/,.*/, ""); print "name", p, $0; exit } { named = $0 == "-name" }'
done
stat -Lc '%d:%i %n' $links 2>/dev/null | awk '{ print "inode", $1, $2; if (!($1 in first)) { first[$1] = $2; print "first", $1, $2 } }' | while read -r word inode exe; do
  [ "$word" = first ] || { echo "$word $inode $exe"; continue; }
  count=$((\${count:-0} + 1)); [ $count -le 4 ] || continue
  version=$(grep -aom1 -E '(pve-qemu-kvm_|Debian 1:)[0-9][0-9A-Za-z.+~:-]*' "$exe" 2>/dev/null)
  [ -n "$version" ] && echo "version $inode $version"
done
echo end`,
  schema: z.object({ guests: z.array(guestProcessSchema) }),
  parse: (stdout) => parseGuestProcesses(stdout) ?? unparsable('the answer does not reach its end'),
  examples: [
    {
      from: 'documented',
      where: 'proc_pid_status(5), the pid files of Proxmox VE 8, one guest started before an update of QEMU; a container; a VM by libvirt',
      stdout: `uptime 864000.55
pidfile 100 2211
pidfile 104 901122
qemu 2211 S 8421376 102400 14 6800 /qemu.slice/100.scope
qemu 901122 S 2097152 0 9 80000000 /qemu.slice/104.scope
lxc 3300 S 11264 512 1 7000 /lxc.monitor/101
qemu 5100 D 4194304 0 8 9000 /machine.slice/machine-qemu\\x2d1\\x2dweb\\x2dfront.scope/libvirt/emulator
qemu 5200 S 4194304 0 8 9000 /lxc/101/ns/system.slice/nested.service
exe /proc/2211/exe -> /usr/bin/qemu-system-x86_64 (deleted)
exe /proc/901122/exe -> /usr/bin/qemu-system-x86_64
inode fd01:100 /proc/2211/exe
version fd01:100 pve-qemu-kvm_8.1.5-2
inode fd01:230 /proc/901122/exe
version fd01:230 pve-qemu-kvm_9.0.2-4
end
`,
      expect: {
        guests: [
          {
            object: 'qemu/100',
            pid: 2211,
            state: 'S',
            rssBytes: 8_623_489_024,
            swapBytes: 104_857_600,
            runningSeconds: 863_933,
            binaryReplaced: true,
            qemuVersion: '8.1.5-2',
          },
          { object: 'qemu/104', binaryReplaced: false, qemuVersion: '9.0.2-4', runningSeconds: 64_001 },
          { object: 'lxc/101', pid: 3300, rssBytes: 11_534_336 },
          { object: 'libvirt/web-front', state: 'D' },
        ],
      },
    },
    {
      from: 'recorded',
      where: 'Debian 12: a QEMU of its own, whose binary has been removed',
      stdout: `uptime 2231.18
qemu 14864 S 33232 0 2 222943 /
exe /proc/14864/exe -> /opt/qemu/qemu-system-x86_64 (deleted)
name 14864 web-front
inode 65024:2147092 /proc/14864/exe
version 65024:2147092 Debian 1:7.2+dfsg-7+deb12u18+b3
end
`,
      expect: {
        guests: [{ object: 'qemu/web-front', runningSeconds: 2, binaryReplaced: true, qemuVersion: '1:7.2+dfsg-7+deb12u18+b3' }],
      },
    },
    { from: 'recorded', where: 'Debian 12 without guests', stdout: 'uptime 903.11\n\nend\n', expect: { guests: [] } },
    { from: 'documented', where: 'an answer that was cut', stdout: 'uptime 903.11\n', expect: 'unparsable' },
  ],
});
