/** Lines that name disks: kernel name, kind, number of its group. */
export function bunch(...disks: readonly (readonly [name: string, kind: string, group: number])[]): string {
  return disks.map(([name, kind, group]) => `disk ${name} disk/${name} ${kind} ${group}\n`).join('');
}

/** Twelve reads of a disk about so many milliseconds long, and a first one. */
export function reads(name: string, milliseconds: number, { stored = 4_000, others = 0 }: { stored?: number; others?: number } = {}): string {
  return Array.from({ length: 13 }, (_, index) => {
    const ms = milliseconds * (0.9 + (index % 3) / 10);
    return `read ${name} ${(ms / 1_000).toFixed(6)} ${stored} ${others} ${others * 8} 0 ${Math.ceil(ms / 10) * 10}\n`;
  }).join('');
}

/** Debian 12 in QEMU: one half of a mirror of ZFS is held to six I/Os a second; the other disks are empty, but for the root. */
export const slowHalf = `disk vdc disk/virtio-data2 virtual 0
disk vdb disk/virtio-data1 virtual 0
disk vda disk/virtio-root virtual 2
disk vdd disk/virtio-data3 virtual 3
disk vde disk/virtio-data4 virtual 4
cpu 400550 30346860
control 0.00718718
control 0.00105491
control 0.00325313
read vdc 0.063216 0 1 8 0 120
read vdb 0.00654562 0 0 0 0 70
read vda 0.0105865 0 0 0 0 60
read vdd 0.00121443 0 0 0 0 70
read vde 0.0045146 0 0 0 0 60
read vde 0.00886168 0 0 0 0 60
read vde 0.00212981 0 0 0 0 40
read vde 0.0108804 0 0 0 0 70
read vdd 0.00233814 0 0 0 0 50
read vdd 0.00299655 0 0 0 0 60
read vdd 0.00273921 0 0 0 0 60
read vda 0.00338796 0 0 0 0 50
read vda 0.00992852 1079 0 0 0 100
read vda 0.00454726 0 0 0 0 70
read vdb 0.00782854 108 0 0 0 100
read vdb 0.0104285 0 0 0 0 90
read vdb 0.00181367 0 0 0 0 50
read vdc 0.163264 0 3 56 0 230
read vdc 0.255793 0 1 8 0 300
read vdc 0.280666 107 1 32 0 330
read vdc 0.272564 0 2 24 0 320
read vdc 0.304399 0 1 16 0 350
read vdc 0.24745 0 1 16 0 310
read vdb 0.00309181 0 0 0 0 60
read vdb 0.0201257 0 1 0 0 110
read vdb 0.00443253 4081 0 0 0 50
read vda 0.0181798 0 0 0 0 60
read vda 0.00510245 0 0 0 0 60
read vda 0.00570586 0 0 0 0 90
read vdd 0.00591626 0 0 0 0 70
read vdd 0.00607064 0 0 0 0 70
read vdd 0.00248524 0 0 0 0 50
read vde 0.00587524 0 0 0 0 60
read vde 0.00172884 0 0 0 0 50
read vde 0.00281281 0 0 0 0 50
read vde 0.0058461 0 0 0 0 60
read vde 0.00109803 0 0 0 0 60
read vde 0.00101216 0 0 0 0 60
read vdd 0.00598341 0 0 0 0 70
read vdd 0.00292495 0 0 0 0 60
read vdd 0.00181477 0 0 0 0 70
read vda 0.00877294 20 0 0 0 70
read vda 0.00331362 0 0 0 0 90
read vda 0.00347371 20 0 0 0 60
read vdb 0.00363097 0 2 24 0 160
read vdb 0.0191837 0 0 0 0 100
read vdb 0.00448311 0 0 0 0 60
read vdc 0.118136 0 3 32 0 190
read vdb 0.00691543 0 1 24 0 60
read vdb 0.00140913 0 0 0 0 90
read vdb 0.00119023 0 0 0 0 40
read vda 0.00518273 0 0 0 0 50
read vda 0.00248787 20 0 0 0 50
read vda 0.00147345 0 0 0 0 50
read vdd 0.00942592 0 0 0 0 60
read vdd 0.00362663 0 0 0 0 50
read vdd 0.0053076 0 0 0 0 60
read vde 0.00164209 0 0 0 0 50
read vde 0.00500288 0 0 0 0 50
read vde 0.00161932 0 0 0 0 90
control 0.00049406
control 0.00047135
control 0.00422822
cpu 406940 32391441
`;

/** Debian 12 in QEMU: the lone disk of a pool, which says that it is mechanical, is held to six I/Os a second and has work; the other disks are empty, but for the root. */
export const slowAlone = `disk sda disk/scsi-0QEMU_QEMU_HARDDISK_WDB0001 hdd 0
disk vdd disk/virtio-data3 virtual 1
disk vdc disk/virtio-data2 virtual 2
disk vdb disk/virtio-data1 virtual 3
disk vde disk/virtio-data4 virtual 4
disk vda disk/virtio-root virtual 5
cpu 396160 26769284
control 0.00108737
control 0.00041428
control 0.00099389
read sda 0.0726378 0 2 24 0 100
read vdd 0.00134451 0 0 0 0 30
read vdc 0.00438638 0 0 0 0 40
read vdb 0.00168128 0 0 0 0 70
read vde 0.00109301 0 0 0 0 50
read vda 0.00166275 3545 0 0 0 30
read vda 0.00983751 20 0 0 0 50
read vda 0.00319628 0 0 0 0 20
read vda 0.00168919 0 0 0 0 30
read vde 0.00425806 0 0 0 0 40
read vde 0.00123237 0 0 0 0 50
read vde 0.00695352 0 0 0 0 70
read vdb 0.00534587 0 0 0 0 50
read vdb 0.00377031 0 0 0 0 40
read vdb 0.00333651 0 0 0 0 30
read vdc 0.00096351 0 0 0 0 50
read vdc 0.00328963 0 0 0 0 50
read vdc 0.0008778 0 0 0 0 40
read vdd 0.00291938 0 0 0 0 50
read vdd 0.00097926 0 0 0 0 30
read vdd 0.00160358 0 0 0 0 20
read sda 0.0448286 108 1 8 0 70
read sda 0.267842 0 2 24 0 320
read sda 0.29916 0 1 24 0 330
read sda 0.265114 0 1 8 0 330
read sda 0.29233 0 1 24 0 320
read sda 0.253809 0 1 8 0 330
read vdd 0.0174918 0 0 0 0 70
read vdd 0.00193738 0 0 0 0 70
read vdd 0.00951809 0 0 0 0 110
read vdc 0.256847 0 0 0 0 410
read vdc 0.00735297 0 0 0 0 70
read vdc 0.00523089 0 0 0 0 180
read vdb 0.00422187 0 0 0 0 90
read vdb 0.00403004 0 0 0 0 90
read vdb 0.00179426 0 0 0 0 90
read vde 0.00249993 0 0 0 0 80
read vde 0.0109628 0 0 0 0 110
read vde 0.00277263 0 0 0 0 70
read vda 0.0095726 0 0 0 0 90
read vda 0.0171486 93 0 0 0 100
read vda 0.0368504 0 0 0 0 130
read vda 0.0144619 0 0 0 0 190
read vda 0.00107757 0 0 0 0 60
read vda 0.0011905 0 0 0 0 110
read vde 0.00491076 0 0 0 0 160
read vde 0.00113789 0 0 0 0 140
read vde 0.00440657 0 0 0 0 100
read vdb 0.00798466 0 0 0 0 230
read vdb 0.00675802 0 0 0 0 60
read vdb 0.0083222 0 0 0 0 90
read vdc 0.00584877 0 0 0 0 180
read vdc 0.0200024 0 0 0 0 200
read vdc 0.00623534 0 0 0 0 290
read vdd 0.0130226 0 0 0 0 180
read vdd 0.0258004 0 0 0 0 180
read vdd 0.0119293 0 0 0 0 330
read sda 0.00964267 40 3 32 0 250
read vdd 0.00785672 0 0 0 0 170
read vdd 0.0143402 0 0 0 0 520
read vdd 0.0152128 0 0 0 0 300
read vdc 0.072324 0 0 0 0 440
read vdc 0.00965321 0 0 0 0 220
read vdb 0.00580197 0 0 0 0 180
read vdb 0.00683363 0 0 0 0 110
read vdb 0.0110206 0 0 0 0 140
read vde 0.0179817 0 0 0 0 110
read vde 0.00662316 0 0 0 0 150
read vde 0.00612532 0 0 0 0 210
read vda 0.0106603 0 0 0 0 150
read vda 0.0158619 0 0 0 0 200
read vda 0.0215724 0 0 0 0 310
control 0.00474599
control 0.00056461
control 0.00050112
cpu 408120 32033470
`;
