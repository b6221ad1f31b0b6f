/** Recorded: Debian 12, util-linux 2.38.1. */
export const blockDevicesOfDebian12 = `@counts 0 0
@lsblk
{ "blockdevices": [ { "name": "vda", "kname": "vda", "type": "disk", "size": 3221225472, "model": null, "serial": null, "vendor": "0x1af4", "rev": null, "tran": null, "rota": true, "phy-sec": 512, "log-sec": 512, "fstype": "ext4", "pkname": null, "wwn": null, "disc-max": 2147483136, "state": null, "mountpoints": [ "/" ] },{ "name": "vdb", "kname": "vdb", "type": "disk", "size": 2147483648, "model": null, "serial": "data1", "vendor": "0x1af4", "rev": null, "tran": null, "rota": true, "phy-sec": 512, "log-sec": 512, "fstype": null, "pkname": null, "wwn": null, "disc-max": 2147483136, "state": null, "mountpoints": [ null ], "children": [ { "name": "vdb1", "kname": "vdb1", "type": "part", "size": 2136997888, "model": null, "serial": null, "vendor": null, "rev": null, "tran": null, "rota": true, "phy-sec": 512, "log-sec": 512, "fstype": "zfs_member", "pkname": "vdb", "wwn": null, "disc-max": 2147483136, "state": null, "mountpoints": [ null ] } ] },{ "name": "nvme0n1", "kname": "nvme0n1", "type": "disk", "size": 2147483648, "model": "QEMU NVMe Ctrl", "serial": "LABNVME0", "vendor": null, "rev": null, "tran": "nvme", "rota": false, "phy-sec": 512, "log-sec": 512, "fstype": null, "pkname": null, "wwn": "nvme.1b36-4c41424e564d4530-51454d55204e564d65204374726c-00000001", "disc-max": 2147483136, "state": "live", "mountpoints": [ null ] } ] } 
@by-id
nvme-QEMU_NVMe_Ctrl_LABNVME0 nvme0n1
nvme-QEMU_NVMe_Ctrl_LABNVME0_1 nvme0n1
nvme-nvme.1b36-4c41424e564d4530-51454d55204e564d65204374726c-00000001 nvme0n1
virtio-data1 vdb
@sysfs
nvme0n1 ../devices/pci0000:00/0000:00:05.0/nvme/nvme0/nvme0n1
vda ../devices/pci0000:00/0000:00:01.0/virtio0/block/vda
vdb ../devices/pci0000:00/0000:00:02.0/virtio1/block/vdb
@slots
`;

/** Recorded: Debian 13, util-linux 2.41: disks without a mountpoint have an empty list, virtio is named as transport. */
export const blockDevicesOfDebian13 = `@counts 0 0
@lsblk
{ "blockdevices": [ { "name": "vda", "kname": "vda", "type": "disk", "size": 3221225472, "model": null, "serial": null, "vendor": "0x1af4", "rev": null, "tran": "virtio", "rota": true, "phy-sec": 512, "log-sec": 512, "fstype": "ext4", "pkname": null, "wwn": null, "disc-max": 2147483136, "state": null, "mountpoints": [ "/" ] },{ "name": "nvme0n1", "kname": "nvme0n1", "type": "disk", "size": 2147483648, "model": "QEMU NVMe Ctrl", "serial": "LABNVME0", "vendor": null, "rev": "10.0.13", "tran": "nvme", "rota": false, "phy-sec": 512, "log-sec": 512, "fstype": null, "pkname": null, "wwn": "nvme.1b36-4c41424e564d4530-51454d55204e564d65204374726c-00000001", "disc-max": 2147483136, "state": "live", "mountpoints": [] } ] } 
@by-id
nvme-QEMU_NVMe_Ctrl_LABNVME0 nvme0n1
@sysfs
nvme0n1 ../devices/pci0000:00/0000:00:05.0/nvme/nvme0/nvme0n1
vda ../devices/pci0000:00/0000:00:01.0/virtio0/block/vda
@slots
`;

/** In the form of util-linux 2.36: one `mountpoint`. */
export const blockDevicesOfOldLsblk = `@counts 2000 0
@lsblk
{ "blockdevices": [ {"name":"sda", "kname":"sda", "type":"disk", "size":4000787030016, "model":"WDC WD40EFRX-68N32N0", "serial":"WD-WCC7K0AAAAAA", "vendor":"ATA     ", "rev":"0A82", "tran":"sata", "rota":true, "phy-sec":4096, "log-sec":512, "fstype":null, "pkname":null, "wwn":"0x50014ee2b0000001", "disc-max":0, "state":"running", "mountpoint":null, "children": [ {"name":"sda1", "kname":"sda1", "type":"part", "size":536870912, "model":null, "serial":null, "vendor":null, "rev":null, "tran":null, "rota":true, "phy-sec":4096, "log-sec":512, "fstype":"vfat", "pkname":"sda", "wwn":"0x50014ee2b0000001", "disc-max":0, "state":null, "mountpoint":"/boot/efi"} ] }, {"name":"sdb", "kname":"sdb", "type":"disk", "size":"1200243695616", "model":"ST1200MM0088", "serial":"Z4000000", "vendor":"SEAGATE ", "rev":"TT31", "tran":"sas", "rota":"1", "phy-sec":"512", "log-sec":"512", "fstype":null, "pkname":null, "wwn":"0x5000c50000000001", "disc-max":"0", "state":"running", "mountpoint":null} ] } 
@by-id
ata-WDC_WD40EFRX-68N32N0_WD-WCC7K0AAAAAA sda
scsi-35000c50000000001 sdb
wwn-0x50014ee2b0000001 sda
wwn-0x5000c50000000001 sdb
@sysfs
sda ../devices/pci0000:00/0000:00:17.0/ata3/host2/target2:0:0/2:0:0:0/block/sda
sdb ../devices/pci0000:00/0000:00:01.0/0000:03:00.0/host0/port-0:0/expander-0:0/port-0:0:4/end_device-0:0:4/target0:0:4/0:0:4:0/block/sdb
@slots
sdb Slot 05
`;

/** In the form of util-linux 2.41. */
export const blockDevicesWithLvm = `@counts 0 0
@lsblk
{ "blockdevices": [ { "name": "sda", "kname": "sda", "type": "disk", "size": 480103981056, "model": "INTEL SSDSC2KG48", "serial": "PHYG00000001", "vendor": "ATA", "rev": "0132", "tran": "sata", "rota": false, "phy-sec": 4096, "log-sec": 512, "fstype": "LVM2_member", "pkname": null, "wwn": "0x55cd2e4150000001", "disc-max": 2147450880, "state": "running", "mountpoints": [], "children": [ { "name": "pve-root", "kname": "dm-0", "type": "lvm", "size": 103079215104, "model": null, "serial": null, "vendor": null, "rev": null, "tran": null, "rota": false, "phy-sec": 4096, "log-sec": 512, "fstype": "ext4", "pkname": "sda", "wwn": null, "disc-max": 2147450880, "state": "running", "mountpoints": [ "/" ] } ] },{ "name": "sdb", "kname": "sdb", "type": "disk", "size": 480103981056, "model": "INTEL SSDSC2KG48", "serial": "PHYG00000002", "vendor": "ATA", "rev": "0132", "tran": "sata", "rota": false, "phy-sec": 4096, "log-sec": 512, "fstype": "LVM2_member", "pkname": null, "wwn": "0x55cd2e4150000002", "disc-max": 2147450880, "state": "running", "mountpoints": [], "children": [ { "name": "pve-root", "kname": "dm-0", "type": "lvm", "size": 103079215104, "model": null, "serial": null, "vendor": null, "rev": null, "tran": null, "rota": false, "phy-sec": 4096, "log-sec": 512, "fstype": "ext4", "pkname": "sdb", "wwn": null, "disc-max": 2147450880, "state": "running", "mountpoints": [ "/" ] } ] } ] } 
@by-id
@sysfs
@slots
`;
