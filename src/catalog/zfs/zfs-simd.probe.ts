import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';

/** /proc/spl/kstat/zfs/simd, since ZFS 2.3: what ZFS believes the CPU and the kernel allow, one `key value` a line. */
export default defineProbe({
  id: 'zfs-simd',
  title: 'CPU features as ZFS sees them',
  subject: 'zfs',
  stage: 'early',
  sh: `[ -r /proc/spl/kstat/zfs/simd ] || absent 'this ZFS does not publish it (before 2.3, or not loaded)'
cat /proc/spl/kstat/zfs/simd`,
  maxBytes: 8192,
  schema: z.record(z.string(), z.boolean()),
  parse: (stdout) => {
    const features: Record<string, boolean> = {};
    for (const line of stdout.split('\n')) {
      const [key, value, ...rest] = line.trim().split(/\s+/);
      if (key && /^\w{2,20}$/.test(key) && (value === '0' || value === '1') && rest.length === 0) features[key] = value === '1';
    }
    return 'avx' in features ? features : unparsable('no feature list');
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 13, ZFS 2.3.9',
      stdout: 'kfpu_allowed    \t1\nkfpu            \t0\nsse2            \t1\navx             \t1\navx2            \t1\nosxsave         \t1\nxsave           \t1\n',
      expect: { kfpu_allowed: true, avx: true, osxsave: true, kfpu: false },
    },
    { from: 'documented', where: 'what the fragment prints on ZFS 2.1', stdout: 'this ZFS does not publish it\n', exitStatus: 120, expect: absent('') },
    { from: 'documented', where: 'something else', stdout: 'cpu 1 2 3\n', expect: 'unparsable' },
  ],
});
