import { defineProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';
import { poolOfJson, zpoolStatusJsonSchema } from './zpool-status-json.ts';
import { complicated21, degraded23, scrubRunning21, scrubRunning23, trimming21, trimming23, twoPools21 } from './zpool-status.samples.ts';
import { poolsOfText } from './zpool-status-text.ts';
import { zpoolStatusSchema } from './zpool-status.schema.ts';

/** `zpool status`: JSON where the tool has it (2.3 and later; -t adds a TRIM that runs), else its text, both with full paths and exact numbers (zpool-status(8)). */
export default defineProbe({
  id: 'zpool-status',
  title: 'State, devices and scans of ZFS pools',
  subject: 'zfs',
  family: 'zfs',
  timeoutMs: 8_000,
  sh: `[ -d /proc/spl/kstat/zfs ] || absent 'ZFS is not loaded on this host'
set -- /proc/spl/kstat/zfs/*/state
[ -e "$1" ] || absent 'no ZFS pool is imported'
need zpool
zpool status -j --json-int -p -s -P -t 2>/dev/null || zpool status -p -s -P`,
  schema: zpoolStatusSchema,
  parse: (stdout) => {
    const text = stdout.trimStart();
    if (text.startsWith('no pools available')) return absent('no ZFS pool is imported');
    if (!text.startsWith('{')) {
      const pools = poolsOfText(stdout);
      return pools.length > 0 ? { pools } : unparsable('no pool in the answer');
    }
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return unparsable('broken JSON');
    }
    const checked = zpoolStatusJsonSchema.safeParse(json);
    if (!checked.success) return unparsable(`unexpected JSON at ${checked.error.issues[0]?.path.join('.')}`);
    const pools = Object.values(checked.data.pools).map(poolOfJson);
    return pools.length > 0 ? { pools } : absent('no ZFS pool is imported');
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 13, ZFS 2.3.9: a scrub is running',
      stdout: scrubRunning23,
      expect: {
        pools: [
          {
            name: 'tank',
            state: 'ONLINE',
            scan: { kind: 'scrub', state: 'running', atSeconds: 1795402157 },
            vdevs: [{ name: 'mirror-0', type: 'mirror', state: 'ONLINE', role: 'data' }],
            leaves: [{ path: '/dev/vdb1', vdev: 'mirror-0', state: 'ONLINE' }, { path: '/dev/vdc1' }],
            dataErrors: 0,
          },
        ],
      },
    },
    {
      from: 'recorded',
      where: 'Debian 13, ZFS 2.3.9: a member is offline',
      stdout: degraded23,
      expect: { pools: [{ state: 'DEGRADED', scan: { state: 'finished', atSeconds: 1795402158 }, leaves: [{ state: 'ONLINE' }, { state: 'OFFLINE' }] }] },
    },
    {
      from: 'recorded',
      where: 'Debian 12, ZFS 2.1.11: two pools, a member is offline',
      stdout: twoPools21,
      expect: {
        pools: [
          { name: 'backup', leaves: [{ path: '/dev/shm/hm.img', vdev: '/dev/shm/hm.img' }] },
          { name: 'tank', state: 'DEGRADED', scan: { kind: 'scrub', state: 'finished' }, leaves: [{ state: 'ONLINE' }, { path: '/dev/vdc1', state: 'OFFLINE' }] },
        ],
      },
    },
    {
      from: 'recorded',
      where: 'Debian 12, ZFS 2.1.11: a scrub is running',
      stdout: scrubRunning21,
      expect: { pools: [{ scan: { kind: 'scrub', state: 'running', percentDone: 0.25, atSeconds: Date.UTC(2026, 10, 23, 2, 49, 26) / 1000 } }] },
    },
    {
      from: 'documented',
      where: 'cmd/zpool/zpool_main.c: spare in use, log, cache, spares, errors',
      stdout: complicated21,
      expect: {
        pools: [
          {
            name: 'rpool',
            dataErrors: 5,
            scan: { kind: 'resilver', state: 'running', percentDone: 29.3 },
            vdevs: [{ name: 'raidz1-0', type: 'raidz1' }, { role: 'log' }, { role: 'cache' }, { role: 'spare' }],
            leaves: [
              { path: '/dev/disk/by-id/ata-DISK_A-part3', vdev: 'raidz1-0', checksumErrors: 12 },
              { path: '12345678901234567890', state: 'UNAVAIL', readErrors: 3, writeErrors: 1, note: 'was /dev/disk/by-id/ata-DISK_B-part3' },
              { path: '/dev/disk/by-id/ata-DISK_S', note: '(resilvering)' },
              { slowIos: 7 },
              { role: 'log' },
              { role: 'cache' },
              { role: 'spare', state: 'INUSE' },
            ],
          },
        ],
      },
    },
    {
      from: 'documented',
      where: 'cmd/zpool/zpool_main.c of 2.3, option -t: one disk is trimmed, the other cannot be',
      stdout: trimming23,
      expect: { pools: [{ leaves: [{ trim: 'running', trimPercentDone: 25 }, { trim: 'none' }] }] },
    },
    {
      from: 'recorded',
      where: 'Debian 12, ZFS 2.1.11: a TRIM is running',
      stdout: trimming21,
      expect: { pools: [{ leaves: [{ path: '/dev/sda1', note: '(trimming)', trim: 'running' }, { note: '(trimming)', trim: 'running' }] }] },
    },
    { from: 'documented', where: 'zpool without pools', stdout: 'no pools available\n', expect: absent('') },
    { from: 'documented', where: 'a cut answer', stdout: '{"pools":{', expect: 'unparsable' },
    { from: 'documented', where: 'an error message', stdout: 'internal error: out of memory\n', expect: 'unparsable' },
  ],
});
