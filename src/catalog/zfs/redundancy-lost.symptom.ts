import { defineSymptom, type Detection } from '../../define/symptom.ts';
import { optional } from '../../define/source.ts';
import mdArrays from '../disk/md-arrays.probe.ts';
import { degradedPool, zpool } from './zpool.samples.ts';
import zpools from './zpools.fact.ts';

export default defineSymptom({
  id: 'redundancy-lost',
  title: 'Redundancy is lost',
  about: `A ZFS pool is degraded, faulted or suspended, or a software RAID array runs with fewer disks than it should have. The data may still be complete, but the next
failure can take it.`,
  leak: 0.02,
  needs: { zpools: optional(zpools), arrays: optional(mdArrays) },
  detect: ({ zpools: zfs, arrays }) => {
    const found: Detection[] = [];
    for (const pool of zfs?.pools ?? []) {
      const state = pool.suspended ? 'SUSPENDED' : (pool.status?.state ?? pool.state);
      if (state === 'ONLINE' || state === 'unknown') continue;
      const broken = pool.status?.leaves.filter((leaf) => !['ONLINE', 'AVAIL', 'INUSE'].includes(leaf.state)) ?? [];
      const which = broken.length > 0 ? `: ${broken.slice(0, 4).map((leaf) => `${leaf.path} is ${leaf.state}`).join(', ')}` : '';
      found.push({ object: pool.object, value: broken.length, limit: 0, unit: 'devices', says: `Pool ${pool.name} is ${state}${which}.` });
    }
    for (const array of arrays?.arrays ?? []) {
      const { disks, working } = array;
      if (disks === undefined || working === undefined || working >= disks) continue;
      found.push({
        object: `storage/${array.name}`,
        value: disks - working,
        limit: 0,
        unit: 'devices',
        says: `Array ${array.name} (${array.level ?? 'unknown level'}) has ${working} of ${disks} disks.`,
      });
    }
    return found;
  },
  examples: {
    present: [
      { name: 'a degraded mirror', given: { zpools: zpool({ state: 'DEGRADED', status: degradedPool }) }, objects: ['storage/tank'] },
      { name: 'a suspended pool that only the kernel tells of', given: { zpools: zpool({ state: 'SUSPENDED', suspended: true, status: undefined }) } },
      {
        name: 'a software mirror with one disk left',
        given: { arrays: { arrays: [{ name: 'md0', active: true, readOnly: false, level: 'raid1', members: [], disks: 2, working: 1 }] } },
        objects: ['storage/md0'],
      },
    ],
    absent: [
      { name: 'a healthy pool', given: { zpools: zpool() } },
      { name: 'no pool and no array', given: {} },
      { name: 'a whole array', given: { arrays: { arrays: [{ name: 'md0', active: true, readOnly: false, level: 'raid1', members: [], disks: 2, working: 2 }] } } },
    ],
  },
});
