import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';

export default defineProbe({
  id: 'zfs-version',
  title: 'Version of the loaded ZFS module',
  subject: 'zfs',
  stage: 'early',
  sh: `[ -r /sys/module/zfs/version ] || absent 'ZFS is not loaded on this host'
cat /sys/module/zfs/version`,
  maxBytes: 256,
  schema: z.object({
    /** As the module says it: `2.1.11-1+deb12u1`, `2.2.4-pve1`. */
    module: z.string(),
  }),
  parse: (stdout) => {
    const module = stdout.trim();
    return /^\d+\.\d+[\w.+~-]*$/.test(module) && module.length < 64 ? { module } : unparsable('no ZFS version');
  },
  examples: [
    { from: 'recorded', where: 'Debian 12', stdout: '2.1.11-1+deb12u1\n', expect: { module: '2.1.11-1+deb12u1' } },
    { from: 'recorded', where: 'Debian 13', stdout: '2.3.9-0+deb13u1\n', expect: { module: '2.3.9-0+deb13u1' } },
    { from: 'documented', where: 'Proxmox VE 8, as quoted in bug reports', stdout: '2.2.4-pve1\n', expect: { module: '2.2.4-pve1' } },
    { from: 'documented', where: 'what the fragment prints without ZFS', stdout: 'ZFS is not loaded on this host\n', exitStatus: 120, expect: absent('') },
    { from: 'documented', where: 'an empty file', stdout: '', expect: 'unparsable' },
  ],
});
