import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unescapeMount } from './mounts.probe.ts';

const schema = z.object({
  entries: z.array(
    z.object({
      /** As written: a path, `UUID=…`, `LABEL=…`, `server:/export`. */
      device: z.string(),
      mountPoint: z.string(),
      type: z.string(),
      /** Options that name no value, and `errors=` and `x-systemd.` ones. The others stay on the host: they may hold passwords. */
      options: z.array(z.string()),
    }),
  ),
});

/** fstab(5) without comments, swap, and option values. */
export default defineProbe({
  id: 'fstab',
  title: 'File systems that are to be mounted at boot',
  subject: 'filesystem',
  stage: 'early',
  sh: `[ -r /etc/fstab ] || absent 'there is no /etc/fstab'
awk '!/^[ \\t]*#/ && NF >= 3 && $3 != "swap" {
  sub(/:[^@\\/]*@/, ":...@", $1)
  count = split($4, option, ",")
  kept = ""
  for (i = 1; i <= count; i++) if (option[i] !~ /=/ || option[i] ~ /^(errors=|x-systemd\\.)/) kept = kept "," option[i]
  print $1, $2, $3, substr(kept, 2)
  if (++n > 500) exit
}' /etc/fstab`,
  schema,
  parse: (stdout) => ({
    entries: stdout.split('\n').flatMap((line) => {
      const [device, mountPoint, type, options = ''] = line.split(' ');
      if (!device || !mountPoint || !type) return [];
      return [{ device: unescapeMount(device), mountPoint: unescapeMount(mountPoint), type, options: options === '' ? [] : options.split(',') }];
    }),
  }),
  examples: [
    {
      from: 'documented',
      where: 'fstab as the Proxmox VE installer writes it, and mount.cifs(8)',
      stdout: `/dev/pve/root / ext4 errors=remount-ro
UUID=6C1A-9F4D /boot/efi vfat defaults
proc /proc proc defaults
//192.0.2.20/backup /mnt/backup cifs noauto,x-systemd.automount
`,
      expect: {
        entries: [
          { device: '/dev/pve/root', mountPoint: '/', type: 'ext4', options: ['errors=remount-ro'] },
          { mountPoint: '/boot/efi' },
          { type: 'proc' },
          { type: 'cifs', options: ['noauto', 'x-systemd.automount'] },
        ],
      },
    },
    { from: 'recorded', where: 'Debian 12 cloud image: only comments', stdout: '', expect: { entries: [] } },
  ],
});
