import { describe, expect, it } from 'vitest';
import { moveDates, plainCommands, withoutPackages } from './history.ts';

describe('the history of an installed machine', () => {
  it('moves dates across months and years, and leaves times of day', () => {
    expect(moveDates('2026-01-31 05:24:52 install gcc-12-base:amd64', -60)).toBe('2025-12-02 05:24:52 install gcc-12-base:amd64');
    expect(moveDates('Start-Date: 2024-02-28  23:59:59', 1)).toBe('Start-Date: 2024-02-29  23:59:59');
  });

  it('leaves versions and impossible dates', () => {
    expect(moveDates('zfs 2.1.11-1+deb12u1 2026-19-39 120260131-2', -60)).toBe('zfs 2.1.11-1+deb12u1 2026-19-39 120260131-2');
  });

  it('shows a command as it would have been typed', () => {
    const line = 'Commandline: apt-get -o Dir::Bin::dpkg=env -o DPkg::Chroot-Directory=/x --yes install -oDpkg::Use-Pty=false cron zfs-dkms ?narrow(?or(a,b),?not(c))';
    expect(plainCommands(`Start-Date: x\n${line}\nInstall: cron\n`)).toBe('Start-Date: x\nCommandline: apt-get --yes install cron zfs-dkms\nInstall: cron\n');
  });

  it('knows nothing of packages that are taken out', () => {
    const dpkg = '2026-01-01 00:00:01 install gcc-12:amd64 <none> 12.2\n2026-01-01 00:00:02 status installed gcc-12-base:amd64 12.2\n2026-01-01 00:00:03 startup archives unpack\n';
    const apt = 'Commandline: apt-get --yes install gcc-12 cron\nInstall: gcc-12:amd64 (12.2, automatic), cron:amd64 (3.0), gcc-12-base:amd64 (12.2, automatic)\nEnd-Date: x\n';
    expect(withoutPackages(dpkg, new Set(['gcc-12']))).toBe('2026-01-01 00:00:02 status installed gcc-12-base:amd64 12.2\n2026-01-01 00:00:03 startup archives unpack\n');
    expect(withoutPackages(apt, new Set(['gcc-12']))).toBe('Commandline: apt-get --yes install cron\nInstall: cron:amd64 (3.0), gcc-12-base:amd64 (12.2, automatic)\nEnd-Date: x\n');
  });
});
