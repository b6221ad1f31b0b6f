import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import kernelLog, { type KernelLog } from '../kernel/kernel-log.probe.ts';
import { kernelLogOf } from '../network/network-events.samples.ts';
import checkAndRemount from './check-and-remount.mitigation.ts';
import { mountOf } from './filesystem.samples.ts';
import fstab from './fstab.probe.ts';
import mounts, { type Mounts } from './mounts.probe.ts';

type Mount = Mounts['mounts'][number];

const diskTypes = new Set(['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'f2fs', 'jfs', 'reiserfs', 'bcachefs']);
/**
 * After these ext4 lets nothing be written until it is mounted anew, whatever its options say: since Linux 6.12 it no longer makes the mount read-only for an
 * error, and before 6.15 the options do not tell either.
 */
const extRefusesWrites = ['Remounting filesystem read-only', 'Detected aborted journal'];
const wentReadOnly = [...extRefusesWrites, 'forced readonly', 'Shutting down filesystem', 'shut down due to', 'Filesystem has been shut down'];
const complaints = [...wentReadOnly, 'EXT4-fs error'];
const mountedAnew = ['Mounting V', 'Ending clean mount', 'Ending recovery', 'mounted filesystem', 're-mounted'];

/** As the kernel's messages name it: `sda1`, and `dm-1` for what lies in /dev/mapper. */
function kernelName({ device, deviceNumber }: Mount): string {
  const minor = deviceNumber.split(':')[1] ?? '';
  return device.startsWith('/dev/mapper/') ? `dm-${minor}` : device.slice(device.lastIndexOf('/') + 1);
}

function messages(log: Pick<KernelLog, 'lines'>, mount: Mount, texts: readonly string[]): string[] {
  const name = kernelName(mount);
  return log.lines
    .map(({ text }) => text)
    .filter((text) => texts.some((words) => text.includes(words)) && text.split(/[^A-Za-z0-9_-]+/).includes(name));
}

/** The kernel complained, and the file system has not been mounted anew since: a repaired one is well, whatever the log of months ago says. */
function wentAndStays(log: Pick<KernelLog, 'lines'>, mount: Mount): boolean {
  const told = messages(log, mount, [...wentReadOnly, ...mountedAnew]);
  const last = told.at(-1);
  return last !== undefined && wentReadOnly.some((words) => last.includes(words));
}

/** Refuses writes although it is still mounted as writable. */
function refusesWrites(log: Pick<KernelLog, 'lines'>, mount: Mount): boolean {
  return mount.type.startsWith('ext') && messages(log, mount, extRefusesWrites).length > 0 && wentAndStays(log, mount);
}

function isReadOnly({ superOptions }: Mount): boolean {
  return superOptions.some((option) => option === 'ro' || option === 'emergency_ro' || option === 'shutdown');
}

/** File systems on disks, each once: by bind mounts and subvolumes one can be mounted many times. */
function onDisks(all: readonly Mount[]): { object: string; mount: Mount }[] {
  const seen = new Set<string>();
  const whole = all.toSorted((a, b) => Number(a.root !== '/') - Number(b.root !== '/'));
  return whole.flatMap((mount) => {
    if (!diskTypes.has(mount.type) || mount.device.startsWith('/dev/loop') || seen.has(mount.deviceNumber)) return [];
    seen.add(mount.deviceNumber);
    return [{ object: `filesystem/${mount.mountPoint}`, mount }];
  });
}

export default defineHypothesis({
  id: 'filesystem-read-only',
  subject: 'filesystem',
  proven: 'documentation',
  title: 'A file system went read-only after an error',
  about: `When ext4 or btrfs meet damage on the disk they refuse further writes to save what is there; XFS shuts down and answers nothing at all. Services then fail with "Read-only file
system" or "Input/output error". The reason mostly lies below, in the disk, the cable, or a thin pool without room, so look there first.
To be sure by hand: \`findmnt -o TARGET,OPTIONS <mount point>\` against /etc/fstab, and \`dmesg | grep -iE 'read-only|shut'\`. Images, installation media, snapshots and read-only bind mounts are
so on purpose.`,
  needs: { mounted: mounts, table: optional(fstab), log: kernelLog },
  objects: ({ mounted }) => onDisks(mounted.mounts),
  noObjects: 'no file system on a disk is mounted besides ZFS',
  prior: 1 / 300,
  explains: { 'errors-logged': 0.85, 'data-errors': 0.2, 'guest-down': 0.2, 'target-missing': 0.2, 'backup-missed': 0.4, 'disk-latency': 0.05 },
  evidence: [
    {
      // The kernel log is asked only where it matters: without a readable one, a read-only file system is no less so.
      outcome: (facts, { mount }) => {
        if (!isReadOnly(mount)) return mount.type === 'xfs' || refusesWrites(facts.log, mount) ? 'not-shown' : 'writable';
        const entry = facts.table?.entries.find(({ mountPoint }) => mountPoint === mount.mountPoint);
        if (mount.superOptions.includes('emergency_ro') || mount.superOptions.includes('shutdown')) return 'emergency';
        return entry === undefined || entry.options.includes('ro') ? 'on-purpose' : 'unexpected';
      },
      table: {
        emergency: { ifCause: 0.3, otherwise: 0.0002, decisive: true, says: (_, { mount }) => `The kernel has stopped writing to ${mount.mountPoint}.` },
        unexpected: {
          ifCause: 0.5,
          otherwise: 0.001,
          decisive: true,
          says: (_, { mount }) => `${mount.mountPoint} is read-only, but /etc/fstab wants it writable.`,
        },
        'on-purpose': { ifCause: 0.1, otherwise: 0.05, says: (_, { mount }) => `${mount.mountPoint} is read-only, and nothing says that it should be writable.` },
        writable: { ifCause: 0.1, otherwise: 0.95, says: (_, { mount }) => `${mount.mountPoint} is writable.` },
      },
      excerpt: (_, { mount }) => `${mount.device} ${mount.mountPoint} ${mount.superOptions.join(',')}`,
    },
    {
      when: ({ log }, { mount }) => wentAndStays(log, mount) && (isReadOnly(mount) || mount.type === 'xfs' || refusesWrites(log, mount)),
      decisive: true,
      likelihood: { ifCause: 0.85, otherwise: 0.0003 },
      says: (_, { mount }) => `The kernel says that it stopped writing to ${mount.mountPoint} because of an error.`,
      saysNot: (_, { mount }) => `The kernel log has no word of ${mount.mountPoint} becoming read-only.`,
      excerpt: ({ log }, { mount }) => messages(log, mount, complaints).slice(0, 3).join('\n'),
    },
  ],
  urgency: 'now',
  dataAtRisk: true,
  containment: ['Stop what writes there, and take a copy of what is still readable.'],
  doNot: ['Do not remount it writable before the disk below has been looked at.', 'Do not run a repair on a failing disk without a copy.'],
  mitigations: [checkAndRemount],
  references: ['ext4(5), errors=remount-ro', 'kernel commit d3476f3dad4a, ext4: do not set SB_RDONLY after filesystem errors', 'kernel Documentation/admin-guide/ext4', 'kernel fs/xfs/xfs_fsops.c, xfs_do_force_shutdown'],
  examples: {
    supporting: [
      {
        name: 'root was remounted after a write error',
        given: {
          mounted: { mounts: [mountOf('/', { superOptions: ['ro', 'errors=remount-ro'] })] },
          table: { entries: [{ device: '/dev/sda1', mountPoint: '/', type: 'ext4', options: ['errors=remount-ro'] }] },
          log: kernelLogOf([[8_000, 'EXT4-fs (sda1): Remounting filesystem read-only']]),
        },
        symptoms: ['errors-logged'],
        expect: 'identified',
      },
      {
        name: 'root is read-only against fstab, and the kernel log cannot be read',
        given: {
          mounted: { mounts: [mountOf('/', { superOptions: ['ro', 'errors=remount-ro'] })] },
          table: { entries: [{ device: '/dev/sda1', mountPoint: '/', type: 'ext4', options: ['errors=remount-ro'] }] },
        },
        symptoms: ['errors-logged'],
        expect: 'identified',
      },
      {
        name: 'ext4 has aborted its journal and refuses writes, though it is still mounted as writable',
        given: {
          mounted: { mounts: [mountOf('/var/lib/vz', { type: 'ext4', device: '/dev/mapper/images', deviceNumber: '253:0', superOptions: ['rw', 'errors=remount-ro'] })] },
          log: kernelLogOf([[8_000, 'JBD2: I/O error when updating journal superblock for dm-0-8.'], [8_001, 'EXT4-fs error (device dm-0): ext4_journal_check_start:83: comm bash: Detected aborted journal']]),
        },
        symptoms: ['errors-logged'],
        expect: 'identified',
      },
      {
        name: 'Linux 6.12: ext4 gave up, and its mount still reads as writable',
        given: {
          mounted: { mounts: [mountOf('/var/lib/vz', { type: 'ext4', device: '/dev/mapper/images', deviceNumber: '253:0', superOptions: ['rw', 'errors=remount-ro'] })] },
          log: kernelLogOf([[8_000, 'EXT4-fs error (device dm-0): ext4_validate_block_bitmap:421: comm kvm: bg 3: bad block bitmap checksum'], [8_000, 'EXT4-fs (dm-0): Remounting filesystem read-only']]),
        },
        symptoms: ['errors-logged'],
        expect: 'identified',
      },
      {
        name: 'XFS on a logical volume has shut down',
        given: {
          mounted: { mounts: [mountOf('/srv', { type: 'xfs', device: '/dev/mapper/pve-srv', deviceNumber: '253:5' })] },
          log: kernelLogOf([[8_000, 'XFS (dm-5): log I/O error -5'], [8_000, 'XFS (dm-5): Log I/O Error (0x2) detected at xlog_ioend_work. Shutting down filesystem.']]),
        },
        symptoms: ['errors-logged'],
        expect: 'identified',
      },
    ],
    refuting: [
      {
        name: 'a journal that was aborted last month; the file system was checked and mounted again since',
        given: {
          mounted: { mounts: [mountOf('/srv', { type: 'ext4', device: '/dev/mapper/pve-srv', deviceNumber: '253:5' })] },
          log: kernelLogOf([[8_000, 'EXT4-fs error (device dm-5): ext4_journal_check_start:83: comm sync: Detected aborted journal'], [9_000, 'EXT4-fs (dm-5): mounted filesystem with ordered data mode. Quota mode: none.']]),
        },
      },
      {
        name: 'an admin has mounted it writable again',
        given: {
          mounted: { mounts: [mountOf('/srv', { type: 'ext4', device: '/dev/mapper/pve-srv', deviceNumber: '253:5', superOptions: ['rw', 'errors=remount-ro'] })] },
          log: kernelLogOf([[8_000, 'EXT4-fs (dm-5): Remounting filesystem read-only'], [8_900, 'EXT4-fs (dm-5): re-mounted 7c0fbd2a-0000-4000-8000-000000000000 r/w. Quota mode: none.']]),
        },
      },
      {
        name: 'it is told to go on after errors, and does',
        given: {
          mounted: { mounts: [mountOf('/srv', { type: 'ext4', device: '/dev/mapper/pve-srv', deviceNumber: '253:5', superOptions: ['rw', 'errors=continue'] })] },
          log: kernelLogOf([[8_000, 'EXT4-fs error (device dm-5): ext4_lookup:1855: inode #2: comm ls: deleted inode referenced: 12']]),
        },
      },
      { name: 'all writable', given: { mounted: { mounts: [mountOf('/', {})] }, table: { entries: [] }, log: kernelLogOf([]) } },
      {
        name: 'read-only on purpose by fstab, and another disk had an error',
        given: {
          mounted: { mounts: [mountOf('/usr', { superOptions: ['ro'] })] },
          table: { entries: [{ device: '/dev/sda1', mountPoint: '/usr', type: 'ext4', options: ['ro'] }] },
          log: kernelLogOf([[8_000, 'EXT4-fs (sdc1): Remounting filesystem read-only']]),
        },
      },
      {
        name: 'a snapshot mounted read-only by hand, and a read-only bind mount',
        given: {
          mounted: { mounts: [mountOf('/mnt/snap', { superOptions: ['ro'], deviceNumber: '253:9' }), mountOf('/etc/pki', { options: ['ro'] })] },
          table: { entries: [] },
          log: kernelLogOf([]),
        },
      },
      {
        name: 'XFS shut down months ago, and was repaired and mounted again',
        given: {
          mounted: { mounts: [mountOf('/srv', { type: 'xfs', device: '/dev/mapper/pve-srv', deviceNumber: '253:5' })] },
          log: kernelLogOf([
            [8_000, 'XFS (dm-5): Log I/O Error (0x2) detected at xlog_ioend_work. Shutting down filesystem.'],
            [9_000, 'XFS (dm-5): Unmounting Filesystem'],
            [9_900, 'XFS (dm-5): Mounting V5 Filesystem 7c0fbd2a-0000-4000-8000-000000000000'],
            [9_901, 'XFS (dm-5): Ending clean mount'],
          ]),
        },
      },
      { name: 'ZFS only', given: { mounted: { mounts: [mountOf('/', { type: 'zfs', device: 'rpool/ROOT/pve-1' })] }, log: kernelLogOf([]) }, expect: 'ruled-out' },
    ],
  },
});
