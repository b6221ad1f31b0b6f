import { join } from 'node:path';
import type { MachineSpec } from '../define.ts';

/** What the standard machine has, so that a saved state fits every scenario that uses it. */
export const dataDisks = ['data1', 'data2', 'data3', 'data4'] as const;
export const dataDiskMib = 4096;
/** Free PCIe ports, in which disks are plugged while the machine runs. */
export const hotplugPorts = 6;

export const standardMachine = { kind: 'quick', cpu: 'max', append: '', memoryMib: 1536, processors: 2, qemu: [] } as const satisfies Required<MachineSpec>;

export interface Ports {
  readonly ssh: number;
  readonly exporter: number;
}

/** Arguments for QEMU. The root disk is `root.qcow2` in the folder, the data disks lie beside it. */
export function qemuArguments(folder: string, spec: Required<MachineSpec>, ports: Ports, boot: { kernel?: string; initrd?: string }): string[] {
  const disk = (id: string, file: string, format: string, more = ''): string[] => [
    '-drive', `file=${join(folder, file)},format=${format},if=none,id=drive-${id},cache=unsafe,discard=unmap`,
    '-device', `virtio-blk-pci,drive=drive-${id},id=${id},serial=${id}${more}`,
  ];
  return [
    '-name', 'lab', '-accel', 'tcg,thread=multi,tb-size=512', '-cpu', spec.cpu, '-M', 'q35',
    '-smp', String(spec.processors), '-m', String(spec.memoryMib), '-display', 'none', '-nodefaults',
    ...(spec.kind === 'quick' && boot.kernel !== undefined && boot.initrd !== undefined
      ? [
          '-no-reboot', '-kernel', boot.kernel, '-initrd', boot.initrd, '-append',
          `root=/dev/vda rw console=ttyS0 quiet panic=-1 net.ifnames=0 psi=1 mitigations=off random.trust_cpu=on nowatchdog ${spec.append}`.trim(),
        ]
      : []),
    '-serial', `file:${join(folder, 'serial.log')}`,
    '-qmp', `unix:${join(folder, 'qmp.sock')},server=on,wait=off`,
    ...disk('root', 'root.qcow2', 'qcow2', ',bootindex=1'),
    ...dataDisks.flatMap((id) => disk(id, `${id}.raw`, 'raw')),
    '-device', 'virtio-scsi-pci,id=scsi',
    ...Array.from({ length: hotplugPorts }, (_, index) => ['-device', `pcie-root-port,id=port${index},chassis=${index + 1},slot=${index + 1}`]).flat(),
    '-netdev', `user,id=net0,restrict=on,hostfwd=tcp:127.0.0.1:${ports.ssh}-:22,hostfwd=tcp:127.0.0.1:${ports.exporter}-:9100`,
    '-device', 'virtio-net-pci,netdev=net0,id=nic0,romfile=',
    '-netdev', 'user,id=net1,restrict=on,net=10.0.3.0/24',
    '-device', 'virtio-net-pci,netdev=net1,id=nic1,romfile=',
    '-device', 'virtio-rng-pci',
    ...spec.qemu,
    '-pidfile', join(folder, 'pid'), '-daemonize',
  ];
}
