import { describe, expect, it } from 'vitest';
import type { VersionRange } from '../../define/known-issue.ts';
import type { RunningVersions } from '../../define/versions.ts';
import { eligible } from './running-version.ts';

function running(kernel: string, flavour: RunningVersions['kernel']['flavour'], rest: Partial<RunningVersions> = {}): RunningVersions {
  return { kernel: { release: kernel, version: kernel, flavour }, qemu: [], ...rest };
}

const range = (spec: Partial<VersionRange>): VersionRange => ({ component: 'kernel', flavour: 'any', ...spec });
const lostAvx = [
  range({ flavour: 'proxmox', from: '6.2.16-9', fixed: '6.2.16-14' }),
  range({ flavour: 'proxmox', from: '5.15.111-1', fixed: '5.15.126-1' }),
  range({ flavour: 'upstream', from: '6.4.9', fixed: '6.4.13' }),
  range({ flavour: 'upstream', from: '5.15.125', fixed: '5.15.129' }),
];

function outcome(affected: readonly VersionRange[], versions: RunningVersions | undefined): boolean | 'cannot tell' {
  const result = eligible({ affected: [...affected] }, versions);
  return 'cannotTell' in result ? 'cannot tell' : result.eligible;
}

describe('eligible', () => {
  it.each([
    ['6.2.16-8', 'proxmox', false],
    ['6.2.16-9', 'proxmox', true],
    ['6.2.16-11~bpo11+1', 'proxmox', true],
    ['6.2.16-13', 'proxmox', true],
    ['6.2.16-14', 'proxmox', false],
    ['5.15.116-1', 'proxmox', true],
    ['5.15.126-1', 'proxmox', false],
    ['5.15.126-1', 'debian', true],
    ['6.2.16-10', 'debian', false],
    ['6.4.11-1', 'debian', true],
    ['6.4.13-1', 'debian', false],
    ['6.4.10-arch1-1', 'other', true],
    ['', 'debian', 'cannot tell'],
  ] as const)('kernel %s of %s: %s', (version, flavour, expected) => {
    expect(outcome(lostAvx, running(version, flavour))).toBe(expected);
  });

  it('without ranges holds for all, with ranges needs the versions', () => {
    expect(outcome([], undefined)).toBe(true);
    expect(outcome(lostAvx, undefined)).toBe('cannot tell');
  });

  it('compares ZFS without the suffix of a distribution', () => {
    const before224 = [range({ component: 'zfs', fixed: '2.2.4' })];
    const withZfs = (module: string) => outcome(before224, running('6.8.12-4', 'proxmox', { zfs: { module } }));
    expect(withZfs('2.1.11-1+deb12u1')).toBe(true);
    expect(withZfs('2.2.3-pve2')).toBe(true);
    expect(withZfs('2.2.4-pve1')).toBe(false);
    expect(withZfs('?')).toBe('cannot tell');
    expect(outcome(before224, running('6.8.12-4', 'proxmox'))).toBe(false);
  });

  it('looks at the QEMU that each guest was started with', () => {
    const affected = [range({ component: 'qemu', flavour: 'proxmox', from: '8.1.2-1', fixed: '8.1.5-2' })];
    const guests = (...versions: string[]) => ({ qemu: versions.map((version, i) => ({ guest: `qemu/${100 + i}`, version })) });
    expect(outcome(affected, running('6.5.11-8', 'proxmox', guests('8.1.5-2', '8.1.2-6')))).toBe(true);
    expect(outcome(affected, running('6.5.11-8', 'proxmox', guests('8.1.5-2')))).toBe(false);
    expect(outcome(affected, running('6.5.11-8', 'proxmox', guests('8.1.5')))).toBe('cannot tell');
    expect(outcome(affected, running('6.5.11-8', 'proxmox', guests()))).toBe('cannot tell');
    expect(outcome(affected, running('6.1.140-1', 'debian', guests('8.1.4-1')))).toBe(false);
    expect(eligible({ affected }, running('6.5.11-8', 'proxmox', guests('8.1.5-2', '8.1.2-6')))).toMatchObject({
      because: expect.stringContaining('qemu/101'),
    });
  });

  it('needs each component that is named', () => {
    const both = [range({ flavour: 'proxmox', from: '7.0', fixed: '7.0.2-2' }), range({ component: 'zfs', from: '2.4.1' })];
    expect(outcome(both, running('7.0.2-1', 'proxmox', { zfs: { module: '2.4.1-pve1' } }))).toBe(true);
    expect(outcome(both, running('7.0.2-1', 'proxmox'))).toBe(false);
  });

  it('includes the last affected version', () => {
    const one = [range({ flavour: 'proxmox', from: '6.8.4-4', last: '6.8.4-4' })];
    expect(outcome(one, running('6.8.4-4', 'proxmox'))).toBe(true);
    expect(outcome(one, running('6.8.8-1', 'proxmox'))).toBe(false);
  });
});
