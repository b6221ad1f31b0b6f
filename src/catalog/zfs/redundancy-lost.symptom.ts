import { defineSymptom, type Detection } from '../../define/symptom.ts';
import { optional } from '../../define/source.ts';
import mdArrays from '../disk/md-arrays.probe.ts';
import { clusterOf } from '../guests/cluster.samples.ts';
import proxmox from '../guests/proxmox.probe.ts';
import bonding from '../network/bonding.probe.ts';
import { countText } from '../kernel/number-text.ts';
import { unusableSpares } from './pool-spares.ts';
import { degradedPool, healthyPool, zpool } from './zpool.samples.ts';
import zpools from './zpools.fact.ts';

export default defineSymptom({
  id: 'redundancy-lost',
  title: 'Redundancy is lost',
  about: `A ZFS pool is degraded, faulted or suspended, or its spare disk cannot be used, a software RAID array runs with fewer disks than it should have, a bond has lost a link that it had, or a node does not hear
the majority of its cluster. All may still work, but the
next failure will be felt, or cost data.`,
  leak: 0.02,
  needs: { zpools: optional(zpools), arrays: optional(mdArrays), bonds: optional(bonding), host: optional(proxmox) },
  detect: ({ zpools: zfs, arrays, bonds, host }) => {
    const found: Detection[] = [];
    for (const pool of zfs?.pools ?? []) {
      const state = pool.suspended ? 'SUSPENDED' : (pool.status?.state ?? pool.state);
      const spares = unusableSpares(pool.status);
      if (state === 'ONLINE' && spares.length > 0) {
        const says = `Pool ${pool.name} is whole, but cannot use ${countText(spares.length, 'spare')}: ${spares.slice(0, 4).map((leaf) => `${leaf.path} is ${leaf.state}`).join(', ')}.`;
        found.push({ object: pool.object, value: spares.length, limit: 0, unit: 'spares', says });
      }
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
    const cluster = host?.cluster;
    if (cluster?.quorate === false) {
      const online = cluster.nodes.filter((node) => node.online).length;
      const says = `The node has lost the majority of its cluster ${cluster.name}: ${online} of ${cluster.nodes.length} nodes are online as it sees them.`;
      found.push({ object: 'host', value: online, limit: Math.floor(cluster.nodes.length / 2) + 1, unit: 'nodes', says });
    }
    return found;
  },
  examples: {
    present: [
      { name: 'a degraded mirror', given: { zpools: zpool({ state: 'DEGRADED', status: degradedPool }) }, objects: ['storage/tank'] },
      { name: 'a suspended pool that only the kernel tells of', given: { zpools: zpool({ state: 'SUSPENDED', suspended: true, status: undefined }) } },
      {
        name: 'a whole pool whose spare is gone',
        given: { zpools: zpool({ status: { ...healthyPool, leaves: [...healthyPool.leaves, { ...healthyPool.leaves[0]!, role: 'spare', state: 'UNAVAIL' }] } }) },
        objects: ['storage/tank'],
      },
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
      { name: 'a node alone of three', given: { host: clusterOf(1) }, objects: ['host'] },
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
      { name: 'a cluster with a node off for maintenance', given: { host: clusterOf(2) } },
      { name: 'a whole array', given: { arrays: { arrays: [{ name: 'md0', active: true, readOnly: false, level: 'raid1', members: [], disks: 2, working: 2 }] } } },
    ],
  },
});
