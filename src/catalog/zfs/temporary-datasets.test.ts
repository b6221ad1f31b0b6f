import { describe, expect, it } from 'vitest';
import { createOptions, makeTemporaries } from './temporary-datasets.ts';

describe('a temporary dataset', () => {
  it('fixes all that it could inherit', () => {
    expect(createOptions('volume', { checksum: undefined })).toBe(
      '-o volblocksize=16384 -o compression=on -o checksum=on -o sync=standard -o dedup=off -o logbias=latency -o primarycache=all -o copies=1 -o encryption=off -o secondarycache=none -o readonly=off',
    );
    expect(createOptions('filesystem', { blockSizeBytes: 1_048_576, dedup: 'sha256,verify' })).toContain('-o recordsize=1048576 -o compression=on -o checksum=on -o sync=standard -o dedup=sha256,verify ');
  });

  it('takes a random key on standard input where it is encrypted', () => {
    const options = createOptions('filesystem', { encryption: 'aes-256-gcm' }) ?? '';
    expect(options).toMatch(/-o encryption=aes-256-gcm .*-o keyformat=raw -o keylocation=prompt$/);
    expect(makeTemporaries([{ pool: 'tank', side: 'own', type: 'filesystem', options, megabytes: 1 }])).toMatch(/^\{ head -c 32 \/dev\/urandom \| temporary_filesystem tank own -o /);
  });

  it.each([{ compression: 'lz4; reboot' }, { dedup: '' }, { blockSizeBytes: 3_000 }, { blockSizeBytes: Number.NaN }, { encryption: '$(id)' }])('is not made with %o', (settings) => {
    expect(createOptions('volume', settings)).toBeUndefined();
  });
});
