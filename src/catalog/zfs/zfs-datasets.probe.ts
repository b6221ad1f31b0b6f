import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';

const datasetSchema = z.object({
  name: z.string(),
  type: z.enum(['filesystem', 'volume']),
  usedBytes: z.number(),
  availableBytes: z.number().optional(),
  referencedBytes: z.number(),
  volumeSizeBytes: z.number().optional(),
  mountPoint: z.string(),
  /** `off`, or the cipher: `aes-256-gcm`, `aes-256-ccm`, … */
  encryption: z.string(),
  /** `available`, `unavailable`; empty where nothing is encrypted. */
  keyStatus: z.string(),
  compression: z.string(),
  /** recordsize of a file system, volblocksize of a volume. */
  blockSizeBytes: z.number().optional(),
  sync: z.string(),
  dedup: z.string(),
  mounted: z.boolean(),
  /** Limit of a dataset with all below it and its snapshots, and of the dataset's own data alone. */
  quotaBytes: z.number().optional(),
  refQuotaBytes: z.number().optional(),
  /** `on`, `off`, `noauto`; undefined for volumes. */
  canMount: z.string().optional(),
  /** The dataset whose key this one uses. */
  encryptionRoot: z.string().optional(),
  /** `prompt`, `file:///…`, or `https` without the address. */
  keyLocation: z.string().optional(),
  checksum: z.string().optional(),
  /** `latency` or `throughput`. */
  logBias: z.string().optional(),
  /** `all`, `metadata`, `none`. */
  primaryCache: z.string().optional(),
  /** How often each block is stored, beside what the pool's layout does. */
  copies: z.number().optional(),
});
export type Dataset = z.infer<typeof datasetSchema>;

function bytes(word: string | undefined): number | undefined {
  return word !== undefined && /^\d{1,19}$/.test(word) ? Number(word) : undefined;
}

/** `-` stands for a property that this kind of dataset does not have. */
function given(word: string | undefined): string | undefined {
  return word === '-' || word === '' ? undefined : word;
}

function datasetOf(line: string): Dataset | undefined {
  const [name, type, used, available, referenced, volsize, mountPoint, encryption, keyStatus, compression, recordSize, volBlockSize, sync, dedup, mounted, quota,
    canMount, encryptionRoot, refQuota, keyLocation, checksum, logBias, primaryCache, copies] =
    line.split('\t');
  const usedBytes = bytes(used);
  const referencedBytes = bytes(referenced);
  if (!name || (type !== 'filesystem' && type !== 'volume') || usedBytes === undefined || referencedBytes === undefined) return undefined;
  return {
    name,
    type,
    usedBytes,
    availableBytes: bytes(available),
    referencedBytes,
    volumeSizeBytes: bytes(volsize),
    mountPoint: mountPoint ?? '-',
    encryption: encryption ?? 'off',
    keyStatus: keyStatus === '-' ? '' : (keyStatus ?? ''),
    compression: compression ?? '',
    blockSizeBytes: bytes(type === 'volume' ? volBlockSize : recordSize),
    sync: sync ?? '',
    dedup: dedup ?? 'off',
    mounted: mounted === 'yes',
    quotaBytes: bytes(quota) || undefined,
    refQuotaBytes: bytes(refQuota) || undefined,
    canMount: given(canMount),
    encryptionRoot: given(encryptionRoot),
    keyLocation: keyLocation === 'none' ? undefined : given(keyLocation),
    checksum: given(checksum),
    logBias: given(logBias),
    primaryCache: given(primaryCache),
    copies: bytes(copies),
  };
}

/** `zfs list -Hp -o …` of file systems and volumes, never of snapshots: tab-separated, exact numbers (zfsprops(7)). At most 1500. Of a key on the web only the protocol is kept: its address may carry a password. */
export default defineProbe({
  id: 'zfs-datasets',
  title: 'ZFS file systems and volumes with their properties',
  subject: 'zfs',
  family: 'zfs',
  timeoutMs: 8_000,
  sh: `[ -d /proc/spl/kstat/zfs ] || absent 'ZFS is not loaded on this host'
need zfs
tab=$(printf '\\t')
zfs list -Hp -t filesystem,volume -o name,type,used,available,referenced,volsize,mountpoint,encryption,keystatus,compression,recordsize,volblocksize,sync,dedup,mounted,quota,canmount,encryptionroot,refquota,keylocation,checksum,logbias,primarycache,copies | head -n 1500 | sed "s#\\(https\\{0,1\\}\\)://[^$tab]*#\\1#"`,
  schema: z.object({ datasets: z.array(datasetSchema) }),
  parse: (stdout) => {
    const datasets = stdout.split('\n').flatMap((line) => datasetOf(line) ?? []);
    if (datasets.length > 0) return { datasets };
    return stdout.trim() === '' || stdout.startsWith('no datasets') ? absent('there is no ZFS dataset') : unparsable('no dataset in the answer');
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, ZFS 2.1.11, with a volume as zfsprops(7) describes it',
      stdout:
        'tank\tfilesystem\t21287424\t1857760768\t24576\t-\t/tank\toff\t-\toff\t131072\t-\tstandard\toff\tyes\t0\n' +
        'tank/enc\tfilesystem\t100352\t1857760768\t100352\t-\t/tank/enc\taes-256-gcm\tavailable\toff\t131072\t-\tstandard\toff\tyes\t0\n' +
        'tank/vm-100-disk-0\tvolume\t34359738368\t1857760768\t12288\t34359738368\t-\taes-256-gcm\tunavailable\tlz4\t-\t16384\tstandard\toff\t-\t-\n',
      expect: {
        datasets: [
          { name: 'tank', encryption: 'off', keyStatus: '' },
          { name: 'tank/enc', encryption: 'aes-256-gcm', keyStatus: 'available', blockSizeBytes: 131072 },
          { type: 'volume', volumeSizeBytes: 34359738368, blockSizeBytes: 16384, keyStatus: 'unavailable' },
        ],
      },
    },
    {
      from: 'recorded',
      where: 'Debian 13, ZFS 2.3.9',
      stdout: 'tank/enc\tfilesystem\t21070848\t1836666880\t21070848\t-\t/tank/enc\taes-256-gcm\tavailable\toff\t131072\t-\tstandard\toff\tyes\t0\n',
      expect: { datasets: [{ name: 'tank/enc', mounted: true }] },
    },
    {
      from: 'documented',
      where: 'zfsprops(7): a locked dataset with one that inherits its key, and the disk of a container at its limit',
      stdout:
        'rpool/enc\tfilesystem\t98304\t1857760768\t98304\t-\t/rpool/enc\taes-256-gcm\tunavailable\ton\t131072\t-\tstandard\toff\tno\t0\ton\trpool/enc\t0\tprompt\n' +
        'rpool/enc/a\tfilesystem\t98304\t1857760768\t98304\t-\t/rpool/enc/a\taes-256-gcm\tunavailable\ton\t131072\t-\tstandard\toff\tno\t0\tnoauto\trpool/enc\t0\tnone\n' +
        'rpool/data/subvol-101-disk-0\tfilesystem\t8589934592\t0\t8589934592\t-\t/rpool/data/subvol-101-disk-0\toff\t-\ton\t131072\t-\tstandard\toff\tyes\t0\ton\t-\t8589934592\tnone\n',
      expect: {
        datasets: [
          { name: 'rpool/enc', canMount: 'on', encryptionRoot: 'rpool/enc', keyLocation: 'prompt', mounted: false },
          { name: 'rpool/enc/a', canMount: 'noauto', encryptionRoot: 'rpool/enc' },
          { refQuotaBytes: 8589934592, availableBytes: 0 },
        ],
      },
    },
    { from: 'documented', where: 'zfs without pools', stdout: '', expect: absent('') },
    { from: 'documented', where: 'an error message', stdout: 'Permission denied the ZFS utilities must be run as root.\n', expect: 'unparsable' },
  ],
});
