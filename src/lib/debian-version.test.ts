import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDebianVersions } from './debian-version.ts';

describe('compareDebianVersions', () => {
  it.each([
    ['1.0', '1.0', 0],
    ['1.0', '1.0-0', 0],
    ['1.00', '1.0', 0],
    ['0:1.0', '1.0', 0],
    ['1.0~rc1', '1.0', -1],
    ['1.0~~', '1.0~', -1],
    ['1.0-1', '1.0-1+deb12u1', -1],
    ['1.0-1~bpo12+1', '1.0-1', -1],
    ['1:0.1', '2.0', 1],
    ['1.10', '1.9', 1],
    ['1.a', '1.+', -1],
    ['1.0a', '1.0', 1],
    ['6.2.16-11~bpo11+1', '6.2.16-11', -1],
    ['6.2.16-11~bpo11', '6.2.16-10', 1],
    ['6.8.12-10', '6.8.12-9', 1],
    ['6.14.11-9~bpo12+1', '6.14.11-8', 1],
    ['2.1.11-1+deb12u1', '2.1.14', -1],
    ['99999999999999999999999999', '99999999999999999999999998', 1],
    ['00000000000000000000000001', '1', 0],
    ['', '', 0],
    ['', '~', 1],
    ['', '0', 0],
  ] as const)('%s against %s: %i', (a, b, expected) => {
    expect(compareDebianVersions(a, b)).toBe(expected);
    expect(compareDebianVersions(b, a)).toBe(expected === 0 ? 0 : -expected);
  });

  it('orders any text totally', () => {
    const versionLike = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'0129aZ.+-~:') }));
    fc.assert(
      fc.property(versionLike, versionLike, versionLike, (a, b, c) => {
        expect(compareDebianVersions(a, a)).toBe(0);
        expect(compareDebianVersions(a, b) + compareDebianVersions(b, a)).toBe(0);
        if (compareDebianVersions(a, b) <= 0 && compareDebianVersions(b, c) <= 0) {
          expect(compareDebianVersions(a, c)).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 2000 },
    );
  });

  const hasDpkg = spawnSync('dpkg', ['--version']).status === 0;
  it.runIf(hasDpkg)('agrees with dpkg', () => {
    const part = (unit: string) => fc.string({ unit: fc.constantFrom(...unit), maxLength: 7 });
    const version = fc
      .tuple(fc.constantFrom('', '', '0:', '1:', '12:'), fc.nat(20), part('0019azA.+~'), fc.option(part('019ab.+~')))
      .map(([epoch, digit, rest, revision]) => `${epoch}${digit}${rest}${revision ? `-${revision}` : ''}`);
    fc.assert(
      fc.property(version, version, (a, b) => {
        const mine = compareDebianVersions(a, b);
        const relation = mine < 0 ? 'lt' : mine > 0 ? 'gt' : 'eq';
        expect(spawnSync('dpkg', ['--compare-versions', a, relation, b]).status, `${a} ${relation} ${b}`).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
