import { defineHypothesis } from '../../define/hypothesis.ts';
import { spaceOf } from './filesystem.samples.ts';
import freeInodes from './free-inodes.mitigation.ts';
import filesystemSpace from './space.fact.ts';

export default defineHypothesis({
  id: 'inodes-exhausted',
  subject: 'filesystem',
  proven: 'documentation',
  title: 'A file system has no inodes left',
  about: `Every file takes an inode, and ext4 fixes their number when it is made. When millions of small files have used them all, no new file can be created, with the message "No space
left on device" although \`df -h\` shows free space. Mail queues, session files, caches and container layers are the usual reasons.
To be sure by hand: \`df -i\`, then \`du --inodes -xd2 <mount point>\` for the folder. btrfs and ZFS make inodes on demand and are not concerned.`,
  needs: { space: filesystemSpace },
  objects: ({ space }) => space.filesystems.filter(({ inodesUsedPercent }) => inodesUsedPercent !== undefined && inodesUsedPercent >= 80),
  noObjects: 'no local file system has used more than 80 % of its inodes',
  prior: 1 / 300,
  explains: { 'space-low': 0.97, 'errors-logged': 0.1, 'backup-missed': 0.2, 'guest-down': 0.1, 'target-missing': 0.05 },
  evidence: [
    {
      outcome: (_, { inodesUsedPercent = 0, freeInodes: left = 0 }) => (inodesUsedPercent >= 99 && left < 2_000 ? 'none' : inodesUsedPercent >= 97 ? 'few' : 'enough'),
      table: {
        none: {
          ifCause: 0.92,
          otherwise: 0.0002,
          decisive: true,
          says: (_, { mountPoint, freeInodes: left }) => `${mountPoint} has ${left ?? 0} inodes left: hardly a file can be created.`,
        },
        few: { ifCause: 0.07, otherwise: 0.02, says: (_, { mountPoint, inodesUsedPercent }) => `${mountPoint} has used ${inodesUsedPercent ?? 0} % of its inodes.` },
        enough: { ifCause: 0.01, otherwise: 0.95, says: (_, { mountPoint, freeInodes: left }) => `${mountPoint} has ${left ?? 0} inodes left.` },
      },
      excerpt: (_, { device, mountPoint, type, inodesUsedPercent }) => `${device} ${type} inodes ${inodesUsedPercent ?? 0} % ${mountPoint}`,
    },
  ],
  urgency: 'now',
  dataAtRisk: false,
  mitigations: [freeInodes],
  references: ['statvfs(3), f_favail', 'df(1)', 'mke2fs(8), option -N'],
  examples: {
    supporting: [
      {
        name: '/var is full of small files',
        given: { space: { filesystems: [spaceOf('/var', { inodesUsedPercent: 100, freeInodes: 0 })] } },
        symptoms: ['space-low'],
        expect: 'identified',
      },
    ],
    refuting: [
      { name: 'plenty of inodes', given: { space: { filesystems: [spaceOf('/', {})] } }, expect: 'ruled-out' },
      {
        name: '85 % used, a million left',
        given: { space: { filesystems: [spaceOf('/var', { inodesUsedPercent: 85, freeInodes: 1_000_000 })] } },
      },
      { name: 'no space, but inodes', given: { space: { filesystems: [spaceOf('/', { usedPercent: 100, availableBytes: 0 })] } }, expect: 'ruled-out' },
    ],
  },
});
