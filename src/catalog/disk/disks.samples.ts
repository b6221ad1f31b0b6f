import type { BlockDevice, BlockDevices } from './block-devices-text.ts';
import type { SmartDisk } from './smart-text.ts';
import type { PoolStatus } from '../zfs/zpool-status.schema.ts';

function sataDisk(name: string, serial: string, ataPort: number): BlockDevice[] {
  const model = 'WDC WD40EFRX-68N32N0';
  const common = { sizeBytes: 4_000_787_030_016, mountpoints: [], rotational: true };
  return [
    { ...common, name, kernelName: name, type: 'disk', model, serial, transport: 'sata', parents: [], stableNames: [`wwn-0x50014ee2b000000${ataPort}`, `ata-WDC_WD40EFRX-68N32N0_${serial}`], ataPort, scsiAddress: `${ataPort - 1}:0:0:0`, state: 'running' },
    { ...common, name: `${name}1`, kernelName: `${name}1`, type: 'part', parents: [name], stableNames: [], fsType: 'zfs_member' },
  ];
}

export const mirrorOfTwoDisks: BlockDevices = { devices: [...sataDisk('sda', 'WD-WCC7K0AAAAAA', 3), ...sataDisk('sdb', 'WD-WCC7K0BBBBBB', 4)], zvols: 0, omittedMapped: 0 };

const leaf = { vdev: 'mirror-0', role: 'data', state: 'ONLINE', readErrors: 0, writeErrors: 0, checksumErrors: 0, slowIos: 0, note: '' };
export const poolOfTwoDisks: { pools: PoolStatus[] } = {
  pools: [
    {
      name: 'tank',
      state: 'ONLINE',
      status: '',
      vdevs: [{ name: 'mirror-0', type: 'mirror', state: 'ONLINE', role: 'data' }],
      leaves: [
        { ...leaf, path: '/dev/disk/by-id/ata-WDC_WD40EFRX-68N32N0_WD-WCC7K0AAAAAA-part1' },
        { ...leaf, path: '/dev/sdb1' },
      ],
      dataErrors: 0,
    },
  ],
};

const healthySda: SmartDisk = { device: 'sda', status: 'answered', exitStatus: 0, model: 'WDC WD40EFRX-68N32N0', serial: 'WD-WCC7K0AAAAAA', firmware: '82.00A82', protocol: 'ATA', rotationRate: 5400, healthPassed: true, attributes: [], errors: [] };
export const smartOfOneDisk = { disks: [healthySda], notAsked: 0 };

export const singleNvme: BlockDevices = {
  devices: [
    { name: 'nvme0n1', kernelName: 'nvme0n1', type: 'disk', sizeBytes: 1_000_204_886_016, model: 'QEMU NVMe Ctrl', serial: 'LABNVME0', transport: 'nvme', rotational: false, parents: [], mountpoints: [], stableNames: ['nvme-nvme.1b36-4c41', 'nvme-QEMU_NVMe_Ctrl_LABNVME0_1', 'nvme-QEMU_NVMe_Ctrl_LABNVME0'], nvmeController: 'nvme0', state: 'live' },
    { name: 'pve-root', kernelName: 'dm-0', type: 'lvm', sizeBytes: 100_000_000_000, parents: ['nvme0n1'], mountpoints: ['/'], stableNames: [] },
  ],
  zvols: 0,
  omittedMapped: 0,
};
