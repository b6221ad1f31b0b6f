import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { blockDevicesSchema, parseBlockDevices } from './block-devices-text.ts';
import { blockDevicesOfDebian12, blockDevicesOfDebian13, blockDevicesOfOldLsblk, blockDevicesWithLvm } from './block-devices-samples.ts';

export default defineProbe({
  id: 'block-devices',
  title: 'Disks, partitions and what is built on them',
  subject: 'disk',
  timeoutMs: 8_000,
  maxBytes: 262_144,
  sh: `need lsblk
skip=1,7,11,230
zvols=0; for d in /sys/block/zd*; do [ -e "$d" ] && zvols=$((zvols + 1)); done
mapped=0; for d in /sys/block/dm-*; do [ -e "$d" ] && mapped=$((mapped + 1)); done
omitted=0
while read -r major driver; do
  case $driver in
    zvol|nbd|rbd) skip=$skip,$major ;;
    device-mapper) [ $mapped -gt 64 ] && skip=$skip,$major && omitted=$mapped ;;
  esac
done 2>/dev/null </proc/devices
echo "@counts $zvols $omitted"
columns=NAME,KNAME,TYPE,SIZE,MODEL,SERIAL,VENDOR,REV,TRAN,ROTA,PHY-SEC,LOG-SEC,FSTYPE,PKNAME,WWN,DISC-MAX,STATE
echo '@lsblk'
{ lsblk --json --bytes -e $skip -o $columns,MOUNTPOINTS 2>/dev/null || lsblk --json --bytes -e $skip -o $columns,MOUNTPOINT; } | tr -s ' \\n' ' '
echo
echo '@by-id'
[ -d /dev/disk/by-id ] && ls -l /dev/disk/by-id | while read -r line; do
  case $line in
    *-part[0-9]*|*' dm-'*|*' lvm-'*|*' md-'*) ;;
    *' -> '*) name=\${line% -> *}; echo "\${name##* } \${line##*/}" ;;
  esac
done
echo '@sysfs'
ls -l /sys/block | while read -r line; do
  case $line in
    */devices/virtual/block/*) ;;
    *' -> '*) name=\${line% -> *}; echo "\${name##* } \${line##* -> }" ;;
  esac
done
echo '@slots'
for f in /sys/block/sd*/device/enclosure_device:*; do
  [ -e "$f" ] || continue
  disk=\${f#/sys/block/}; echo "\${disk%%/*} \${f##*/enclosure_device:}"
done`,
  schema: blockDevicesSchema,
  parse: (stdout) => parseBlockDevices(stdout) ?? unparsable('lsblk did not print its JSON'),
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, util-linux 2.38: virtio disks with a ZFS mirror, and an NVMe disk',
      stdout: blockDevicesOfDebian12,
      expect: {
        zvols: 0,
        devices: [
          { name: 'vda', kernelName: 'vda', type: 'disk', sizeBytes: 3221225472, fsType: 'ext4', mountpoints: ['/'], parents: [], pciAddress: '0000:00:01.0' },
          { name: 'vdb', serial: 'data1', stableNames: ['virtio-data1'], mountpoints: [] },
          { name: 'vdb1', type: 'part', fsType: 'zfs_member', parents: ['vdb'] },
          { name: 'nvme0n1', model: 'QEMU NVMe Ctrl', serial: 'LABNVME0', transport: 'nvme', rotational: false, nvmeController: 'nvme0', discardMaxBytes: 2147483136 },
        ],
      },
    },
    {
      from: 'recorded',
      where: 'Debian 13, util-linux 2.41',
      stdout: blockDevicesOfDebian13,
      expect: { devices: [{ name: 'vda', transport: 'virtio' }, { name: 'nvme0n1', revision: '10.0.13', mountpoints: [] }] },
    },
    {
      from: 'documented',
      where: 'util-linux 2.36 (Debian 11): one mountpoint, numbers as before; a SATA disk with its ATA port and a SAS disk in an enclosure slot',
      stdout: blockDevicesOfOldLsblk,
      expect: {
        zvols: 2000,
        omittedMapped: 0,
        devices: [
          { name: 'sda', model: 'WDC WD40EFRX-68N32N0', serial: 'WD-WCC7K0AAAAAA', transport: 'sata', rotational: true, ataPort: 3, scsiAddress: '2:0:0:0', stableNames: ['ata-WDC_WD40EFRX-68N32N0_WD-WCC7K0AAAAAA', 'wwn-0x50014ee2b0000001'] },
          { name: 'sda1', mountpoints: ['/boot/efi'], parents: ['sda'] },
          { name: 'sdb', transport: 'sas', slot: 'Slot 05', pciAddress: '0000:03:00.0' },
        ],
      },
    },
    {
      from: 'documented',
      where: 'util-linux 2.41 (Debian 13): a volume group over two members appears below each, and is one device',
      stdout: blockDevicesWithLvm,
      expect: { omittedMapped: 0, devices: [{ name: 'sda' }, { name: 'pve-root', kernelName: 'dm-0', type: 'lvm', parents: ['sda', 'sdb'], mountpoints: ['/'] }, { name: 'sdb' }] },
    },
    { from: 'documented', where: 'lsblk that only complains', stdout: '@counts 0 0\n@lsblk\n\n@by-id\n@sysfs\n', exitStatus: 1, expect: 'unparsable' },
  ],
});
