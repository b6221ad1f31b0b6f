import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';

const poolSchema = z.object({
  name: z.string(),
  sizeBytes: z.number(),
  allocatedBytes: z.number(),
  freeBytes: z.number(),
  /** Fragmentation of the free space; undefined where ZFS does not know. */
  fragmentationPercent: z.number().optional(),
  capacityPercent: z.number(),
  dedupRatio: z.number(),
  health: z.string(),
  /** 0: chosen by each vdev. */
  ashift: z.number(),
  autotrim: z.boolean(),
  failmode: z.string(),
});

function numberOf(word: string | undefined): number | undefined {
  return word !== undefined && /^\d{1,19}(\.\d{1,4})?x?%?$/.test(word) ? Number.parseFloat(word) : undefined;
}

/** `zpool list -Hp -o …`: one line a pool, tab-separated, exact numbers (zpoolprops(7)). */
export default defineProbe({
  id: 'zpool-list',
  title: 'Size, fill and properties of ZFS pools',
  subject: 'zfs',
  family: 'zfs',
  timeoutMs: 5_000,
  sh: `[ -d /proc/spl/kstat/zfs ] || absent 'ZFS is not loaded on this host'
need zpool
zpool list -Hp -o name,size,allocated,free,fragmentation,capacity,dedupratio,health,ashift,autotrim,failmode`,
  schema: z.object({ pools: z.array(poolSchema) }),
  parse: (stdout) => {
    const pools: z.infer<typeof poolSchema>[] = [];
    for (const line of stdout.split('\n')) {
      const [name, size, allocated, free, fragmentation, capacity, dedup, health, ashift, autotrim, failmode] = line.split('\t');
      const [sizeBytes, allocatedBytes, freeBytes, capacityPercent] = [size, allocated, free, capacity].map(numberOf);
      if (!name || sizeBytes === undefined || allocatedBytes === undefined || freeBytes === undefined || capacityPercent === undefined) continue;
      pools.push({
        name,
        sizeBytes,
        allocatedBytes,
        freeBytes,
        fragmentationPercent: numberOf(fragmentation),
        capacityPercent,
        dedupRatio: numberOf(dedup) ?? 1,
        health: health ?? 'UNKNOWN',
        ashift: numberOf(ashift) ?? 0,
        autotrim: autotrim === 'on',
        failmode: failmode ?? '',
      });
    }
    if (pools.length > 0) return { pools };
    return stdout.trim() === '' ? absent('no ZFS pool is imported') : unparsable('no pool in the answer');
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 13, ZFS 2.3.9',
      stdout: 'tank\t2013265920\t363520\t2012902400\t1\t0\t1.00\tONLINE\t0\toff\twait\n',
      expect: { pools: [{ name: 'tank', sizeBytes: 2013265920, allocatedBytes: 363520, fragmentationPercent: 1, capacityPercent: 0, health: 'ONLINE', autotrim: false }] },
    },
    {
      from: 'documented',
      where: 'zpoolprops(7): two pools, one nearly full',
      stdout: 'rpool\t21474836480\t20401094656\t1073741824\t62\t95\t1.73\tDEGRADED\t12\ton\tcontinue\ntank\t2013265920\t365056\t2012900864\t-\t0\t1.00\tONLINE\t0\toff\twait\n',
      expect: { pools: [{ name: 'rpool', capacityPercent: 95, dedupRatio: 1.73, ashift: 12, autotrim: true }, { name: 'tank' }] },
    },
    { from: 'documented', where: 'no pool: nothing is printed', stdout: '', expect: absent('') },
    { from: 'documented', where: 'an error message', stdout: 'cannot open: permission denied\n', expect: 'unparsable' },
  ],
});
