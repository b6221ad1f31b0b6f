import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import zfsDatasets from './zfs-datasets.probe.ts';
import zfsPoolKstats from './zfs-pool-kstats.probe.ts';

const schema = z.object({
  pools: z.array(
    z.object({
      object: z.string(),
      pool: z.string(),
      /** File systems and volumes that are encrypted and whose key is loaded. */
      datasets: z.number(),
      /** Their ciphers without key size: `aes-gcm`, `aes-ccm`. */
      modes: z.array(z.string()),
      usedBytes: z.number(),
      /** The part of it that uses AES-CCM; undefined where nothing does. */
      ccm: z.object({ datasets: z.number(), readBytesPerSecond: z.number().optional(), writtenBytesPerSecond: z.number().optional() }).optional(),
      /** What was read from and written to them within the sampling window; undefined where ZFS does not count it. */
      readBytesPerSecond: z.number().optional(),
      writtenBytesPerSecond: z.number().optional(),
    }),
  ),
});

/** Pools with encrypted data in use. What is locked costs nothing and is left out. */
export default defineFact({
  id: 'encrypted-pools',
  title: 'Encrypted data in use, by pool',
  needs: { list: zfsDatasets, kstats: optional(zfsPoolKstats) },
  schema,
  derive: ({ list, kstats }) => {
    const pools = new Map<string, z.infer<typeof schema>['pools'][number]>();
    const modeOf = new Map<string, string>();
    for (const dataset of list.datasets) {
      if (dataset.encryption === 'off' || dataset.keyStatus !== 'available') continue;
      const pool = dataset.name.split('/', 1)[0]!;
      const entry = pools.get(pool) ?? { object: `storage/${pool}`, pool, datasets: 0, modes: [], usedBytes: 0 };
      const mode = dataset.encryption.replace(/-\d+-/, '-');
      modeOf.set(dataset.name, mode);
      if (!entry.modes.includes(mode)) entry.modes.push(mode);
      if (mode === 'aes-ccm') entry.ccm = { datasets: (entry.ccm?.datasets ?? 0) + 1 };
      entry.datasets += 1;
      entry.usedBytes += dataset.referencedBytes;
      pools.set(pool, entry);
    }
    if (kstats) {
      const before = new Map(kstats.first.pools.flatMap((pool) => pool.datasets.map((one) => [one.name, one])));
      for (const pool of kstats.second.pools) {
        const entry = pools.get(pool.name);
        if (!entry) continue;
        const ofModes = (isWanted: (mode: string) => boolean): { readBytesPerSecond: number; writtenBytesPerSecond: number } => {
          let read = 0;
          let written = 0;
          for (const now of pool.datasets) {
            const then = before.get(now.name);
            const mode = modeOf.get(now.name);
            if (!then || mode === undefined || !isWanted(mode)) continue;
            read += Math.max(0, now.readBytes - then.readBytes);
            written += Math.max(0, now.writtenBytes - then.writtenBytes);
          }
          return { readBytesPerSecond: read / kstats.intervalSeconds, writtenBytesPerSecond: written / kstats.intervalSeconds };
        };
        Object.assign(entry, ofModes(() => true));
        if (entry.ccm) Object.assign(entry.ccm, ofModes((mode) => mode === 'aes-ccm'));
      }
    }
    return { pools: [...pools.values()] };
  },
  examples: [
    {
      name: 'one unlocked dataset is written to, another is locked',
      given: {
        list: {
          datasets: [
            dataset('tank', 'off', ''),
            dataset('tank/enc', 'aes-256-gcm', 'available'),
            dataset('cold/enc', 'aes-256-gcm', 'unavailable'),
          ],
        },
        kstats: { first: traffic(0), second: traffic(8_000_000), intervalSeconds: 4 },
      },
      expect: { pools: [{ object: 'storage/tank', datasets: 1, modes: ['aes-gcm'], writtenBytesPerSecond: 2_000_000, readBytesPerSecond: 0 }] },
    },
    {
      name: 'the dataset that is written to uses AES-CCM',
      given: {
        list: { datasets: [dataset('tank', 'aes-256-gcm', 'available'), dataset('tank/enc', 'aes-256-ccm', 'available')] },
        kstats: { first: traffic(0), second: traffic(8_000_000), intervalSeconds: 4 },
      },
      expect: { pools: [{ modes: ['aes-gcm', 'aes-ccm'], datasets: 2, ccm: { datasets: 1, writtenBytesPerSecond: 2_000_000 } }] },
    },
    { name: 'nothing is encrypted', given: { list: { datasets: [dataset('tank', 'off', '')] } }, expect: { pools: [] } },
  ],
});

function dataset(name: string, encryption: string, keyStatus: string) {
  return {
    name,
    type: 'filesystem' as const,
    usedBytes: 1e9,
    referencedBytes: 1e9,
    mountPoint: `/${name}`,
    encryption,
    keyStatus,
    compression: 'lz4',
    sync: 'standard',
    dedup: 'off',
    mounted: true,
  };
}

function traffic(writtenBytes: number) {
  return {
    pools: [{ name: 'tank', state: 'ONLINE', datasets: [{ name: 'tank/enc', reads: 0, readBytes: 0, writes: 1, writtenBytes }], txgs: [] }],
  };
}
