import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { bootChanges } from '../src/catalog/changes/boot-changes.ts';
import boots, { type Boots } from '../src/catalog/changes/boots.probe.ts';
import configuredSettings, { type ConfiguredSettings } from '../src/catalog/changes/configured-settings.probe.ts';
import editedFiles, { type EditedFiles } from '../src/catalog/changes/edited-files.probe.ts';
import logins, { type Logins } from '../src/catalog/changes/logins.probe.ts';
import packageLog, { type PackageLog } from '../src/catalog/changes/package-log.probe.ts';
import taskHistory, { type TaskHistory } from '../src/catalog/changes/task-history.probe.ts';
import type { Probe } from '../src/define/probe.ts';
import { ask, folder, hostOf, shells, withPrograms } from './ledger-host.ts';
import { needs } from './needs.ts';

const gigabyte = 1_000_000_000;
const noJournal = { '/bin/journalctl': '#!/bin/sh\nexit 1\n' };

const upgrade = (day: number, name: string): string => `2026-10-${String(day).padStart(2, '0')} 08:00:00 upgrade ${name}:amd64 1.0 1.1\n`;
const chatter = '2026-10-01 08:00:00 status half-configured base-files:amd64 12.4\n'.repeat(1_000);

describe.each(shells)('logs of packages under %s', (shell) => {
  it('are read from all that logrotate leaves, oldest first', async () => {
    const packed = (command: string, text: string): Buffer => execFileSync(command, ['-c'], { input: text });
    const host = hostOf('rotated', {
      '/var/log/dpkg.log.4.zst': packed('zstd', upgrade(1, 'a')),
      '/var/log/dpkg.log.3.xz': packed('xz', upgrade(2, 'b')),
      '/var/log/dpkg.log.2.gz': packed('gzip', upgrade(3, 'c')),
      '/var/log/dpkg.log.1': upgrade(4, 'd'),
      '/var/log/dpkg.log': upgrade(5, 'e'),
      '/var/log/apt/history.log.1.gz': packed('gzip', 'Start-Date: 2026-10-04  08:00:00\nCommandline: apt upgrade\nEnd-Date: 2026-10-04  08:01:00\n'),
    });
    const { entries, runs, cut, truncated } = await ask(shell, packageLog as Probe<PackageLog>, host);
    expect(entries.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(runs).toEqual([{ at: '2026-10-04  08:00:00', command: 'apt upgrade' }]);
    expect({ cut, truncated }).toEqual({ cut: [], truncated: false });
  });

  it('that are damaged give what can be read, and are named', async () => {
    const whole = execFileSync('seq', ['1', '20000'], { encoding: 'utf8' }).replaceAll(/(\d+)\n/g, (_, number: string) => upgrade((Number(number) % 28) + 1, `p${number}`));
    const half = (packed: Buffer): Buffer => packed.subarray(0, packed.length / 2);
    const host = hostOf('damaged', {
      '/var/log/dpkg.log.4.zst': half(execFileSync('zstd', ['-c'], { input: whole })),
      '/var/log/dpkg.log.3.xz': half(execFileSync('xz', ['-c'], { input: whole })),
      '/var/log/dpkg.log.2.gz': half(gzipSync(whole)),
      '/var/log/dpkg.log.1.gz': 'not packed at all',
      '/var/log/dpkg.log': Buffer.concat([Buffer.from(upgrade(20, 'before')), Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0x0a]), Buffer.from('2026-10-20 08:00:00 upgrade \xe9\xff 1 2\n', 'latin1'), Buffer.from(upgrade(21, 'after'))]),
    });
    const { entries, cut, truncated } = await ask(shell, packageLog as Probe<PackageLog>, host);
    expect(cut?.toSorted()).toEqual(['dpkg.log.1.gz', 'dpkg.log.2.gz', 'dpkg.log.3.xz', 'dpkg.log.4.zst']);
    expect(truncated).toBe(true);
    expect(entries.length).toBeGreaterThan(1_000);
    expect(entries.map(({ name }) => name)).toEqual(expect.arrayContaining(['before', 'after']));
  });

  it('of a gigabyte, packed or not, end in time and say that they are not whole', async () => {
    const host = hostOf('huge', { '/var/log/dpkg.log': '', '/var/log/apt/term.log': '' });
    const member = gzipSync(chatter.repeat(150));
    writeFileSync(join(host, '/var/log/dpkg.log.2.gz'), Buffer.concat(Array.from({ length: 200 }, () => member)));
    for (const name of ['dpkg.log', 'apt/term.log']) truncateSync(join(host, '/var/log', name), gigabyte);
    appendFileSync(join(host, '/var/log/dpkg.log'), `\n${upgrade(22, 'last')}`);
    appendFileSync(join(host, '/var/log/apt/term.log'), '\nLog started: 2026-10-22  08:00:00\ndpkg: error processing package last (--configure):\n');
    const { entries, failures, cut } = await ask(shell, packageLog as Probe<PackageLog>, host, {}, true);
    expect(entries).toEqual([{ at: '2026-10-22 08:00:00', action: 'upgrade', name: 'last', from: '1.0', to: '1.1' }]);
    expect(failures).toEqual([{ at: '2026-10-22 08:00:00', name: 'last', says: 'configure' }]);
    expect(cut?.toSorted()).toEqual(['dpkg.log', 'dpkg.log.2.gz', 'term.log']);
  }, 180_000);

  it('tell what failed in any language', async () => {
    const host = hostOf('languages', {
      '/var/log/dpkg.log': upgrade(1, 'a'),
      '/var/log/apt/term.log': 'Log started: 2026-10-01  08:00:00\r\ndpkg: Fehler beim Bearbeiten des Paketes zfs-dkms (--configure):\r\nLog ended: 2026-10-01  08:01:00\r\n\nLog started: 2026-10-02  08:00:00\ndpkg: パッケージ pve-manager の処理中にエラーが発生しました (--configure):\ndpkg: erreur de traitement de l’archive /var/cache/apt/archives/nano_7.2-1_amd64.deb (--unpack) :\nError! Bad return status for module build on kernel: 6.8.12-5-pve (x86_64)\n',
    });
    const { failures } = await ask(shell, packageLog as Probe<PackageLog>, host, { LC_ALL: 'ja_JP.UTF-8', LANG: 'de_DE.UTF-8' });
    expect(failures).toEqual([
      { at: '2026-10-01 08:00:00', name: 'zfs-dkms', says: 'configure' },
      { at: '2026-10-02 08:00:00', name: 'pve-manager', says: 'configure' },
      { at: '2026-10-02 08:00:00', name: 'nano', says: 'unpack' },
      { at: '2026-10-02 08:00:00', says: 'Bad return status for module build on kernel: 6.8.12-5-pve (x86_64)' },
    ]);
  });
});

describe.each(shells)('boots in log files under %s', (shell) => {
  const kernelLine = (time: string, text: string): string => `${time} pve1 kernel: [    0.000000] ${text}\n`;

  it('get their years back, across the turn of one', async () => {
    const thisYear = new Date().getUTCFullYear();
    const host = hostOf('years', {
      ...noJournal,
      '/var/log/kern.log.2.gz': gzipSync(kernelLine('Dec 30 23:00:00', 'Linux version 6.8.12-3-pve (build@proxmox)') + kernelLine('Dec 30 23:00:00', 'Command line: BOOT_IMAGE=/a quiet root_password=hunter2')),
      '/var/log/kern.log.1': kernelLine('Jan  2 01:00:00', 'Linux version 6.8.12-4-pve (build@proxmox)') + kernelLine('Jan  2 01:00:00', 'Command line: BOOT_IMAGE=/a quiet mitigations=off'),
      '/var/log/kern.log': kernelLine(`${thisYear - 1}-12-31T23:00:00.5+01:00`, 'Linux version 6.8.12-5-pve (build@proxmox)'),
    });
    const read = await ask(shell, boots as Probe<Boots>, host, withPrograms(host, { LC_ALL: 'de_DE.UTF-8' }));
    expect(read.logs?.map(({ kernel }) => kernel)).toEqual(['6.8.12-3-pve', '6.8.12-4-pve', '6.8.12-5-pve']);
    expect(read.logs?.[0]?.commandLine).toBe('BOOT_IMAGE=/a quiet root_password=(left out)');
    const told = bootChanges({ ...read, journal: [], wtmp: [] }, { offsetMinutes: 0 });
    expect(told.slice(0, 5).map(({ atMs, says }) => [new Date(atMs).toISOString().slice(0, 10), says])).toEqual([
      [`${thisYear - 2}-12-30`, 'the host booted Linux 6.8.12-3-pve'],
      [`${thisYear - 1}-01-02`, 'the host booted into Linux 6.8.12-4-pve; before it ran 6.8.12-3-pve'],
      [`${thisYear - 1}-01-02`, 'the kernel was booted with mitigations=off and without root_password=(left out), unlike before'],
      [`${thisYear - 1}-12-31`, 'the host booted into Linux 6.8.12-5-pve; before it ran 6.8.12-4-pve'],
      [expect.any(String), expect.stringContaining('the host booted into Linux')],
    ]);
  });

  it('of a gigabyte are read at their end', async () => {
    const host = hostOf('large-kern', { ...noJournal, '/var/log/kern.log': '' });
    truncateSync(join(host, '/var/log/kern.log'), gigabyte);
    appendFileSync(join(host, '/var/log/kern.log'), `\n${kernelLine('Jan  2 01:00:00', 'Linux version 6.8.12-4-pve (build@proxmox)')}`);
    expect((await ask(shell, boots as Probe<Boots>, host, withPrograms(host))).logs).toEqual([{ at: 'Jan  2 01:00:00', kernel: '6.8.12-4-pve' }]);
  }, 180_000);
});

describe.each(shells)('what else is read of a host under %s', (shell) => {
  it('programs are asked in no language, whatever the user speaks', async () => {
    const host = hostOf('language', { '/bin/last': '#!/bin/sh\necho "$LC_ALL$LANGUAGE pts/0 2026-10-01T08:00:00+00:00 still"\n' });
    const { logins: told } = await ask(shell, logins as Probe<Logins>, host, withPrograms(host, { LC_ALL: 'de_DE.UTF-8', LANGUAGE: 'de' }));
    expect(told[0]).toEqual({ user: 'C', terminal: 'pts/0', at: '2026-10-01T08:00:00+00:00' });
  });

  it.skipIf(process.getuid?.() !== 0)('tasks of Proxmox VE from a list of a gigabyte', async () => {
    const host = hostOf('tasks', { '/var/log/pve/tasks/index': '' });
    truncateSync(join(host, '/var/log/pve/tasks/index'), gigabyte);
    appendFileSync(join(host, '/var/log/pve/tasks/index'), '\nUPID:pve1:00000ABC:00001000:65550000:qmstart:100:root@pam: 65550003 OK\nUPID:pve1:\xff\xfe\n');
    const { tasks } = await ask(shell, taskHistory as Probe<TaskHistory>, host);
    expect(tasks).toEqual([{ type: 'qmstart', id: '100', startedSeconds: 0x65550000, endedSeconds: 0x65550003, ok: true }]);
  }, 180_000);

  it('settings that are not what files say', async () => {
    const host = hostOf('settings', {
      '/etc/sysctl.d/10-a.conf': '# vm.swappiness = 5\nvm.swappiness = 10\n-kernel.watchdog=1\nnet.ipv4.conf.*.rp_filter = 1\nnet/ipv4/conf/eno1.100/rp_filter = 2\n',
      '/etc/sysctl.d/20-b.conf': 'vm.swappiness=20\nnet.ipv4.tcp_rmem = 4096\t131072  6291456\nnet.core.stable_secret = 1\n',
      '/usr/lib/sysctl.d/20-b.conf': 'vm.swappiness=30\n',
      '/etc/modprobe.d/zfs.conf': 'options zfs zfs_arc_max=8589934592 zfs_prefetch_disable=1\noptions kvm-intel nested=Y name=text\n',
      '/proc/sys/vm/swappiness': '60\n',
      '/proc/sys/vm/dirty_ratio': '80\n',
      '/proc/sys/vm/vfs_cache_pressure': '100\n',
      '/proc/sys/kernel/watchdog': '1\n',
      '/proc/sys/net/ipv4/tcp_rmem': '4096 131072\t6291456\n',
      '/proc/sys/net/ipv4/conf/eno1.100/rp_filter': '0\n',
      '/proc/sys/net/core/stable_secret': '2\n',
      '/proc/cmdline': 'BOOT_IMAGE=/a quiet zfs.zfs_prefetch_disable=0\n',
      '/sys/module/zfs/parameters/zfs_arc_max': '0\n',
      '/sys/module/zfs/parameters/zfs_prefetch_disable': '0\n',
      '/sys/module/kvm_intel/parameters/nested': 'N\n',
      '/sys/module/kvm_intel/parameters/name': 'other\n',
    });
    const { differing } = await ask(shell, configuredSettings as Probe<ConfiguredSettings>, host);
    const told = differing.map(({ name, file, configured, active, modifiedSeconds }) => [name, file?.split('/').at(-1), configured, active, modifiedSeconds === undefined ? undefined : Math.abs(Date.now() / 1_000 - modifiedSeconds) < 600]);
    expect(told.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))).toEqual([
      ['kvm_intel.nested', 'zfs.conf', '1', '0', true],
      ['net.ipv4.conf.eno1.100.rp_filter', '10-a.conf', '2', '0', true],
      ['vm.dirty_ratio', undefined, '20', '80', undefined],
      ['vm.swappiness', '20-b.conf', '20', '60', true],
      ['zfs.zfs_arc_max', 'zfs.conf', '8589934592', '0', true],
    ]);
  });
});

needs('git', '/usr/bin/git')('what etckeeper noted', () => {
  const host = join(folder, 'etckeeper');
  const git = (...args: readonly string[]): void => {
    spawnSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', '-C', join(host, 'etc'), ...args], { env: { ...process.env, GIT_COMMITTER_DATE: '2026-10-01T08:00:00Z', GIT_AUTHOR_DATE: '2026-10-01T08:00:00Z' } });
  };
  beforeAll(() => {
    hostOf('etckeeper', { '/etc/hosts': 'a secret\n', '/etc/modprobe.d/zfs.conf': 'options zfs zfs_arc_max=1\n' });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-q', '-m', 'Let ZFS have less: 1 byte\n\nMore words that are nobody’s business');
  });

  it.each(shells)('comes with names, times and what was said, and without content, under %s', async (shell) => {
    const { commits, files } = await ask(shell, editedFiles as Probe<EditedFiles>, host);
    const name = (path: string): string => path.replace(host, '');
    expect(commits.map(({ paths, ...rest }) => ({ ...rest, paths: paths.map(name) }))).toEqual([{ atSeconds: Date.UTC(2026, 9, 1, 8) / 1_000, subject: 'Let ZFS have less 1 byte', paths: ['/etc/hosts', '/etc/modprobe.d/zfs.conf'] }]);
    expect(files.map(({ path }) => name(path))).toEqual(expect.arrayContaining(['/etc/hosts', '/etc/modprobe.d/zfs.conf']));
    expect(readFileSync(join(host, 'etc/hosts'), 'utf8')).toBe('a secret\n');
  });
});
