import type { ProbeExample } from '../../define/probe.ts';
import type { GuestConfig } from './guest-configs.schema.ts';

/** Answers of the guest-configs fragment. */
export const guestConfigsSamples: readonly ProbeExample<{ guests: GuestConfig[] }>[] = [
  {
    from: 'documented',
    where: 'Proxmox VE 8, qm.conf(5) and pct.conf(5): a VM with a snapshot, a container',
    stdout: `/etc/pve/qemu-server/100.conf:agent: enabled=1,fstrim_cloned_disks=1
/etc/pve/qemu-server/100.conf:balloon: 2048
/etc/pve/qemu-server/100.conf:cores: 4
/etc/pve/qemu-server/100.conf:cpu: x86-64-v2-AES,flags=+aes
/etc/pve/qemu-server/100.conf:cpulimit: 2.5
/etc/pve/qemu-server/100.conf:efidisk0: local-zfs:vm-100-disk-1,efitype=4m,size=1M
/etc/pve/qemu-server/100.conf:hostpci0: 0000:01:00.0,pcie=1
/etc/pve/qemu-server/100.conf:ide2: none,media=cdrom
/etc/pve/qemu-server/100.conf:lock: backup
/etc/pve/qemu-server/100.conf:machine: pc-q35-8.1
/etc/pve/qemu-server/100.conf:memory: 8192
/etc/pve/qemu-server/100.conf:name: web
/etc/pve/qemu-server/100.conf:net0: virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1,rate=50
/etc/pve/qemu-server/100.conf:numa: 0
/etc/pve/qemu-server/100.conf:onboot: 1
/etc/pve/qemu-server/100.conf:ostype: l26
/etc/pve/qemu-server/100.conf:scsi0: local-zfs:vm-100-disk-0,aio=native,cache=none,discard=on,iops_wr=500,iothread=1,mbps_rd=200,size=32G
/etc/pve/qemu-server/100.conf:scsi1: nas:100/vm-100-disk-0.qcow2,backup=0,size=1T
/etc/pve/qemu-server/100.conf:scsihw: virtio-scsi-single
/etc/pve/qemu-server/100.conf:sockets: 1
/etc/pve/qemu-server/100.conf:[before-update]
/etc/pve/qemu-server/100.conf:memory: 2048
/etc/pve/qemu-server/100.conf:name: old
/etc/pve/lxc/101.conf:cores: 2
/etc/pve/lxc/101.conf:hostname: mail
/etc/pve/lxc/101.conf:memory: 1024
/etc/pve/lxc/101.conf:mp0: /srv/mail,mp=/var/mail
/etc/pve/lxc/101.conf:net0: name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:02,ip=dhcp,type=veth
/etc/pve/lxc/101.conf:rootfs: local-zfs:subvol-101-disk-0,size=8G
/etc/pve/lxc/101.conf:swap: 512
/etc/pve/lxc/101.conf:unprivileged: 1
==> end <==
`,
    expect: {
      guests: [
        {
          object: 'qemu/100',
          label: 'web',
          memoryBytes: 8_589_934_592,
          balloonBytes: 2_147_483_648,
          cores: 4,
          cpuLimit: 2.5,
          cpuType: 'x86-64-v2-AES',
          guestAgent: true,
          startsOnBoot: true,
          template: false,
          lock: 'backup',
          numa: false,
          scsiController: 'virtio-scsi-single',
          passthrough: ['0000:01:00.0'],
          nets: [{ slot: 'net0', model: 'virtio', bridge: 'vmbr0', megabytesPerSecondLimit: 50 }],
          disks: [
            { slot: 'efidisk0', bus: 'efidisk', storage: 'local-zfs' },
            {
              slot: 'scsi0',
              bus: 'scsi',
              storage: 'local-zfs',
              volume: 'vm-100-disk-0',
              sizeBytes: 34_359_738_368,
              aio: 'native',
              cache: 'none',
              ioThread: true,
              discard: true,
              readBytesPerSecondLimit: 209_715_200,
              writesPerSecondLimit: 500,
            },
            { slot: 'scsi1', storage: 'nas', format: 'qcow2', backup: false, sizeBytes: 1_099_511_627_776 },
          ],
        },
        {
          object: 'lxc/101',
          label: 'mail',
          swapBytes: 536_870_912,
          unprivileged: true,
          startsOnBoot: false,
          nets: [{ model: 'veth', bridge: 'vmbr0' }],
          disks: [{ slot: 'mp0', volume: '/srv/mail' }, { slot: 'rootfs', storage: 'local-zfs', volume: 'subvol-101-disk-0' }],
        },
      ],
    },
  },
  {
    from: 'documented',
    where: 'libvirt formatdomain and lxc.container.conf(5): a host without Proxmox VE',
    stdout: `/var/lib/lxc/build/config:lxc.uts.name = build
/var/lib/lxc/build/config:lxc.start.auto = 1
/var/lib/lxc/build/config:lxc.cgroup2.memory.max = 2G
/etc/libvirt/qemu/web.xml:  <name>web</name>
/etc/libvirt/qemu/web.xml:  <memory unit='KiB'>4194304</memory>
/etc/libvirt/qemu/web.xml:  <vcpu placement='static'>2</vcpu>
/etc/libvirt/qemu/web.xml:      <driver name='qemu' type='qcow2' cache='none' io='native'/>
/etc/libvirt/qemu/web.xml:      <target dev='vda' bus='virtio'/>
/etc/libvirt/qemu/web.xml:      <target dev='vnet0'/>
/etc/libvirt/qemu/autostart/web.xml:  <name>web</name>
==> end <==
`,
    expect: {
      guests: [
        { object: 'lxc/build', label: 'build', memoryBytes: 2_147_483_648, startsOnBoot: true },
        {
          object: 'libvirt/web',
          memoryBytes: 4_294_967_296,
          cores: 2,
          startsOnBoot: true,
          disks: [{ slot: 'vda', bus: 'virtio', format: 'qcow2', cache: 'none', aio: 'native' }],
        },
      ],
    },
  },
  { from: 'documented', where: 'Proxmox VE without guests', stdout: '==> end <==\n', expect: { guests: [] } },
];
