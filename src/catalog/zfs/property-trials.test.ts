import { describe, expect, it } from 'vitest';
import type { BusiestDataset } from './busiest-datasets.fact.ts';
import { busiestIs } from './experiment-findings.samples.ts';
import { trialsOf } from './property-trials.ts';

describe('properties that are worth a trial', () => {
  it.each<readonly [string, Partial<BusiestDataset>, readonly string[]]>([
    ['the defaults', {}, []],
    ['what can only be quicker', { sync: 'disabled', checksum: 'off', compression: 'off', blockSizeBytes: 16_384 }, []],
    ['lz4', { compression: 'lz4' }, []],
    ['all that is suspicious, the first three', { dedup: 'on', sync: 'always', compression: 'gzip-9', checksum: 'sha256' }, ['dedup on off stream', 'sync always standard small', 'compression gzip-9 on stream']],
    ['a database in large records', { type: 'filesystem', blockSizeBytes: 131_072, meanWriteBytes: 4_090 }, ['block size 128 KiB 16.0 KiB places']],
    ['a file server in large records', { type: 'filesystem', blockSizeBytes: 1_048_576, meanWriteBytes: 900_000 }, []],
    ['large writes to small blocks', { blockSizeBytes: 8_192, meanWriteBytes: 262_144 }, ['block size 8.0 KiB 16.0 KiB stream']],
    ['small blocks for a database', { type: 'filesystem', blockSizeBytes: 16_384, meanWriteBytes: 16_384 }, []],
    ['writes of a size that is not known', { blockSizeBytes: 131_072, meanWriteBytes: undefined }, []],
    ['the others', { copies: 2, primaryCache: 'metadata', logBias: 'throughput' }, ['copies 2 1 stream', 'primarycache metadata all places', 'logbias throughput latency synced']],
  ])('%s', (_, dataset, expected) => {
    const trials = trialsOf(busiestIs(dataset).pools[0]!);
    expect(trials.map(({ property, ownText, otherText, way }) => `${property} ${ownText} ${otherText} ${way}`)).toEqual(expected);
  });
});
