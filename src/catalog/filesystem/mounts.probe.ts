import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';

const schema = z.object({
  mounts: z.array(
    z.object({
      /** What is mounted: `/dev/sda1`, `192.0.2.10:/export`, `rpool/ROOT/pve-1`. */
      device: z.string(),
      mountPoint: z.string(),
      type: z.string(),
      /** Options of this mount: `ro` here and `rw` in `superOptions` is a read-only bind mount. */
      options: z.array(z.string()),
      /** Options of the file system itself. */
      superOptions: z.array(z.string()),
      /** The folder within the file system that is mounted; other than `/` for bind mounts and btrfs subvolumes. */
      root: z.string(),
      /** `major:minor`, the same for all mounts of one file system. */
      deviceNumber: z.string(),
    }),
  ),
});
export type Mounts = z.infer<typeof schema>;

/** Undoes the octal escapes of /proc/self/mountinfo, which stand for space, tab, newline, `#` and backslash (proc(5)). */
export function unescapeMount(text: string): string {
  return text.replaceAll(/\\([0-1][0-7]{2})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** One line of /proc/self/mountinfo, proc(5). */
export function parseMountLine(line: string): Mounts['mounts'][number] | undefined {
  const fields = line.split(' ');
  const separator = fields.indexOf('-', 6);
  const [, , deviceNumber, root, mountPoint, options] = fields;
  const [type, device, superOptions] = separator < 0 ? [] : fields.slice(separator + 1);
  if (deviceNumber === undefined || root === undefined || !mountPoint?.startsWith('/')) return undefined;
  if (options === undefined || type === undefined || device === undefined || superOptions === undefined) return undefined;
  return {
    device: unescapeMount(device),
    mountPoint: unescapeMount(mountPoint),
    type,
    options: options.split(','),
    superOptions: superOptions.split(','),
    root: unescapeMount(root),
    deviceNumber,
  };
}

/** Kernel interfaces, containers' overlays and snap images are left out on the host, where there can be thousands; so are passwords in the names of shares. */
export default defineProbe({
  id: 'mounts',
  title: 'Mounted file systems',
  subject: 'filesystem',
  stage: 'early',
  sh: `awk '{
  for (i = 7; i < NF && $i != "-"; i++);
  type = $(i + 1)
  if (type ~ /^(cgroup2?|proc|sysfs|devpts|devtmpfs|mqueue|hugetlbfs|debugfs|tracefs|securityfs|configfs|fusectl|pstore|bpf|efivarfs|autofs|binfmt_misc|rpc_pipefs|nsfs|selinuxfs|ramfs|squashfs|nfsd)$/) next
  if (type == "overlay" && $5 != "/") next
  if (type == "tmpfs" && $5 ~ /^\\/(run\\/(credentials|user)|sys|proc|var\\/lib\\/(docker|kubelet|containers))/) next
  if (++n > 1500) exit
  sub(/:[^@\\/]*@/, ":...@", $(i + 2))
  print
}' /proc/self/mountinfo`,
  schema,
  parse: (stdout) => {
    const mounts = stdout.split('\n').flatMap((line) => parseMountLine(line) ?? []);
    return mounts.length === 0 ? unparsable('no mount was understood') : { mounts };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, kernel 6.18',
      stdout: `25 24 0:23 / /dev/shm rw,relatime - tmpfs tmpfs rw,size=24682416k
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
43 27 0:27 / /srv/image/dev/shm ro,nosuid,nodev - tmpfs tmpfs rw,size=24682416k
`,
      expect: {
        mounts: [
          { device: 'tmpfs', mountPoint: '/dev/shm', type: 'tmpfs' },
          { device: '/dev/vda', mountPoint: '/', type: 'ext4', options: ['rw', 'relatime'], deviceNumber: '254:0', root: '/' },
          { options: ['ro', 'nosuid', 'nodev'], superOptions: ['rw', 'size=24682416k'] },
        ],
      },
    },
    {
      from: 'documented',
      where: 'proc(5): optional fields before the dash, octal escapes; NFS as nfs(5) names it',
      stdout: `36 35 98:0 /mnt1 /mnt/two\\040words rw,noatime master:1 shared:7 - ext3 /dev/root rw,errors=continue
130 27 0:52 / /mnt/pve/backup rw,relatime shared:88 - nfs4 192.0.2.10:/export/backup rw,vers=4.2,hard,proto=tcp,timeo=600,retrans=2,addr=192.0.2.10
131 27 0:53 / /rpool/data rw,relatime shared:90 - zfs rpool/data rw,xattr,noacl
`,
      expect: {
        mounts: [
          { mountPoint: '/mnt/two words', root: '/mnt1', superOptions: ['rw', 'errors=continue'] },
          { device: '192.0.2.10:/export/backup', type: 'nfs4' },
          { device: 'rpool/data', type: 'zfs' },
        ],
      },
    },
    { from: 'documented', where: 'no mount at all', stdout: '', expect: 'unparsable' },
  ],
});
