import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';
import { dumpedFiles } from '../../lib/host-text.ts';

const choiceSchema = z.object({
  /** What ZFS can choose from on this CPU under this kernel; `cycle` and `fastest` are ways of choosing and left out. */
  available: z.array(z.string()),
  /** The word in brackets: an implementation, or `fastest`. */
  selected: z.string(),
});

const schema = z.object({
  aes: choiceSchema.optional(),
  gcm: choiceSchema.optional(),
  fletcher4: choiceSchema.optional(),
  raidz: choiceSchema.optional(),
  sha256: choiceSchema.optional(),
  sha512: choiceSchema.optional(),
  blake3: choiceSchema.optional(),
});
type Name = keyof z.infer<typeof schema>;

const names: Readonly<Record<string, Name>> = {
  icp_aes_impl: 'aes',
  icp_gcm_impl: 'gcm',
  zfs_fletcher_4_impl: 'fletcher4',
  zfs_vdev_raidz_impl: 'raidz',
  zfs_sha256_impl: 'sha256',
  zfs_sha512_impl: 'sha512',
  zfs_blake3_impl: 'blake3',
};

/**
 * One line of words, the chosen one in brackets; what cannot run here is not listed. ZFS up to 2.1 has the files under
 * the modules icp and zcommon, 2.2 and later under zfs (module/icp/algs/aes/aes_impl.c, module/zcommon/zfs_fletcher.c).
 */
export default defineProbe({
  id: 'zfs-implementations',
  title: 'Implementations that ZFS can choose from',
  subject: 'zfs',
  stage: 'early',
  sh: `[ -d /sys/module/zfs ] || absent 'ZFS is not loaded on this host'
dump /sys/module/icp/parameters/*_impl /sys/module/zcommon/parameters/*_impl /sys/module/zfs/parameters/*_impl`,
  maxBytes: 8192,
  schema,
  parse: (stdout) => {
    const found: z.infer<typeof schema> = {};
    for (const [path, text] of dumpedFiles(stdout)) {
      const name = names[path.slice(path.lastIndexOf('/') + 1)];
      if (!name) continue;
      const words = text.trim().split(/\s+/).filter(Boolean);
      const chosen = words.find((word) => word.startsWith('[') && word.endsWith(']'));
      if (!chosen) continue;
      const available = words.map((word) => (word === chosen ? word.slice(1, -1) : word)).filter((word) => word !== 'cycle' && word !== 'fastest');
      found[name] = { available, selected: chosen.slice(1, -1) };
    }
    return Object.keys(found).length > 0 ? found : unparsable('no list of implementations');
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, ZFS 2.1.11, a CPU with AVX',
      stdout: `==> /sys/module/icp/parameters/icp_aes_impl <==
cycle [fastest] generic x86_64 aesni 
==> /sys/module/icp/parameters/icp_gcm_impl <==
cycle [fastest] avx generic pclmulqdq 
==> /sys/module/zcommon/parameters/zfs_fletcher_4_impl <==
[fastest] scalar superscalar superscalar4 sse2 ssse3 avx2 
==> /sys/module/zfs/parameters/zfs_vdev_raidz_impl <==
cycle [fastest] original scalar sse2 ssse3 avx2 
`,
      expect: {
        gcm: { available: ['avx', 'generic', 'pclmulqdq'], selected: 'fastest' },
        aes: { available: ['generic', 'x86_64', 'aesni'] },
        fletcher4: { available: ['scalar', 'superscalar', 'superscalar4', 'sse2', 'ssse3', 'avx2'] },
      },
    },
    {
      from: 'recorded',
      where: 'Debian 13, ZFS 2.3.9',
      stdout: `==> /sys/module/zfs/parameters/icp_aes_impl <==
cycle [fastest] generic x86_64 aesni 
==> /sys/module/zfs/parameters/icp_gcm_impl <==
cycle [fastest] avx generic pclmulqdq 
==> /sys/module/zfs/parameters/zfs_blake3_impl <==
cycle [fastest] generic sse2 sse41 avx2 
==> /sys/module/zfs/parameters/zfs_sha256_impl <==
cycle [fastest] generic x64 ssse3 avx avx2 shani 
`,
      expect: { gcm: { available: ['avx', 'generic', 'pclmulqdq'] }, sha256: { available: ['generic', 'x64', 'ssse3', 'avx', 'avx2', 'shani'] } },
    },
    {
      from: 'documented',
      where: 'zfs(4): an implementation chosen by the user',
      stdout: '==> /sys/module/zfs/parameters/icp_gcm_impl <==\ncycle fastest avx [generic] pclmulqdq \n',
      expect: { gcm: { available: ['avx', 'generic', 'pclmulqdq'], selected: 'generic' } },
    },
    { from: 'documented', where: 'what the fragment prints without ZFS', stdout: 'ZFS is not loaded on this host\n', exitStatus: 120, expect: absent('') },
    { from: 'documented', where: 'no file could be read', stdout: '', expect: 'unparsable' },
  ],
});
