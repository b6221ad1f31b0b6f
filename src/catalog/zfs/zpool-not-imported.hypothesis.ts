import type { z } from 'zod';
import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import proxmox, { type Proxmox } from '../guests/proxmox.probe.ts';
import failedUnits from '../kernel/failed-units.probe.ts';
import { storageOf } from './dataset.samples.ts';
import expectedPools from './expected-pools.probe.ts';
import importPool from './import-pool.mitigation.ts';

type Expected = z.infer<(typeof expectedPools)['schema']>;

interface MissingPool {
  readonly object: string;
  readonly pool: string;
  readonly cached: boolean;
  readonly hasUnit: boolean;
  readonly onDisks: boolean;
  /** Enabled storages of this node on it; `meantForHere`: the node stands alone, or the storage names it. */
  readonly storages: readonly string[];
  readonly meantForHere: boolean;
}

function missingPools(expected: Expected, pve: Proxmox | undefined): MissingPool[] {
  const here = (pve?.storages ?? []).filter((one) => one.type === 'zfspool' && one.pool !== undefined && !one.disabled && (one.nodes.length === 0 || pve?.nodeName === undefined || one.nodes.includes(pve.nodeName)));
  const poolOf = (dataset: string | undefined): string => (dataset ?? '').split('/', 1)[0]!;
  const names = new Set([...expected.cached, ...expected.ofUnits, ...here.map((one) => poolOf(one.pool))]);
  return [...names].filter((pool) => pool !== '' && !expected.imported.includes(pool)).slice(0, 50).map((pool) => {
    const storages = here.filter((one) => poolOf(one.pool) === pool);
    return {
      object: `storage/${pool}`,
      pool,
      cached: expected.cached.includes(pool),
      hasUnit: expected.ofUnits.includes(pool),
      onDisks: expected.onDisks.includes(pool),
      storages: storages.map((one) => one.name),
      meantForHere: pve?.cluster === undefined || pve.cluster.nodes.length < 2 || storages.some((one) => one.nodes.length > 0),
    };
  });
}

function importUnits(units: readonly { readonly unit: string }[]): string[] {
  return units.map((one) => one.unit).filter((unit) => /^zfs-import\S{0,250}\.service$/.test(unit));
}

function expecting(more: Partial<Expected> = {}): Expected {
  return { moduleLoaded: true, imported: ['rpool'], cached: ['rpool'], ofUnits: [], onDisks: ['rpool'], ...more };
}

const alone: Proxmox = { configMounted: true, nodeName: 'pve1', storages: [storageOf('tank', 'tank/vm')] };

export default defineHypothesis({
  id: 'zpool-not-imported',
  subject: 'zfs',
  proven: 'documentation',
  title: 'A ZFS pool that this host counts on is not imported',
  about: `A pool is imported at boot by one of the services zfs-import-cache, zfs-import-scan or zfs-import@<pool>. That fails when its disks appear late or not at all, when another host used it last, or when
the running kernel has no ZFS module. Guests on it do not start, backups to it fail, and folders below its mount point are empty. It is told from /etc/zfs/zpool.cache, from enabled services, and from the
storages of Proxmox VE.

To be sure by hand: \`zpool import\` lists what could be imported and why not; \`systemctl status 'zfs-import*'\` and \`journalctl -b -u 'zfs-import*'\` show what happened at boot.`,
  needs: { expected: expectedPools, pve: optional(proxmox), units: failedUnits },
  objects: ({ expected, pve }) => missingPools(expected, pve),
  noObjects: 'all ZFS pools that this host counts on are imported',
  prior: 1 / 60,
  explains: { 'guest-down': 0.7, 'backup-missed': 0.3, 'target-missing': 0.3 },
  evidence: [
    {
      outcome: (_, { storages, meantForHere, cached, hasUnit, onDisks }) => {
        if (storages.length > 0 && (meantForHere || cached || hasUnit || onDisks)) return 'storage';
        if (cached || (hasUnit && onDisks)) return 'was here';
        return storages.length > 0 ? 'storage of the cluster' : 'unit alone';
      },
      table: {
        storage: {
          ifCause: 0.6,
          otherwise: 0.0015,
          decisive: true,
          says: (_, { pool, storages }) => `Pool ${pool} is not imported, although storage ${storages.join(', ')} lies on it.`,
        },
        'was here': { ifCause: 0.32, otherwise: 0.004, decisive: true, says: (_, { pool, cached }) => `Pool ${pool} is not imported, although ${cached ? 'it is in /etc/zfs/zpool.cache, where exported pools are taken out' : 'a service is enabled for it and its disks are there'}.` },
        'unit alone': { ifCause: 0.06, otherwise: 0.1, says: (_, { pool }) => `A service is enabled that imports pool ${pool}, but nothing else knows of it any more.` },
        'storage of the cluster': { ifCause: 0.02, otherwise: 0.8, says: (_, { storages }) => `Storage ${storages.join(', ')} is defined for all nodes of the cluster; its pool may be on another.` },
      },
      excerpt: (_, { pool, cached, hasUnit, onDisks }) => `${pool}: in zpool.cache ${cached ? 'yes' : 'no'}, service ${hasUnit ? 'yes' : 'no'}, on disks ${onDisks ? 'yes' : 'no'}`,
      group: 'expected',
    },
    {
      when: ({ units }) => importUnits(units.units).length > 0,
      likelihood: { ifCause: 0.4, otherwise: 0.03 },
      says: ({ units }) => `Importing pools failed at boot: ${importUnits(units.units).slice(0, 3).join(', ')}.`,
      group: 'units',
    },
    {
      when: ({ expected }) => !expected.moduleLoaded,
      likelihood: { ifCause: 0.15, otherwise: 0.01 },
      says: 'The ZFS module is not loaded: the running kernel may have none.',
      group: 'module',
    },
    {
      when: (_, { onDisks }) => onDisks,
      likelihood: { ifCause: 0.6, otherwise: 0.4 },
      says: (_, { pool }) => `Disks with the label of pool ${pool} are there.`,
      saysNot: (_, { pool }) => `no disk with the label of pool ${pool} is seen: look for missing disks first`,
      group: 'disks',
    },
  ],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Look why first: `zpool import` without a name changes nothing and lists what is there.'],
  doNot: ['Do not import with -f while another host may have the pool imported: two hosts destroy it.', 'Do not create the pool again: that destroys what is on its disks.'],
  mitigations: [importPool],
  references: ['zpool-import(8)', 'zpoolprops(7), cachefile', 'pve-docs local-zfs.adoc'],
  examples: {
    supporting: [
      { name: 'the disks of a storage came too late at boot', given: { expected: expecting({ cached: ['rpool', 'tank'], onDisks: ['rpool', 'tank'] }), pve: alone, units: { units: [{ unit: 'zfs-import@tank.service', description: 'Import ZFS pool tank' }] } }, object: 'storage/tank', symptoms: ['guest-down'], expect: 'identified' },
      { name: 'the kernel has no ZFS module', given: { expected: expecting({ moduleLoaded: false, imported: [], cached: ['tank'], onDisks: ['tank'] }) }, symptoms: ['target-missing'] },
      { name: 'a storage on a pool whose disks are gone', given: { expected: expecting(), pve: alone }, symptoms: ['guest-down'] },
    ],
    refuting: [
      { name: 'all are imported', given: { expected: expecting(), pve: { ...alone, storages: [storageOf('local-zfs', 'rpool/data')] } }, expect: 'ruled-out' },
      { name: 'the storage is switched off, or meant for another node', given: { expected: expecting(), pve: { ...alone, storages: [storageOf('usb', 'usb', { disabled: true }), storageOf('tank', 'tank', { nodes: ['pve2'] })] } }, expect: 'ruled-out' },
      {
        name: 'a storage that is defined for the whole cluster, whose pool is on another node',
        given: { expected: expecting(), pve: { ...alone, cluster: { name: 'lab', quorate: true, nodes: [{ name: 'pve1', online: true }, { name: 'pve2', online: true }] } } },
        symptoms: ['guest-down'],
      },
      { name: 'a service that was left over from a pool that was destroyed', given: { expected: expecting({ ofUnits: ['old'] }) }, symptoms: ['guest-down'] },
    ],
  },
});
