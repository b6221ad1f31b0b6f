import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';

const schema = z.object({
  volumes: z.array(
    z.object({
      /** As in /proc/diskstats: `zd16`, `dm-7`, `rbd0`. */
      device: z.string(),
      object: z.string(),
    }),
  ),
});

const mostVolumes = 4000;
/** As Proxmox VE names the disks of its VMs; device mapper doubles each hyphen of a name (dmsetup(8)). */
const volume = /^(?:.*\/)?vm-(\d{1,9})-disk-\d{1,6}$/;
const mapped = /^.{1,200}?-vm--(\d{1,9})--disk--\d{1,6}$/;

/** Block devices of the host that are disks of Proxmox VE's VMs: ZFS volumes, logical volumes, RBD images. */
export default defineProbe({
  id: 'guest-volumes',
  title: 'Which block devices are disks of VMs',
  subject: 'guests',
  timeoutMs: 3_000,
  maxBytes: 262_144,
  sh: `for d in /dev/zvol /dev/rbd /dev/rbd-pve; do
  [ -d $d ] && ls -lR $d 2>/dev/null | while read -r line; do
    case $line in *vm-[0-9]*-disk-*-part[0-9]*) ;; *vm-[0-9]*-disk-*' -> '*) name=\${line% -> *}; echo "\${name##* } \${line##*/}" ;; esac
  done
done
for f in /sys/block/dm-*/dm/name; do
  [ -r "$f" ] && read -r name <"$f" || continue
  case $name in *-vm--[0-9]*--disk--*) f=\${f#/sys/block/}; echo "$name \${f%%/*}" ;; esac
done
echo end`,
  schema,
  parse: (stdout) => {
    const lines = stdout.split('\n', mostVolumes + 2);
    if (lines.length <= mostVolumes && !lines.includes('end')) return unparsable('the answer does not reach its end');
    const volumes = lines.flatMap((line) => {
      const [, name, device] = /^(\S{1,255}) (zd\d{1,6}|rbd\d{1,6}|dm-\d{1,6})$/.exec(line) ?? [];
      const id = name === undefined ? undefined : (volume.exec(name) ?? mapped.exec(name))?.[1];
      return id === undefined || device === undefined ? [] : [{ device, object: `qemu/${id}` }];
    });
    return { volumes: volumes.slice(0, mostVolumes) };
  },
  examples: [
    {
      from: 'documented',
      where: 'Proxmox VE 8: a ZFS volume, a logical volume of a thin pool, an RBD image; volumes of others',
      stdout: 'vm-100-disk-0 zd16\nvm-100-disk-1 zd0\nvm-103-disk-0 rbd0\npve-vm--104--disk--0 dm-7\nvm-100-state-before zd32\nbackup zd48\npve-data dm-4\nend\n',
      expect: { volumes: [{ device: 'zd16', object: 'qemu/100' }, { device: 'zd0', object: 'qemu/100' }, { device: 'rbd0', object: 'qemu/103' }, { device: 'dm-7', object: 'qemu/104' }] },
    },
    { from: 'documented', where: 'a host without such volumes', stdout: 'end\n', expect: { volumes: [] } },
    { from: 'documented', where: 'an answer that was cut', stdout: 'vm-100-disk-0 zd16\nvm-1', expect: 'unparsable' },
  ],
});
