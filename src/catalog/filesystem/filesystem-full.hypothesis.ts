import { defineHypothesis } from '../../define/hypothesis.ts';
import { bytesText } from '../../lib/host-text.ts';
import { spaceOf } from './filesystem.samples.ts';
import freeSpace from './free-space.mitigation.ts';
import filesystemSpace, { type FilesystemSpace } from './space.fact.ts';

/** Folders without which the system itself cannot work. */
function isOfTheSystem({ mountPoint }: FilesystemSpace): boolean {
  return mountPoint === '/' || /^\/(boot|boot\/efi|etc|run|tmp|usr|var|var\/(cache|lib|log|spool|tmp|lib\/vz))$/.test(mountPoint);
}

/** Nothing of any size fits in any more. */
function isFull({ sizeBytes, availableBytes, usedPercent }: FilesystemSpace): boolean {
  return usedPercent >= 99 && availableBytes < Math.max(0.005 * sizeBytes, Math.min(64_000_000, 0.05 * sizeBytes));
}

export default defineHypothesis({
  id: 'filesystem-full',
  subject: 'filesystem',
  proven: 'documentation',
  title: 'A file system is full',
  about: `Nothing more can be written to it. On the root file system or /var of a Proxmox VE host logins to the web interface fail, the cluster file system in /etc/pve becomes
read-only, tasks and backups end with errors, and services that write state stop. ext4 keeps 5 % for root, so that root may still write where services cannot.
To be sure by hand: \`df -h\` and \`du -xhd1 <mount point>\`; space of deleted files that are still open is listed by \`lsof +L1\`. ZFS datasets are judged with their pool.`,
  needs: { space: filesystemSpace },
  objects: ({ space }) => space.filesystems.filter(({ usedPercent }) => usedPercent >= 90),
  noObjects: 'no writable local file system is more than 90 % full',
  prior: 1 / 100,
  explains: { 'space-low': 0.97, 'errors-logged': 0.1, 'backup-missed': 0.3, 'guest-down': 0.1, 'target-missing': 0.1, 'guest-slow': 0.03 },
  evidence: [
    {
      outcome: (_, one) => (isFull(one) ? 'full' : one.usedPercent >= 97 ? 'nearly' : 'room'),
      table: {
        full: {
          ifCause: 0.9,
          otherwise: 0.001,
          decisive: true,
          says: (_, { mountPoint, availableBytes, reservedBytes }) =>
            `${mountPoint} is full: ${bytesText(availableBytes)} are left${reservedBytes > 1e6 ? `, besides ${bytesText(reservedBytes)} that only root may use` : ''}.`,
        },
        nearly: { ifCause: 0.09, otherwise: 0.03, says: (_, { mountPoint, usedPercent }) => `${mountPoint} is ${usedPercent} % full.` },
        room: {
          ifCause: 0.01,
          otherwise: 0.9,
          says: (_, { mountPoint, usedPercent, availableBytes }) => `${mountPoint} is ${usedPercent} % full, and ${bytesText(availableBytes)} still fit in.`,
        },
      },
      excerpt: (_, { device, mountPoint, type, usedPercent }) => `${device} ${type} ${usedPercent} % ${mountPoint}`,
    },
    {
      when: (_, one) => isOfTheSystem(one),
      likelihood: { ifCause: 0.75, otherwise: 0.5 },
      says: (_, { mountPoint }) => `The system itself writes to ${mountPoint}.`,
      group: 'place',
    },
  ],
  urgency: 'now',
  dataAtRisk: false,
  containment: ['Clear the package cache and old journals: that is safe and often enough to work again.'],
  doNot: ['Do not delete files of databases or guests to make room.'],
  mitigations: [freeSpace],
  references: ['statvfs(3)', 'df(1)', 'mke2fs(8), reserved blocks'],
  examples: {
    supporting: [
      {
        name: 'root without a free byte',
        given: { space: { filesystems: [spaceOf('/', { usedPercent: 100, availableBytes: 0 })] } },
        object: 'filesystem//',
        symptoms: ['space-low'],
        expect: 'identified',
      },
      {
        name: 'a full /run',
        given: { space: { filesystems: [spaceOf('/run', { type: 'tmpfs', sizeBytes: 8e8, usedPercent: 99.9, availableBytes: 8e5 })] } },
        symptoms: ['space-low'],
        expect: 'identified',
      },
    ],
    refuting: [
      { name: 'room everywhere', given: { space: { filesystems: [spaceOf('/', {})] } }, expect: 'ruled-out' },
      {
        name: 'an archive at 96 % with much room',
        given: { space: { filesystems: [spaceOf('/mnt/archive', { sizeBytes: 20e12, usedPercent: 96, availableBytes: 8e11 })] } },
      },
      {
        name: 'a data disk at 97.5 %, and the trouble is elsewhere',
        given: { space: { filesystems: [spaceOf('/srv', { usedPercent: 97.5, availableBytes: 2.4e9 })] } },
        symptoms: ['guest-slow'],
      },
    ],
  },
});
