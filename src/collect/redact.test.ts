import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Case, ProbeOutput } from '../define/case.ts';
import { redactCase } from './redact.ts';

const output = (probe: string, stdout: string, note = ''): ProbeOutput => ({ probe, sample: 1, ended: 'done', exitStatus: 0, durationMs: 1, uptimeSeconds: 1, note, stdout });
const caseOf = (...outputs: ProbeOutput[]): Case => ({
  caseVersion: 1, culpritVersion: '0.1.0', target: 'ssh://alice@virt7.example.org:2222', startedAt: '2026-01-02T03:04:05.000Z', durationMs: 1, redacted: false, complete: true,
  givenSymptoms: [], connection: { exitStatus: 255, says: 'ssh: connect to host virt7.example.org port 2222: Connection refused' }, outputs,
});
const redacted = (...texts: string[]): string[] => redactCase(caseOf(...texts.map((text, index) => output(`p${index}`, text)))).outputs.map(({ stdout }) => stdout);

const host = `==> /etc/hostname <==
virt7
Linux virt7 6.8.12-4-pve #1 SMP
Jan 02 03:04:05 virt7 kernel: eth0: link is down
2026-01-02T03:04:05+00:00 virt7 pvestatd[1]: status
virt7.example.org 2001:db8:1:2::7 198.51.100.7/24 via 198.51.100.1 dev vmbr0
    link/ether bc:24:11:a1:b2:c3 brd ff:ff:ff:ff:ff:ff
inet 127.0.0.1/8 inet6 ::1/128 0.0.0.0 255.255.255.0
/home/alice/x alice@virt7.example.org
nas3:/export /mnt/pve/nas nfs4 rw,addr=198.51.100.40
UUID=1b4e28ba-2fa1-11d2-883f-0016d3cca427 / ext4`;
const guest = `name: billing-db
hostname: web-shop
net0: virtio=BC:24:11:A1:B2:C4,bridge=vmbr0,ip=198.51.100.9/24`;
const disk = `{"serial": "S4EWNX0R123456", "wwn": "0x5002538f12345678", "model": "Samsung SSD 860"}
Serial Number:    S4EWNX0R123456
/dev/disk/by-id/ata-Samsung_SSD_860_S4EWNX0R123456-part1 wwn-0x5002538f12345678
"wwn": { "naa": 5, "oui": 9528, "id": 61931337851 }`;

describe('redactCase', () => {
  const [hostText, guestText, diskText] = redacted(host, guest, disk) as [string, string, string];
  const all = [hostText, guestText, diskText].join('\n');

  it('takes out names, addresses and numbers of devices, everywhere', () => {
    for (const secret of ['virt7', 'example.org:', 'alice', 'nas3', 'billing-db', 'web-shop', 'S4EWNX0R123456', '5002538f12345678', '61931337851',
      'bc:24:11', 'BC:24:11', '198.51.100', '2001:db8:1:2', '1b4e28ba']) expect(all).not.toContain(secret);
    const whole = redactCase(caseOf(output('host', host, 'on virt7')));
    expect(JSON.stringify(whole)).not.toContain('virt7');
    expect(JSON.stringify(whole)).not.toContain('alice');
    expect(whole.redacted).toBe(true);
  });

  it('keeps what says nothing of the owner', () => {
    for (const kept of ['6.8.12-4-pve', '127.0.0.1/8', '::1/128', '0.0.0.0', '255.255.255.0', 'ff:ff:ff:ff:ff:ff', 'vmbr0', 'Samsung SSD 860', '03:04:05', 'nfs4', '"oui": 9528']) {
      expect(all).toContain(kept);
    }
  });

  it('gives the same word for the same original, and keeps subnets and columns', () => {
    const serial = /"serial": "(\w+)"/.exec(diskText)![1]!;
    expect(serial).toHaveLength('S4EWNX0R123456'.length);
    expect(diskText.split(serial)).toHaveLength(4);
    const [, network] = /(10\.\d+\.\d+)\.7\/24 via/.exec(hostText)!;
    expect(hostText).toContain(`${network}.7/24 via ${network}.1 dev`);
    expect(guestText).toContain(`ip=${network}.9/24`);
    const kernelLine = /Jan 02 03:04:05 (\S+) kernel/.exec(hostText)![1];
    expect(hostText).toContain(`Linux ${kernelLine} `);
  });

  it('leaves versions and common words alone', () => {
    const text = 'zfs 2.1.11-1 v1.2.3.4 libfoo 1.2.3.4-5 ID=debian pve-manager/8.2.4 0000:01:00.0 12:34:56 {"hostname": "debian"}\nname: data\nnode host\n';
    expect(redacted(text)).toEqual([text]);
  });

  it('finds names as Proxmox VE, LXC, libvirt and systemd write them', () => {
    const text = `UPID:node-a:00000ABC:0000:qmstart:100: 65550003 OK
"node-b": { "id": 2, "online": 0, "ip": "192.0.2.12"}
hostname=node-c
\tnodes node-d,node-e
mount\tnfs\tfiler9\tfiler9:/iso\t/mnt/x\tsoft
/etc/pve/qemu-server/100.conf:name: shop-front
/var/lib/lxc/intranet/config:lxc.uts.name = intranet
/etc/libvirt/qemu/mailer.xml:  <name>mailer</name>
/machine.slice/machine-qemu\\x2d1\\x2dshop\\x2dfront.scope dir=lxc.payload.wiki
modprobe@fuse.service debian-kernel@lists.debian.org someone@example.de
`;
    const [result] = redacted(text) as [string];
    for (const secret of ['node-', 'filer9', 'shop', 'intranet', 'mailer', 'wiki', 'someone']) expect(result).not.toContain(secret);
    for (const kept of ['modprobe@fuse.service', 'debian-kernel@lists.debian.org', '/mnt/x', 'machine-qemu\\x2d1\\x2dguest']) expect(result).toContain(kept);
  });

  it('replaces the machine id and addresses in hexadecimal', () => {
    expect(redacted('==> /etc/machine-id <==\n0123456789abcdef0123456789abcdef\nfe80000000000000be2411fffea1b2c3 02\n')[0]).not.toMatch(/0123456789abcdef|be2411/);
  });

  it('is the same for the same case, and takes any text in linear time', () => {
    const once = redactCase(caseOf(output('host', host)));
    expect(redactCase(caseOf(output('host', host)))).toEqual(once);
    expect(redactCase(once)).toBe(once);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void redacted(text, `name: ${text}\n"serial": "${text}"`)));
    for (const part of ['a', '1.', ':', 'a.', '0', 'a@', '"serial": "', 'Serial Number: ', '-', 'fe80:', '00:', 'x\n', '==> /', ' ', '\n', '\t', '"a": {', 'Linux a ', 'a:/a ']) {
      const startedMs = performance.now();
      redacted(part.repeat(Math.ceil(200_000 / part.length)));
      expect(performance.now() - startedMs, part).toBeLessThan(3_000);
    }
    for (const start of ['"serial": "', '"serial"', 'Serial Number:', 'name:', ' server', 'a: {', ':', '==> /serial <==\n', 'WWN:']) {
      const startedMs = performance.now();
      redacted(start + ' '.repeat(100_000), (start + ' '.repeat(50)).repeat(2_000));
      expect(performance.now() - startedMs, start).toBeLessThan(3_000);
    }
  });
});
