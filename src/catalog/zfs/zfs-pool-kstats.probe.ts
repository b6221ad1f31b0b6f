import { z } from 'zod';
import { defineCounterProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';
import { dumpedFiles } from '../../lib/host-text.ts';
import { kstatString, namedKstat } from './kstat-text.ts';

const datasetSchema = z.object({
  name: z.string(),
  reads: z.number(),
  readBytes: z.number(),
  writes: z.number(),
  writtenBytes: z.number(),
  /** Since ZFS 2.2: of synchronous writes, what first went to the log on the pool's ordinary disks. */
  syncOnPoolBytes: z.number().optional(),
});

const poolSchema = z.object({
  name: z.string(),
  /** ONLINE, SUSPENDED, …: kept without a lock, readable when every zpool command hangs. */
  state: z.string(),
  /** Traffic of datasets and volumes in use, as the file system and the volumes saw it. */
  datasets: z.array(datasetSchema),
  /** The newest transaction groups: number, state letter (O open, Q quiescing, S syncing, C committed), times in ms. */
  txgs: z.array(
    z.object({
      txg: z.number(),
      state: z.string(),
      writtenBytes: z.number(),
      /** What was dirty in memory as writing it out began; 0 before that. */
      dirtyBytes: z.number().optional(),
      openMs: z.number(),
      quiesceMs: z.number(),
      waitMs: z.number(),
      syncMs: z.number(),
    }),
  ),
});

function parseTxgs(text: string): z.infer<typeof poolSchema>['txgs'] {
  const rows: z.infer<typeof poolSchema>['txgs'] = [];
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/);
    if (words.length !== 12 || !/^[A-Z]$/.test(words[2] ?? '')) continue;
    const [txg, , , dirty, , written, , , open, quiesce, wait, sync] = words.map(Number);
    if (![txg, written, open, quiesce, wait, sync].every((number) => Number.isFinite(number))) continue;
    rows.push({
      txg: txg!,
      state: words[2]!,
      writtenBytes: written!,
      ...(Number.isFinite(dirty) && { dirtyBytes: dirty! }),
      openMs: open! / 1e6,
      quiesceMs: quiesce! / 1e6,
      waitMs: wait! / 1e6,
      syncMs: sync! / 1e6,
    });
  }
  return rows;
}

const txgHeader = 'txg      birth            state ndirty       nread        nwritten     reads    writes   otime        qtime        wtime        stime';

/**
 * /proc/spl/kstat/zfs/<pool>/{state,objset-*,txgs} (module/zfs/dataset_kstats.c, spa_stats.c). Nothing here takes a pool
 * lock. At most 300 datasets and the last six transaction groups of a pool.
 */
export default defineCounterProbe({
  id: 'zfs-pool-kstats',
  title: 'State and traffic of ZFS pools, as the kernel counts them',
  subject: 'zfs',
  sh: `[ -d /proc/spl/kstat/zfs ] || absent 'ZFS is not loaded on this host'
none=1
for d in /proc/spl/kstat/zfs/*/; do
  [ -r "$d/state" ] || continue
  none=
  dump "\${d}state"
  set -- "\${d}"objset-*
  [ $# -gt 300 ] && set -- $(ls -d "\${d}"objset-* | head -n 300)
  dump "$@"
  [ -r "\${d}txgs" ] && { echo "==> \${d}txgs <=="; tail -n 6 "\${d}txgs"; }
done
[ -z "$none" ] || absent 'no ZFS pool is imported'`,
  maxBytes: 262_144,
  schema: z.object({ pools: z.array(poolSchema) }),
  parse: (stdout) => {
    const pools = new Map<string, z.infer<typeof poolSchema>>();
    for (const [path, text] of dumpedFiles(stdout)) {
      const match = /^\/proc\/spl\/kstat\/zfs\/([^/]{1,255})\/([^/]{1,255})$/.exec(path);
      if (!match) continue;
      const [, name, file] = match as unknown as [string, string, string];
      const pool = pools.get(name) ?? { name, state: 'unknown', datasets: [], txgs: [] };
      pools.set(name, pool);
      if (file === 'state') pool.state = text.trim().slice(0, 32);
      else if (file === 'txgs') pool.txgs = parseTxgs(text);
      else if (file.startsWith('objset-')) {
        const rows = namedKstat(text);
        const dataset = kstatString(text, 'dataset_name');
        const [reads, readBytes, writes, writtenBytes] = ['reads', 'nread', 'writes', 'nwritten'].map((key) => rows.get(key));
        if (dataset === undefined || reads === undefined || readBytes === undefined || writes === undefined || writtenBytes === undefined) continue;
        const syncOnPoolBytes = rows.get('zil_itx_metaslab_normal_bytes');
        pool.datasets.push({ name: dataset, reads, readBytes, writes, writtenBytes, ...(syncOnPoolBytes !== undefined && { syncOnPoolBytes }) });
      }
    }
    return pools.size > 0 ? { pools: [...pools.values()] } : unparsable('no pool');
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, ZFS 2.1.11',
      stdout: `==> /proc/spl/kstat/zfs/tank/state <==
ONLINE
==> /proc/spl/kstat/zfs/tank/objset-0x36 <==
22 1 0x01 7 2160 109897625040 531973554580
name                            type data
dataset_name                    7    tank/enc
writes                          4    12
nwritten                        4    12582912
reads                           4    3
nread                           4    4096
nunlinks                        4    0
nunlinked                       4    0
==> /proc/spl/kstat/zfs/tank/txgs <==
90       516832292570     C     0            0            0            0        0        5124188220   49700        273820       3277890     
92       527076603550     O     0            0            0            0        0        0            0            0            0           
`,
      expect: {
        pools: [
          {
            name: 'tank',
            state: 'ONLINE',
            datasets: [{ name: 'tank/enc', reads: 3, readBytes: 4096, writes: 12, writtenBytes: 12582912 }],
            txgs: [{ txg: 90, state: 'C', syncMs: 3.27789 }, { txg: 92, state: 'O' }],
          },
        ],
      },
    },
    {
      from: 'documented',
      where: 'a suspended pool whose datasets are gone (module/zfs/spa_stats.c)',
      stdout: `==> /proc/spl/kstat/zfs/tank/state <==\nSUSPENDED\n==> /proc/spl/kstat/zfs/tank/txgs <==\n${txgHeader}\n`,
      expect: { pools: [{ name: 'tank', state: 'SUSPENDED', datasets: [], txgs: [] }] },
    },
    {
      from: 'recorded',
      where: 'Debian 13, ZFS 2.3.9: the log is counted by dataset',
      stdout: `==> /proc/spl/kstat/zfs/tank/state <==
ONLINE
==> /proc/spl/kstat/zfs/tank/objset-0x36 <==
60 1 0x01 27 7600 74967439757 108847859694
name                            type data
dataset_name                    7    tank
writes                          4    0
nwritten                        4    0
reads                           4    0
nread                           4    0
zil_commit_count                4    0
zil_itx_metaslab_normal_bytes   4    0
zil_itx_metaslab_slog_bytes     4    0
`,
      expect: { pools: [{ datasets: [{ name: 'tank', syncOnPoolBytes: 0 }] }] },
    },
    { from: 'documented', where: 'what the fragment prints without pools', stdout: 'no ZFS pool is imported\n', exitStatus: 120, expect: absent('') },
    { from: 'documented', where: 'something else', stdout: 'cpu 1\n', expect: 'unparsable' },
  ],
});
