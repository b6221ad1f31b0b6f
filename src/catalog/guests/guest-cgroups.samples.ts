import type { ProbeExample } from '../../define/probe.ts';
import type { GuestCgroup } from './guest-cgroups.probe.ts';

/** Answers of the guest-cgroups fragment. */
export const guestCgroupsSamples: readonly ProbeExample<{ guests: GuestCgroup[]; truncated: boolean }>[] = [
  {
    from: 'recorded',
    where: 'Debian 12, kernel 6.1: a scope named as Proxmox VE does, at its CPU limit, and one named as libvirt does',
    stdout: ` u=9217247 p=311 t=306 tu=21074208 q=30000 qp=100000 w=100 m=565248 mm=209715200 an=315392 io=1 n=3 nm=50 pcs10=56.98 pcs60=23.85 pcst=18706768 pcf10=56.98 pcf60=23.85 pcft=18705671 psi=1 dir=qemu.slice/100.scope
 u=334638 w=50 m=380928 an=212992 io=1 drios=64 drbytes=4194304 n=2 nm=1738 pcs10=0.02 pcs60=0.04 pcst=43396 pcf10=0.02 pcf60=0.04 pcft=43396 psi=1 pis10=0.01 pis60=0.01 pist=22246 pif10=0.01 pif60=0.01 pift=22246 dir=machine.slice/machine-qemu\\x2d1\\x2dweb\\x2dfront.scope
#end
`,
    expect: {
      truncated: false,
      guests: [
        {
          object: 'qemu/100',
          cpu: { usageMicroseconds: 9_217_247, periods: 311, throttledPeriods: 306, limitCpus: 0.3, weight: 100 },
          memory: { currentBytes: 565_248, maxBytes: 209_715_200, anonBytes: 315_392, swapBytes: 0 },
          pids: { current: 3, max: 50 },
          pressure: { cpu: { someAvg10: 56.98, fullAvg60: 23.85 }, io: { someAvg10: 0 } },
        },
        {
          object: 'libvirt/web-front',
          name: 'web-front',
          cpu: { usageMicroseconds: 334_638, throttledPeriods: 0 },
          io: { disks: { readBytes: 4_194_304, reads: 64, writes: 0 }, zvols: { writes: 0 } },
        },
      ],
    },
  },
  {
    from: 'documented',
    where: 'kernel document admin-guide/cgroup-v2 and the layouts of Proxmox VE, LXC and systemd-nspawn; no pressure without psi=1',
    stdout: ` u=99120 w=100 m=1073741824 mm=1073741824 an=1002438656 if=40960 sr=1048576 s=536870912 sm=536870912 em=8841 eo=12 ek=12 io=1 srbytes=4096 srios=1 drbytes=8192 drios=2 dwbytes=4096 dwios=1 n=41 dir=lxc/101
 u=120 m=4096 io=1 zwbytes=4194304 zwios=64 n=9 dir=lxc.payload.mail
 u=120 m=4096 mh=8192 sm=0 lwbps=2097152 lriops=120 fz=1 n=9 dir=machine.slice/systemd-nspawn@build.service
 u=9 dir=lxc/
#truncated
#end
`,
    expect: {
      truncated: true,
      guests: [
        {
          object: 'lxc/101',
          memory: {
            maxBytes: 1_073_741_824,
            reclaimableBytes: 1_089_536,
            swapBytes: 536_870_912,
            swapMaxBytes: 536_870_912,
            events: { max: 8841, oom: 12, oomKills: 12 },
          },
          io: { disks: { readBytes: 8192, reads: 2, writtenBytes: 4096, writes: 1 } },
        },
        { object: 'lxc/mail', io: { disks: { reads: 0 }, zvols: { writtenBytes: 4_194_304, writes: 64 } } },
        { object: 'nspawn/build', memory: { highBytes: 8192, swapMaxBytes: 0 }, ioLimits: { writeBytesPerSecond: 2_097_152, readsPerSecond: 120 }, frozen: true },
      ],
    },
  },
];
