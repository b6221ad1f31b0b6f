import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { words } from '../../lib/host-text.ts';

const most = 20;
const schema = z.object({
  running: z.string(),
  /** Those with modules and a file in /boot, with the version of the ZFS module that came for each. */
  kernels: z.array(z.object({ release: z.string(), zfs: z.string().optional() })),
  /** What chooses the kernel at boot. */
  bootsWith: z.enum(['proxmox-boot-tool', 'grub', 'not-known']),
  /** GRUB only: whether its default is the saved entry, without which `grub-reboot` does nothing. */
  grubSaved: z.boolean(),
  /** GRUB only: names of entries in its menu, with those of the submenu that they lie in: `gnulinux-advanced-…>gnulinux-6.1.0-40-amd64-advanced-…`. */
  grubEntries: z.array(z.string()),
  /** Proxmox VE: the kernel that is pinned. */
  pinned: z.string().optional(),
});
export type InstalledKernels = z.infer<typeof schema>;

const release = /^[A-Za-z0-9][A-Za-z0-9._+~-]{0,100}$/;

function parse(stdout: string): InstalledKernels | ReturnType<typeof unparsable> {
  const rows = stdout.split('\n', 500).map((row) => words(row.slice(0, 500)));
  if (!rows.some(([word]) => word === 'end')) return unparsable('the answer does not reach its end');
  const value = (key: string): string | undefined => rows.find(([word]) => word === key)?.[1];
  const running = value('running');
  if (running === undefined) return unparsable('no kernel is running');
  const kernels = rows.flatMap(([word, version = '', zfs]) => (word === 'kernel' && release.test(version) ? [{ release: version, ...(zfs !== undefined && zfs !== '-' && { zfs }) }] : []));
  const ids = rows.flatMap(([word, id = '']) => (word === 'entry' && release.test(id) ? [id] : []));
  const submenu = ids.find((id) => id.startsWith('gnulinux-advanced-'));
  const boots = value('boots');
  const pinned = value('pinned');
  return {
    running,
    kernels: kernels.slice(0, most),
    bootsWith: boots === 'proxmox-boot-tool' || boots === 'grub' ? boots : 'not-known',
    grubSaved: value('grub-default') === 'saved',
    grubEntries: submenu === undefined ? [] : ids.filter((id) => id.includes('-advanced-') && id !== submenu).map((id) => `${submenu}>${id}`).slice(0, 2 * most),
    ...(pinned !== undefined && { pinned }),
  };
}

/** Which kernels could be booted instead of this one, and how. */
export default defineProbe({
  id: 'installed-kernels',
  title: 'Kernels that could be booted',
  subject: 'kernel',
  timeoutMs: 6_000,
  maxBytes: 32_768,
  root: { need: 'helps', adds: 'the names of the entries in the menu of GRUB' },
  sudo: [String.raw`/usr/bin/grep ^-ohE gnulinux-\[A-Za-z0-9\._\+-\]\* /boot/grub/grub\.cfg$`],
  sh: `echo "running $(uname -r)"
count=0
for folder in /lib/modules/*/; do
  version=\${folder#/lib/modules/} version=\${version%/} zfs=
  if [ ! -e "/boot/vmlinuz-$version" ] || [ ! -d "$folder/kernel" ]; then continue; fi
  for file in "$folder"*/zfs.ko* "$folder"*/*/zfs.ko* "$folder"*/*/*/zfs.ko*; do
    if [ -e "$file" ] && have modinfo; then zfs=$(modinfo -F version "$file" 2>/dev/null); break; fi
  done
  echo "kernel $version \${zfs:--}"
  count=$((count + 1)); [ "$count" -lt ${most} ] || break
done
if have proxmox-boot-tool; then
  echo 'boots proxmox-boot-tool'
  { read -r pinned </etc/kernel/proxmox-boot-pin && echo "pinned $pinned"; } 2>/dev/null
elif have grub-reboot || have grub2-reboot; then
  echo 'boots grub'
  sed -n 's/^GRUB_DEFAULT=["'"'"']*\\([a-z0-9]*\\)["'"'"']*[[:space:]]*$/grub-default \\1/p' /etc/default/grub 2>/dev/null | tail -n 1
  as_root grep -ohE 'gnulinux-[A-Za-z0-9._+-]*' /boot/grub/grub.cfg 2>/dev/null | awk '!seen[$0]++ && ++n <= 60 { print "entry", $0 }'
fi
echo end`,
  schema,
  parse,
  examples: [
    {
      from: 'documented',
      where: 'Proxmox VE 8: proxmox-boot-tool(8), modinfo(8)',
      stdout: 'running 6.2.16-10-pve\nkernel 6.2.16-10-pve 2.1.12-pve1\nkernel 6.2.16-5-pve 2.1.12-pve1\nboots proxmox-boot-tool\nend\n',
      expect: { running: '6.2.16-10-pve', kernels: [{ release: '6.2.16-10-pve', zfs: '2.1.12-pve1' }, { release: '6.2.16-5-pve' }], bootsWith: 'proxmox-boot-tool' },
    },
    {
      from: 'documented',
      where: 'Debian 12: grub-reboot(8), grub-mkconfig(8)',
      stdout: `running 6.1.0-41-amd64
kernel 6.1.0-40-amd64 2.1.11-1+deb12u1
kernel 6.1.0-41-amd64 2.1.11-1+deb12u1
boots grub
grub-default 0
entry gnulinux-simple-1f2e
entry gnulinux-advanced-1f2e
entry gnulinux-6.1.0-41-amd64-advanced-1f2e
entry gnulinux-6.1.0-40-amd64-advanced-1f2e
end
`,
      expect: { bootsWith: 'grub', grubSaved: false, grubEntries: ['gnulinux-advanced-1f2e>gnulinux-6.1.0-41-amd64-advanced-1f2e', 'gnulinux-advanced-1f2e>gnulinux-6.1.0-40-amd64-advanced-1f2e'] },
    },
    { from: 'documented', where: 'an answer that was cut', stdout: 'running 6.1.0-41-amd64\n', expect: 'unparsable' },
  ],
});
