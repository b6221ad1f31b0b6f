import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';

const most = 2_000;

/** Features of the pools that are in use: an older ZFS that does not know one of them cannot import the pool, or not for writing (zpool-features(7)). */
export default defineProbe({
  id: 'zpool-features',
  title: 'Features that the ZFS pools use',
  subject: 'zfs',
  family: 'zfs',
  timeoutMs: 5_000,
  maxBytes: 65_536,
  sh: `[ -d /proc/spl/kstat/zfs ] || absent 'ZFS is not loaded on this host'
need zpool
zpool get -H -o name,property,value all | awk -F '\\t' '$2 ~ /^(feature|unsupported)@/ && $3 == "active" { print $1 "\\t" $2; n++ } END { print "end\\t" NR }'`,
  schema: z.object({ active: z.array(z.object({ pool: z.string(), feature: z.string() })) }),
  parse: (stdout) => {
    const rows = stdout.split('\n', most).map((row) => row.split('\t'));
    const end = rows.find(([word]) => word === 'end');
    if (end === undefined) return unparsable('the answer does not reach its end');
    const active = rows.flatMap(([pool, property]) => {
      const feature = /^(?:feature|unsupported)@(.{1,100})$/.exec(property ?? '')?.[1];
      return pool === undefined || feature === undefined ? [] : [{ pool, feature }];
    });
    return active.length === 0 && end[1] === '0' ? absent('no ZFS pool is imported') : { active };
  },
  examples: [
    {
      from: 'documented',
      where: 'zpool-get(8), zpool-features(7)',
      stdout: 'tank\tfeature@async_destroy\ntank\tfeature@block_cloning\ntank\tunsupported@com.example:new\nend\t80\n',
      expect: { active: [{ pool: 'tank', feature: 'async_destroy' }, { feature: 'block_cloning' }, { feature: 'com.example:new' }] },
    },
    { from: 'documented', where: 'no pool', stdout: 'end\t0\n', expect: absent('') },
    { from: 'documented', where: 'an answer that was cut', stdout: 'tank\tfeature@async_destroy\n', expect: 'unparsable' },
  ],
});
