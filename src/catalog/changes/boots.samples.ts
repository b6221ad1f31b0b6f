import type { ProbeExample } from '../../define/probe.ts';
import type { Boots } from './boots.probe.ts';

export const bootExamples: readonly ProbeExample<Boots>[] = [
  {
    from: 'documented',
    where: 'journalctl(1) short-unix and export, last(1) iso; a host that was updated and rebooted with its clock an hour ahead',
    stdout: `now=1795444000
uptime=3600.25
kernel=6.8.12-5-pve
wtmp=reboot   system boot  6.8.12-5-pve 2026-11-23T13:06:40+01:00   still running
wtmp=shutdown system down  6.8.12-4-pve 2026-11-23T13:05:20+01:00 - 2026-11-23T13:06:40+01:00  (00:01)
wtmp=reboot   system boot  6.8.12-4-pve 2026-10-01T09:00:00+02:00 - 2026-11-23T13:05:20+01:00 (53+05:05)
boot=0
first=1795440400.100001
version=6.8.12-5-pve
command-line=BOOT_IMAGE=/boot/vmlinuz-6.8.12-5-pve root=ZFS=rpool/ROOT/pve-1 ro quiet
firmware=Supermicro Super Server/X11SSM-F, BIOS 2.7 12/07/2021
microcode=0xf4
device=2|disk|ATA WDC WD40EFRX-68W|0A82
device=1|nic|eno1|
device=1|adapter|mpt3sas_cm0: LSISAS3008|16.00.12.00
boot=-1
first=1790838000.5
version=6.8.12-4-pve
command-line=BOOT_IMAGE=/boot/vmlinuz-6.8.12-4-pve root=ZFS=rpool/ROOT/pve-1 ro quiet
devices-cut=1
last=1795440320750000
end-uptime=4602320250000
step=0|1795440420000000|19750000
step=?|1790000000000000|12000000
`,
    expect: {
      nowSeconds: 1_795_444_000,
      uptimeSeconds: 3_600.25,
      runningKernel: '6.8.12-5-pve',
      journal: [
        {
          index: 0,
          firstSeconds: 1_795_440_400.100_001,
          kernel: '6.8.12-5-pve',
          microcode: '0xf4',
          firmware: 'Supermicro Super Server/X11SSM-F, BIOS 2.7 12/07/2021',
          devices: [{ kind: 'disk', name: 'ATA WDC WD40EFRX-68W', firmware: '0A82', count: 2 }, { kind: 'nic', name: 'eno1' }, { kind: 'adapter', firmware: '16.00.12.00' }],
        },
        { index: -1, lastSeconds: 1_795_440_320.75, lastUptimeSeconds: 4_602_320.25, kernel: '6.8.12-4-pve', devicesCut: true },
      ],
      wtmp: [{ kind: 'boot', kernel: '6.8.12-5-pve', at: '2026-11-23T13:06:40+01:00' }, { kind: 'shutdown' }, { kind: 'boot', kernel: '6.8.12-4-pve' }],
      clockSteps: [{ index: 0, atSeconds: 1_795_440_420, uptimeSeconds: 19.75 }, { atSeconds: 1_790_000_000 }],
    },
  },
  {
    from: 'documented',
    where: 'a host whose journal lives in memory: rsyslog’s files tell of earlier boots, without a year',
    stdout: 'now=1795444000\nuptime=3600.25\nkernel=6.8.12-5-pve\nlog=Oct  1 09:00:05\nlog-version=6.8.12-4-pve\nlog-command-line=BOOT_IMAGE=/boot/vmlinuz quiet\nlog=2026-11-23T13:06:45.100+01:00\nlog-version=6.8.12-5-pve\nlog-microcode=0xf4\ncut=logs\n',
    expect: { journal: [], logs: [{ at: 'Oct  1 09:00:05', kernel: '6.8.12-4-pve', commandLine: 'BOOT_IMAGE=/boot/vmlinuz quiet' }, { at: '2026-11-23T13:06:45.100+01:00', microcode: '0xf4' }], cut: ['logs'] },
  },
  { from: 'documented', where: 'busybox: neither last nor a journal', stdout: 'now=1795444000\nuptime=3600.25\nkernel=6.6.1\n', expect: { journal: [], wtmp: [], clockSteps: [], logs: [], runningKernel: '6.6.1' } },
  { from: 'documented', where: 'cut off', stdout: 'now=1795444000\n', expect: 'unparsable' },
  { from: 'documented', where: 'a clock far beyond all calendars', stdout: 'now=900000000000\nuptime=1\nkernel=6.6.1\n', expect: 'unparsable' },
];
