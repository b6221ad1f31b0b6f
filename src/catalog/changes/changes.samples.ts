import type { Boots } from './boots.probe.ts';

const nowSeconds = Date.UTC(2026, 10, 23, 12) / 1_000;
const at = (secondsAgo: number): number => (nowSeconds - secondsAgo) * 1_000;
const local = (secondsAgo: number): string => new Date(at(secondsAgo) + 3_600_000).toISOString().slice(0, 19).replace('T', ' ');

/** Updated an hour ago, and booted into the new kernel half an hour ago. */
const updated: Boots = {
  nowSeconds,
  uptimeSeconds: 1_800,
  runningKernel: '6.8.12-5-pve',
  journal: [
    { index: 0, firstSeconds: nowSeconds - 1_800, kernel: '6.8.12-5-pve', commandLine: 'BOOT_IMAGE=/b quiet mitigations=off', microcode: '0xf4' },
    { index: -1, firstSeconds: nowSeconds - 4_000_000, lastSeconds: nowSeconds - 1_850, kernel: '6.8.12-4-pve', commandLine: 'BOOT_IMAGE=/a quiet', microcode: '0xf0' },
  ],
  wtmp: [
    { kind: 'boot', at: new Date(at(1_790)).toISOString().replace('.000Z', 'Z'), kernel: '6.8.12-5-pve' },
    { kind: 'boot', at: new Date(at(3_999_970)).toISOString().replace('.000Z', 'Z'), kernel: '6.8.12-4-pve' },
  ],
};

export const changeExamples = [
  {
    name: 'an update, and the boot into the new kernel: what takes effect with the boot counts from it',
    given: {
      boots: updated,
      zone: { nowSeconds, offsetMinutes: 60, name: 'Europe/Berlin' },
      packages: {
        entries: [
          { at: local(3_600), action: 'install' as const, name: 'proxmox-kernel-6.8.12-5-pve-signed', to: '6.8.12-5' },
          { at: local(3_590), action: 'upgrade' as const, name: 'zfsutils-linux', from: '2.2.6-pve1', to: '2.2.7-pve1' },
          { at: local(3_580), action: 'upgrade' as const, name: 'nano', from: '7.2-1', to: '7.2-2' },
          { at: local(3_570), action: 'upgrade' as const, name: 'vim-common', from: '9.0-1', to: '9.0-2' },
        ],
        runs: [{ at: local(3_601), command: 'apt-get dist-upgrade' }],
        rpm: [],
        truncated: false,
      },
    },
    expect: {
      changes: [
        { kind: 'boot' as const, says: 'the host booted Linux 6.8.12-4-pve' },
        { atMs: at(3_600), what: 'proxmox-kernel-6.8.12-5-pve-signed', components: [], says: 'proxmox-kernel-6.8.12-5-pve-signed was installed (6.8.12-5); it takes effect with the next boot' },
        { atMs: at(3_590), what: 'zfsutils-linux', from: '2.2.6-pve1', to: '2.2.7-pve1', components: ['zfs' as const] },
        { atMs: at(3_580), what: '2 packages', says: '2 other packages were installed, upgraded or removed (apt-get dist-upgrade)' },
        { atMs: at(1_800), kind: 'boot' as const, from: '6.8.12-4-pve', to: '6.8.12-5-pve', components: ['kernel' as const, 'zfs' as const], says: 'the host booted into Linux 6.8.12-5-pve; before it ran 6.8.12-4-pve' },
        { kind: 'boot-settings' as const, says: 'the kernel was booted with mitigations=off, unlike before' },
        { kind: 'firmware' as const, what: 'microcode', from: '0xf0', to: '0xf4' },
      ],
      gaps: [],
    },
  },
  {
    name: 'a clock that was not set when the host booted, and logs without a zone',
    given: {
      boots: { ...updated, journal: [{ ...updated.journal[1]!, lastSeconds: nowSeconds - 600 }], wtmp: [] },
      packages: { entries: [], runs: [], rpm: [{ atSeconds: nowSeconds - 9_000, name: 'kernel-core', version: '5.14.0-427' }], truncated: true },
    },
    expect: {
      changes: [{ kind: 'boot' as const }, { what: 'kernel-core', to: '5.14.0-427' }, { kind: 'boot' as const, clockUncertain: true }],
      gaps: ['The log of packages was not read to its beginning.', 'The time zone is not known: times of packages and pools may be hours off.'],
    },
  },
  {
    name: 'tasks, pools, services, files, people and hardware',
    given: {
      boots: { ...updated, uptimeSeconds: 900_000, journal: [], wtmp: [] },
      zone: { nowSeconds, offsetMinutes: 60, name: 'Europe/Berlin' },
      tasks: {
        tasks: [
          { type: 'qmstart', id: '100', startedSeconds: nowSeconds - 900, endedSeconds: nowSeconds - 897, ok: true },
          { type: 'vzdump', id: '101', startedSeconds: nowSeconds - 800, endedSeconds: nowSeconds - 500, ok: false },
          { type: 'vzdump', id: '', startedSeconds: nowSeconds - 750, endedSeconds: nowSeconds - 740, ok: true },
          { type: 'aptupdate', id: '', startedSeconds: nowSeconds - 700, endedSeconds: nowSeconds - 690, ok: true },
        ],
        truncated: false,
      },
      pools: { pools: [{ pool: 'tank', truncated: false, events: [{ at: local(600).replace(' ', '.'), command: 'zfs set sync=always tank' }, { at: local(600).replace(' ', '.'), command: '[txg:12] set tank (54) sync=1' }, { at: local(400).replace(' ', '.'), command: 'zpool import tank' }] }] },
      services: {
        uptimeSeconds: 900_000,
        nowSeconds,
        services: [
          { name: 'ssh', startedSeconds: 12 },
          { name: 'pvestatd', startedSeconds: 899_650 },
          { name: 'smartd', failedSeconds: 899_700, result: 'exit-code' },
        ],
      },
      files: {
        nowSeconds,
        truncated: false,
        commits: [],
        files: [
          { path: '/etc/logrotate.d/dpkg', modifiedSeconds: nowSeconds - 9_000_000, changedSeconds: nowSeconds - 250 },
          { path: '/etc/adjtime', modifiedSeconds: nowSeconds - 249, changedSeconds: nowSeconds - 249 },
          { path: '/etc/modprobe.d/zfs.conf', modifiedSeconds: nowSeconds - 200, changedSeconds: nowSeconds - 200 },
          { path: '/etc/pve/nodes/pve1/lxc/101.conf', modifiedSeconds: nowSeconds - 150, changedSeconds: nowSeconds - 150 },
        ],
      },
      people: { logins: [{ user: 'root', terminal: 'pts/0', at: new Date(at(100)).toISOString().replace('.000Z', '+00:00') }] },
      log: {
        lines: [
          { secondsSinceBoot: 3, level: 5, text: 'sd 0:0:0:0: [sda] Attached SCSI disk' },
          { secondsSinceBoot: 899_950, level: 5, text: 'sd 4:0:0:0: [sdd] Attached SCSI disk' },
          { secondsSinceBoot: 899_951, level: 5, text: 'sd 4:0:0:1: [sdd] Attached SCSI disk' },
          { secondsSinceBoot: 899_952, level: 6, text: 'usb 1-4: USB disconnect, device number 3' },
          { secondsSinceBoot: 899_954, level: 6, text: 'usb 1-4: New USB device found, idVendor=0951, idProduct=1666, bcdDevice= 1.00' },
          { secondsSinceBoot: 899_955, level: 6, text: 'eth0: renamed from veth101i0' },
          { secondsSinceBoot: 899_956, level: 6, text: 'igb 0000:02:00.0 enp2s0: renamed from eth0' },
          { secondsSinceBoot: 899_957, level: 4, text: 'ata3.00: disable device' },
        ],
        truncated: false,
        source: 'ring-buffer' as const,
        coversBoot: true,
      },
    },
    expect: {
      changes: [
        { kind: 'boot' as const },
        { says: 'qemu/100 was started', components: ['guest' as const] },
        { says: 'guest 101 was backed up; this failed' },
        { says: 'a backup job ran', what: 'host' },
        { says: 'on tank: zfs set sync=always tank', components: ['storage-settings' as const] },
        { says: 'the service pvestatd was started' },
        { says: 'the service smartd failed (exit-code)' },
        { says: '/etc/modprobe.d/zfs.conf was edited', components: ['kernel-settings' as const] },
        { what: 'lxc/101', says: 'the settings of lxc/101 were edited', components: ['guest-settings' as const] },
        { kind: 'login' as const, says: 'root logged in (pts/0)' },
        { kind: 'hardware' as const, says: 'the disk sdd appeared', components: ['disk' as const] },
        { says: 'the network card enp2s0 appeared', components: ['network-card' as const] },
        { says: 'the disk at ata3.00 was given up', components: ['disk' as const] },
      ],
    },
  },
  {
    name: 'settings that wait or were set by hand, other disks, and what was written while the clock was an hour ahead',
    given: {
      boots: {
        ...updated,
        uptimeSeconds: 7_200,
        journal: [
          { index: 0, firstSeconds: nowSeconds - 7_200 + 3_602, kernel: '6.8.12-4-pve', devices: [{ kind: 'disk' as const, name: 'ATA WDC', firmware: '0A83', count: 1 }] },
          { index: -1, firstSeconds: nowSeconds - 900_000, lastSeconds: nowSeconds - 7_260, lastUptimeSeconds: 892_738, kernel: '6.8.12-4-pve', devices: [{ kind: 'disk' as const, name: 'ATA WDC', firmware: '0A82', count: 1 }] },
        ],
        wtmp: [],
        clockSteps: [{ index: 0, atSeconds: nowSeconds - 7_170, uptimeSeconds: 30 }],
        cut: ['boots'],
      },
      zone: { nowSeconds, offsetMinutes: 0, name: 'Etc/UTC' },
      packages: { entries: [], runs: [], rpm: [{ atSeconds: nowSeconds + 900_000, name: 'kernel-core', version: '6' }], truncated: false, failures: [], cut: ['dpkg.log.2.gz'] },
      files: {
        nowSeconds,
        truncated: false,
        files: [
          { path: '/etc/hosts', modifiedSeconds: nowSeconds - 7_200 + 3_620, changedSeconds: nowSeconds - 7_200 + 3_620 },
          { path: '/etc/modprobe.d/zfs.conf', modifiedSeconds: nowSeconds - 600, changedSeconds: nowSeconds - 600 },
        ],
        commits: [
          { atSeconds: nowSeconds - 20_000, subject: 'committing changes in etc made by apt install x', paths: ['/etc/x'] },
          { atSeconds: nowSeconds - 50_000, subject: 'daily autocommit', paths: ['/etc/fstab'] },
          { atSeconds: nowSeconds - 136_400, paths: [] },
        ],
      },
      settings: {
        nowSeconds,
        uptimeSeconds: 7_200,
        truncated: false,
        differing: [
          { kind: 'module' as const, name: 'zfs.zfs_arc_max', file: '/etc/modprobe.d/zfs.conf', modifiedSeconds: nowSeconds - 600, configured: '1', active: '0' },
          { kind: 'sysctl' as const, name: 'vm.swappiness', file: '/etc/sysctl.d/a.conf', modifiedSeconds: nowSeconds - 9_000_000, configured: '10', active: '60' },
        ],
      },
    },
    expect: {
      changes: [
        { kind: 'boot' as const },
        { what: '/etc/fstab', atMs: at(136_400), precisionMs: 86_400_000, says: '/etc/fstab was edited (noted as “daily autocommit”)' },
        { kind: 'boot' as const, atMs: at(7_200) },
        { kind: 'firmware' as const, from: '0A82', to: '0A83', components: ['disk' as const, 'firmware' as const] },
        { what: 'vm.swappiness', atMs: at(7_200), precisionMs: 7_200_000, components: ['kernel-settings' as const] },
        { what: '/etc/hosts', atMs: at(7_182), precisionMs: 3_602_000, clockUncertain: true },
        { kind: 'clock' as const, atMs: at(7_170), says: 'the clock was set back by 60 minutes' },
        { what: 'zfs.zfs_arc_max', from: '0', to: '1', components: [] },
      ],
      gaps: [
        'Of the logs of packages these were read in part: dpkg.log.2.gz.',
        'Not all earlier boots were read: the time was over.',
        'One change is left out, since the host dates it in the future.',
      ],
    },
  },
  { name: 'nothing is known but the running boot', given: { boots: { ...updated, journal: [], wtmp: [] } }, expect: { changes: [{ kind: 'boot' as const, what: 'kernel', says: 'the host booted Linux 6.8.12-5-pve' }], gaps: [] } },
];
