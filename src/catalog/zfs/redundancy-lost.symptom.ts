import { defineSymptom, type Detection } from '../../define/symptom.ts';
import { optional } from '../../define/source.ts';
import mdArrays from '../disk/md-arrays.probe.ts';
import bonding from '../network/bonding.probe.ts';
import { degradedPool, zpool } from './zpool.samples.ts';
import zpools from './zpools.fact.ts';

export default defineSymptom({
  id: 'redundancy-lost',
  title: 'Redundancy is lost',
  about: `A ZFS pool is degraded, faulted or suspended, a software RAID array runs with fewer disks than it should have, or a bond has lost a link that it had. All may still work, but the
next failure will be felt, or cost data.`,
  leak: 0.02,
  needs: { zpools: optional(zpools), arrays: optional(mdArrays), bonds: optional(bonding) },
  detect: ({ zpools: zfs, arrays, bonds }) => {
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
    for (const { name, ports } of bonds?.bonds ?? []) {
      const lost = ports.filter((port) => !port.up && port.failures > 0);
      if (lost.length === 0) continue;
      const says = `Bond ${name} has lost ${lost.map((port) => port.name).join(', ')} and runs on ${ports.filter((port) => port.up).length} of ${ports.length} links.`;
      found.push({ object: `nic/${name}`, value: lost.length, limit: 0, unit: 'links', says });
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
      {
        name: 'a bond that lost a link',
        given: {
          bonds: { bonds: [{ name: 'bond0', mode: 'active-backup', up: true, ports: [{ name: 'eno2', up: false, speed: '', duplex: '', failures: 1 }] }] },
        },
        objects: ['nic/bond0'],
      },
    ],
    absent: [
      {
        name: 'a bond whose second port was never plugged in',
        given: {
          bonds: { bonds: [{ name: 'bond0', mode: 'active-backup', up: true, ports: [{ name: 'eno2', up: false, speed: '', duplex: '', failures: 0 }] }] },
        },
      },
      { name: 'a healthy pool', given: { zpools: zpool() } },
      { name: 'no pool and no array', given: {} },
      { name: 'a whole array', given: { arrays: { arrays: [{ name: 'md0', active: true, readOnly: false, level: 'raid1', members: [], disks: 2, working: 2 }] } } },
    ],
  },
});
