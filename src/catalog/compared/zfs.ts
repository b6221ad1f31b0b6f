import type { ComparisonRule } from '../../define/comparison.ts';
import expectedPools from '../zfs/expected-pools.probe.ts';
import snapshotTools from '../zfs/snapshot-tools.probe.ts';
import zfsArc from '../zfs/zfs-arc.probe.ts';
import zfsDatasets from '../zfs/zfs-datasets.probe.ts';
import dedupTables from '../zfs/zfs-dedup-tables.probe.ts';
import zfsImplementations from '../zfs/zfs-implementations.probe.ts';
import zfsParameters from '../zfs/zfs-parameters.probe.ts';
import zfsSimd from '../zfs/zfs-simd.probe.ts';
import zfsThreads from '../zfs/zfs-threads.fact.ts';
import zfsVersion from '../zfs/zfs-version.probe.ts';
import zpoolFeatures from '../zfs/zpool-features.probe.ts';
import zpoolIostat from '../zfs/zpool-iostat.probe.ts';
import zpoolList from '../zfs/zpool-list.probe.ts';
import zpoolStatus from '../zfs/zpool-status.probe.ts';
import zpools from '../zfs/zpools.fact.ts';
import { about, capability, ignored } from './rule.ts';

const implementations = about(zfsImplementations);
const dataset = about(zfsDatasets);
const pool = about(zpoolList);
const status = about(zpoolStatus);

/** Each list of implementations: its name in the source, what it is for, the module parameter, and how much of ZFS's work goes through it. */
const lists = [
  ['gcm', 'AES-GCM', 'icp_gcm_impl', 100],
  ['aes', 'AES', 'icp_aes_impl', 99],
  ['fletcher4', 'the checksum fletcher4', 'zfs_fletcher_4_impl', 98],
  ['raidz', 'the parity of RAID-Z', 'zfs_vdev_raidz_impl', 98],
  ['sha256', 'the checksum SHA-256', 'zfs_sha256_impl', 96],
  ['sha512', 'the checksum SHA-512', 'zfs_sha512_impl', 96],
  ['blake3', 'the checksum BLAKE3', 'zfs_blake3_impl', 96],
] as const;

/** Properties of datasets that decide how fast they are. */
const properties = [
  ['encryption', 80, 'encryption'],
  ['keyStatus', 78, 'keystatus'],
  ['compression', 66, 'compression'],
  ['sync', 76, 'sync'],
  ['dedup', 80, 'dedup'],
  ['blockSizeBytes', 64, 'recordsize or volblocksize'],
  ['checksum', 66, 'checksum'],
  ['logBias', 60, 'logbias'],
  ['primaryCache', 76, 'primarycache'],
  ['copies', 60, 'copies'],
  ['quotaBytes', 46, 'quota'],
  ['refQuotaBytes', 46, 'refquota'],
  ['volumeSizeBytes', 40, 'volsize'],
  ['mounted', 48, 'mounted'],
  ['canMount', 32, 'canmount'],
  ['keyLocation', 32, 'keylocation'],
  ['mountPoint', 20, 'mountpoint'],
] as const;

export const zfsRules: readonly ComparisonRule[] = [
  ...lists.flatMap(([name, what, label, weight]) => [
    implementations(`${name}/available`, 'capability', capability(weight), `implementations of ${what} in ZFS`, { lost: `ZFS no longer lists {items} for ${what}`, gained: `ZFS newly lists {items} for ${what}`, label }),
    implementations(`${name}/selected`, 'setting', 84, `the implementation that ZFS chooses for ${what}`, { label }),
    implementations(name, 'capability', 20, `the list of implementations of ${what} in ZFS`),
  ]),
  about(zfsSimd)('*', 'capability', capability(95), '{1} as ZFS sees it', { lost: 'ZFS no longer sees {1} in this CPU', gained: 'ZFS newly sees {1} in this CPU', label: '/proc/spl/kstat/zfs/simd' }),
  about(zfsVersion)('module', 'version', 0, 'ZFS'),
  // Some are a share of the memory, which differs by a little from boot to boot.
  about(zfsParameters)('*', 'setting', 72, 'the parameter {1} of ZFS', { noise: { ratio: 1.05, atLeast: 1 }, label: '/sys/module/zfs/parameters/{1}' }),
  about(zfsArc)('second/maxBytes', 'setting', 62, 'the largest size allowed to the cache of ZFS', { noise: { ratio: 1.1, atLeast: 2 ** 26 }, label: 'c_max in arcstats' }),

  dataset('datasets/*', 'setting', 24, 'the dataset {1}', { shows: ['type', 'encryption'], ofTheMachine: true }),
  ...properties.map(([name, weight, label]) => dataset(`datasets/*/${name}`, 'setting', weight, `${label} of {1}`)),
  ...ignored(zfsDatasets, 'datasets/*/*'),

  pool('pools/*', 'hardware', { lost: 92, gained: 34, changed: 92 }, 'the pool {1}', { shows: ['sizeBytes', 'health'], ofTheMachine: true }),
  pool('pools/*/health', 'health', { lost: 90, gained: 32, changed: 90 }, 'the state of the pool {1}', { best: ['ONLINE'] }),
  pool('pools/*/ashift', 'setting', 60, 'ashift of the pool {1}'),
  pool('pools/*/autotrim', 'setting', 66, 'that freed blocks of the pool {1} are trimmed at once', { label: 'autotrim' }),
  pool('pools/*/failmode', 'setting', 45, 'failmode of the pool {1}'),
  pool('pools/*/sizeBytes', 'hardware', 55, 'the size of the pool {1}', { noise: { ratio: 1.01, atLeast: 2 ** 20 } }),
  pool('pools/*/capacityPercent', 'measured', { lost: 12, gained: 46, changed: 46 }, 'the space in use in the pool {1}', { noise: { ratio: 1, atLeast: 10, unit: '%' } }),
  pool('pools/*/fragmentationPercent', 'measured', { lost: 12, gained: 40, changed: 40 }, 'the fragmentation of the pool {1}', { noise: { ratio: 1, atLeast: 15, unit: '%' } }),
  ...ignored(zpoolList, 'pools/*/*'),

  status('pools/*', 'hardware', 0, 'the pool {1}'),
  status('pools/*/leaves/*', 'hardware', { lost: 90, gained: 48, changed: 90 }, 'the member {2} of the pool {1}', { shows: ['role', 'state'], ofDisks: true, ofTheMachine: true }),
  status('pools/*/leaves/*/state', 'health', { lost: 92, gained: 32, changed: 92 }, 'the state of {2} in the pool {1}', { best: ['ONLINE', 'AVAIL'] }),
  status('pools/*/leaves/*/role', 'setting', 60, 'the role of {2} in the pool {1}'),
  ...(['readErrors', 'writeErrors', 'checksumErrors'] as const).map((name) =>
    status(`pools/*/leaves/*/${name}`, 'health', 86, `the number of ${{ readErrors: 'read', writeErrors: 'write', checksumErrors: 'checksum' }[name]} errors of {2} in the pool {1}`, { noise: { ratio: 1, atLeast: 1, only: 'more' } }),
  ),
  status('pools/*/dataErrors', 'health', 94, 'the number of damaged files or blocks in the pool {1}', { noise: { ratio: 1, atLeast: 1, only: 'more' } }),
  status('pools/*/scan', 'health', 10, 'the last scrub or resilver of the pool {1}', { shows: ['kind', 'state'] }),
  status('pools/*/scan/state', 'health', { lost: 42, gained: 12, changed: 42 }, 'the state of the scrub or resilver of the pool {1}', { best: ['finished'] }),
  ...ignored(zpoolStatus, 'pools/*/state', 'pools/*/status', 'pools/*/vdevs', 'pools/*/scan/*', 'pools/*/leaves/*/*'),

  about(zpoolFeatures)('active', 'setting', { lost: 20, gained: 44, changed: 44 }, 'features of pools in use', { setOf: ['pool', 'feature'], lost: 'No longer in use are the features {items} of pools', gained: 'Newly in use are these features of pools: {items}' }),
  about(dedupTables)('tables/*', 'setting', { lost: 20, gained: 60, changed: 60 }, 'the deduplication table of the pool {1}', { ofTheMachine: true }),
  about(zfsThreads)('writeIssue/totalPercent', 'measured', { lost: 12, gained: 46, changed: 46 }, 'CPU time of the threads with which ZFS encrypts, compresses and checksums what is written', { noise: { ratio: 3, atLeast: 40, unit: '% of a CPU' } }),
  about(zpools)('pools/*/longestSyncMs', 'measured', { lost: 12, gained: 50, changed: 50 }, 'the longest time in which the pool {1} wrote one transaction group', { noise: { ratio: 4, atLeast: 2_000, unit: 'ms' } }),
  ...ignored(zpoolIostat),
  ...ignored(snapshotTools),
  ...ignored(expectedPools, 'imported', 'cached', 'ofUnits', 'onDisks'),
];
