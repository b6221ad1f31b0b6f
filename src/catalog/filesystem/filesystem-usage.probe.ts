import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, words } from '../../lib/host-text.ts';

const schema = z.object({
  filesystems: z.array(
    z.object({
      mountPoint: z.string(),
      sizeBytes: z.number(),
      /** Free for root. */
      freeBytes: z.number(),
      /** Free for everybody else: without the blocks that ext4 reserves for root. */
      availableBytes: z.number(),
      /** 0 where the file system has no fixed number of inodes (btrfs, vfat). */
      inodes: z.number(),
      freeInodes: z.number(),
    }),
  ),
});
export type FilesystemUsage = z.infer<typeof schema>;

/** One line of `stat -f -c '%S %b %f %a %c %d %n'`: block size; blocks in all, free, available; inodes in all, free; path. */
function parseLine(line: string): FilesystemUsage['filesystems'][number] | undefined {
  const [blockSize, blocks, free, available, inodes, freeInodes] = words(line.slice(0, 200)).map(countIn);
  const path = line.indexOf(' /');
  if (blockSize === undefined || blocks === undefined || free === undefined || available === undefined || path < 0) return undefined;
  return {
    mountPoint: line.slice(path + 1),
    sizeBytes: blocks * blockSize,
    freeBytes: free * blockSize,
    availableBytes: available * blockSize,
    inodes: inodes ?? 0,
    freeInodes: freeInodes ?? 0,
  };
}

/**
 * Asks each local file system once, with one `stat -f` (GNU coreutils and busybox alike). Network mounts and FUSE, whose servers may be
 * dead, are not asked, nor ZFS, whose space belongs to its pool.
 */
export default defineProbe({
  id: 'filesystem-usage',
  title: 'Space and inodes of local file systems',
  subject: 'filesystem',
  family: 'mounts',
  timeoutMs: 5_000,
  sh: `need stat
awk '{
  for (i = 7; i < NF && $i != "-"; i++);
  if ($(i + 1) !~ /^(ext[234]|xfs|btrfs|vfat|f2fs|jfs|reiserfs|bcachefs|tmpfs|overlay)$/) next
  if ($(i + 1) == "overlay" && $5 != "/") next
  if ($5 ~ /^\\/(sys|proc|run\\/(credentials|user)|var\\/lib\\/(docker|kubelet|containers))/ || seen[$3]++ || ++n > 300) next
  gsub(/\\\\040/, " ", $5)
  print $5
}' /proc/self/mountinfo | tr '\\n' '\\0' | xargs -0 stat -f -c '%S %b %f %a %c %d %n' 2>/dev/null
true`,
  schema,
  parse: (stdout) => {
    const filesystems = stdout.split('\n').flatMap((line) => parseLine(line) ?? []);
    return filesystems.length === 0 ? unparsable('no line of stat -f was understood') : { filesystems };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, GNU coreutils 9.1: stat -f',
      stdout: `4096 6170604 6170604 6170604 3085302 3085301 /dev/shm
4096 66053021 58968173 19512880 16777216 16266551 /
4096 1 1 1 3085302 3085301 /srv/two words
`,
      expect: {
        filesystems: [
          { mountPoint: '/dev/shm' },
          { mountPoint: '/', sizeBytes: 270553174016, availableBytes: 79924756480, inodes: 16777216, freeInodes: 16266551 },
          { mountPoint: '/srv/two words' },
        ],
      },
    },
    {
      from: 'documented',
      where: 'statfs(2): btrfs and vfat count no inodes',
      stdout: '512 1046520 1035264 1035264 0 0 /boot/efi\n',
      expect: { filesystems: [{ mountPoint: '/boot/efi', sizeBytes: 535818240, inodes: 0 }] },
    },
    { from: 'documented', where: 'a stat without -f', stdout: 'stat: unrecognized option: f\n', expect: 'unparsable' },
  ],
});
