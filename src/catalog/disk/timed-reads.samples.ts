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
