import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'limit-arc',
  title: 'Give the ZFS cache a limit',
  risk: 'low',
  riskSays: 'A cache that is too small makes reads from the pool slower.',
  preconditions: ['The limit is larger than `zfs_arc_min` (by default a thirty-second of the memory), or ZFS ignores it.', 'No other file in /etc/modprobe.d sets `zfs_arc_max`: the installer of Proxmox VE writes zfs.conf, and then the number is changed there.'],
  commands: [
    ['sh', '-c', 'echo <bytes> > /sys/module/zfs/parameters/zfs_arc_max'],
    ['sh', '-c', 'echo "options zfs zfs_arc_max=<bytes>" > /etc/modprobe.d/zfs-arc.conf'],
    ['update-initramfs', '-u', '-k', 'all'],
  ],
  verify: '`c_max` in /proc/spl/kstat/zfs/arcstats shows the limit, and `size` falls below it within minutes.',
  undo: 'Remove the file again, run update-initramfs, and write 0 to /sys/module/zfs/parameters/zfs_arc_max.',
});
