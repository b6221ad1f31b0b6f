import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kernelVersionOf, upstreamVersion, zfsUpstreamVersion } from './kernel-version.ts';

describe('kernelVersionOf', () => {
  it.each([
    ['5.15.35-3-pve', '#1 SMP PVE 5.15.35-6 (Fri, 17 Jun 2022 13:42:35 +0200)', 'proxmox', '5.15.35-6'],
    ['5.15.116-1-pve', '#1 SMP PVE 5.15.116-1 (2023-08-29T13:46Z)', 'proxmox', '5.15.116-1'],
    ['6.2.16-11-bpo11-pve', '#1 SMP PREEMPT_DYNAMIC PVE 6.2.16-11~bpo11+2 (2023-09-04T14:49Z)', 'proxmox', '6.2.16-11~bpo11+2'],
    ['6.2.16-11-bpo11-pve', '', 'proxmox', '6.2.16-11~bpo11'],
    ['6.2.16-10-pve', '#1 SMP PREEMPT_DYNAMIC PVE 6.2.16-10 (2023-08-18T11:42Z)', 'proxmox', '6.2.16-10'],
    ['6.8.12-4-pve', '#1 SMP PREEMPT_DYNAMIC PMX 6.8.12-4 (2024-11-06T15:04Z)', 'proxmox', '6.8.12-4'],
    ['6.8.12-4-pve', '#1 SMP PREEMPT_DYNAMIC', 'proxmox', '6.8.12-4'],
    ['6.14.11-4-bpo12-pve', '#1 SMP PREEMPT_DYNAMIC PMX 6.14.11-4~bpo12+1 (2025-10-13T14:14Z)', 'proxmox', '6.14.11-4~bpo12+1'],
    ['6.17.2-1-pve', '#1 SMP PREEMPT_DYNAMIC PMX 6.17.2-1 (2025-10-21T11:55Z)', 'proxmox', '6.17.2-1'],
    ['6.1.0-37-amd64', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.140-1 (2025-05-22)', 'debian', '6.1.140-1'],
    ['6.1.0-18-cloud-amd64', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)', 'debian', '6.1.76-1'],
    ['6.1.0-18-rt-amd64', '#1 SMP PREEMPT_RT Debian 6.1.76-1 (2024-02-01)', 'debian', '6.1.76-1'],
    ['6.12.9+bpo-amd64', '#1 SMP PREEMPT_DYNAMIC Debian 6.12.9-1~bpo12+1 (2025-01-19)', 'debian', '6.12.9-1~bpo12+1'],
    ['6.12.38+deb13-amd64', '#1 SMP PREEMPT_DYNAMIC Debian 6.12.38-1 (2025-07-16)', 'debian', '6.12.38-1'],
    ['6.1.0-37-amd64', '', 'debian', ''],
    ['5.15.0-82-generic', '#91-Ubuntu SMP Mon Aug 14 14:14:14 UTC 2023', 'ubuntu', '5.15.0-82'],
    ['6.2.0-32-generic', '#32~22.04.1-Ubuntu SMP PREEMPT_DYNAMIC Fri Aug 18 10:40:13 UTC 2', 'ubuntu', '6.2.0-32'],
    ['6.5.0-1014-aws', '#14~22.04.1-Ubuntu SMP Thu Feb 15 15:27:06 UTC 2024', 'ubuntu', '6.5.0-1014'],
    ['6.5.7', '#1 SMP PREEMPT_DYNAMIC Tue Oct 10 20:00:00 UTC 2023', 'other', '6.5.7'],
    ['5.14.0-362.8.1.el9_3.x86_64', '#1 SMP PREEMPT_DYNAMIC Tue Oct 3 11:12:36 EDT 2023', 'other', '5.14.0-362.8.1.el9_3.x86_64'],
    ['', '', 'other', ''],
  ] as const)('%s with %s', (release, build, flavour, version) => {
    expect(kernelVersionOf(release, build)).toEqual({ flavour, version });
  });

  it('does not believe a package version of another kernel', () => {
    expect(kernelVersionOf('6.8.12-4-pve', '#1 SMP PVE 5.15.1-1').version).toBe('6.8.12-4');
  });

  it('takes any text', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (release, build) => typeof kernelVersionOf(release, build).version === 'string'));
  });
});

describe('upstreamVersion', () => {
  it.each([
    ['6.8.12-4', '6.8.12'],
    ['1:7.2+dfsg-7+deb12u7', '7.2'],
    ['9.0.2-4', '9.0.2'],
    ['6.12.9-1~bpo12+1', '6.12.9'],
    ['none', ''],
  ])('%s', (version, expected) => expect(upstreamVersion(version)).toBe(expected));
});

describe('zfsUpstreamVersion', () => {
  it.each([
    ['2.1.11-1+deb12u1', '2.1.11'],
    ['2.2.4-pve1', '2.2.4'],
    ['2.3.0-rc4', '2.3.0~rc4'],
    ['2.2.2-0ubuntu9.1', '2.2.2'],
    ['2.4.1-1', '2.4.1'],
  ])('%s', (version, expected) => expect(zfsUpstreamVersion(version)).toBe(expected));
});
