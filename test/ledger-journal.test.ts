import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { bootChanges } from '../src/catalog/changes/boot-changes.ts';
import { marked, wrongClocks } from '../src/catalog/changes/boot-clock.ts';
import boots, { type Boots } from '../src/catalog/changes/boots.probe.ts';
import serviceStarts, { type ServiceStarts } from '../src/catalog/changes/service-starts.probe.ts';
import { failureChanges } from '../src/catalog/changes/task-changes.ts';
import type { Probe } from '../src/define/probe.ts';
import { ask, folder, hostOf, shells, withPrograms } from './ledger-host.ts';
import { needs } from './needs.ts';

/** A journal as systemd-journal-remote writes it, from the export format: two boots, the second with its clock an hour ahead until time servers set it. */
needs('systemd-journal-remote', '/lib/systemd/systemd-journal-remote')('boots in a real journal', () => {
  const startSeconds = Math.floor(Date.now() / 1_000) - Math.floor(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]));
  const [before, running] = ['1'.repeat(32), '2'.repeat(32)];
  const entry = (boot: string, realSeconds: number, upSeconds: number, fields: Readonly<Record<string, string>>): string =>
    `${Object.entries({ __REALTIME_TIMESTAMP: `${realSeconds * 1e6}`, __MONOTONIC_TIMESTAMP: `${upSeconds * 1e6}`, _BOOT_ID: boot, _MACHINE_ID: 'a'.repeat(32), _HOSTNAME: 'pve1', ...fields }).map(([name, value]) => `${name}=${value}\n`).join('')}\n`;
  const kernel = (boot: string, bootedSeconds: number, lines: readonly string[]): string => lines.map((MESSAGE, at) => entry(boot, bootedSeconds + at + 1, at + 1, { _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel', MESSAGE })).join('');
  const disk = (revision: string, host: number): string => `scsi ${host}:0:0:0: Direct-Access     ATA      WDC WD40EFRX-68W ${revision} PQ: 0 ANSI: 5`;
  const earlier = startSeconds - 100_060;
  const host = hostOf('journal', {
    '/proc/sys/kernel/random/boot_id': `${running}\n`,
    '/bin/journalctl': `#!/bin/sh\nexec /usr/bin/journalctl --directory=${join(folder, 'journal/journals')} "$@"\n`,
    '/export': [
      kernel(before, earlier, ['Linux version 6.8.12-4-pve (build@proxmox)', 'Command line: BOOT_IMAGE=/a quiet foo.password=hunter2', 'DMI: Supermicro X, BIOS 2.7 12/07/2021', 'microcode: microcode updated early to revision 0xf0, date = 2023-01-01', disk('0A82', 0), disk('0A82', 1), 'e1000e 0000:00:1f.6 eno1: renamed from eth0', 'igb 0000:02:00.0 eno2: renamed from eth1', 'eth0: renamed from veth123', 'mpt3sas_cm0: LSISAS3008: FWVersion(16.00.10.00), ChipRevision(0x02)']),
      entry(before, earlier + 90_000, 90_000, { _TRANSPORT: 'journal', MESSAGE: 'failed', MESSAGE_ID: 'd9b373ed55a64feb8242e02dbe79a49c', UNIT: '100.scope', UNIT_RESULT: 'oom-kill' }),
      entry(before, earlier + 100_000, 100_000, { _TRANSPORT: 'journal', MESSAGE: 'last words' }),
      kernel(running, startSeconds + 3_600, ['Linux version 6.8.12-5-pve (build@proxmox)', 'Command line: BOOT_IMAGE=/b quiet mitigations=off', 'DMI: Supermicro X, BIOS 3.0 12/07/2024', 'microcode: Current revision: 0x000000f4', 'microcode: Updated early from: 0x000000f0', disk('0A83', 0), 'e1000e 0000:00:1f.6 eno1: renamed from eth0', 'nvme nvme0: pci function 0000:01:00.0', 'mpt3sas_cm0: LSISAS3008: FWVersion(16.00.12.00), ChipRevision(0x02)']),
      entry(running, startSeconds + 30, 30, { _TRANSPORT: 'journal', MESSAGE: 'Time has been changed', MESSAGE_ID: 'c7a787079b354eaaa9e77b371893cd27' }),
      entry(running, startSeconds + 40, 40, { _TRANSPORT: 'journal', MESSAGE: 'now' }),
    ].join(''),
  });
  beforeAll(() => {
    mkdirSync(join(host, 'journals'));
    execFileSync('/lib/systemd/systemd-journal-remote', ['-o', join(host, 'journals/system.journal'), join(host, 'export')], { stdio: 'ignore' });
  }, 180_000);

  it.each(shells)('tell what was different in them, and when the clock was wrong, under %s', async (shell) => {
    const read = { ...(await ask(shell, boots as Probe<Boots>, host, withPrograms(host))), runningKernel: '6.8.12-5-pve' };
    expect(read.journal.map(({ index, commandLine, microcode }) => [index, commandLine, microcode])).toEqual([
      [0, 'BOOT_IMAGE=/b quiet mitigations=off', '0xf4'],
      [-1, 'BOOT_IMAGE=/a quiet foo.password=(left out)', '0xf0'],
    ]);
    expect(read.clockSteps).toEqual([{ index: 0, atSeconds: startSeconds + 30, uptimeSeconds: 30 }]);
    const told = bootChanges(read, { offsetMinutes: 0 });
    const says = told.map((change) => change.says);
    expect(says.toSorted()).toEqual(
      [
        'the host booted Linux 6.8.12-4-pve',
        'the host booted into Linux 6.8.12-5-pve; before it ran 6.8.12-4-pve',
        'the kernel was booted with mitigations=off and without foo.password=(left out), unlike before',
        'the microcode was 0xf4 from this boot on; before it was 0xf0',
        'the firmware was Supermicro X, BIOS 3.0 12/07/2024 from this boot on; before it was Supermicro X, BIOS 2.7 12/07/2021',
        'the firmware of the adapter mpt3sas_cm0: LSISAS3008 was 16.00.12.00 from this boot on; before it was 16.00.10.00',
        'the disk ATA WDC WD40EFRX-68W was there in the boot before and is gone',
        'the network card eno2 was there in the boot before and is gone',
        'the NVMe controller 0000:01:00.0 appeared with this boot',
        'the clock was set back by 60 minutes',
      ].toSorted(),
    );
    const secondsOff = (index: number): number => Math.abs(told[index]!.atMs / 1_000 - [earlier, startSeconds][index]!);
    expect(Math.max(secondsOff(0), secondsOff(1))).toBeLessThan(3);
    const [wrong] = wrongClocks(read);
    expect(Math.round(wrong!.offMs / 60_000)).toBe(-60);
    const during = { atMs: (startSeconds + 3_610) * 1_000, precisionMs: 1_000, kind: 'file', what: 'x', components: [], says: 'x', source: 'y' } as const;
    const mark = marked({ ...during, components: [] }, [wrong!]);
    expect(mark.clockUncertain).toBe(true);
    expect(mark.atMs).toBeLessThanOrEqual((startSeconds + 15) * 1_000);
    expect(mark.atMs + mark.precisionMs).toBeGreaterThanOrEqual(during.atMs - 5_000);
    expect(marked({ ...during, components: [], atMs: (startSeconds + 60) * 1_000 }, [wrong!]).clockUncertain).toBeUndefined();
  });

  it.each(shells)('tell which units failed, and which guests, under %s', async (shell) => {
    mkdirSync(join(host, 'sys/fs/cgroup/system.slice'), { recursive: true });
    const { failures } = await ask(shell, serviceStarts as Probe<ServiceStarts>, host, withPrograms(host));
    expect(failures).toEqual([{ unit: '100.scope', result: 'oom-kill', atSeconds: earlier + 90_000 }]);
    expect(failureChanges({ nowSeconds: 0, uptimeSeconds: 0, services: [], failures: failures ?? [] }, [])[0]).toMatchObject({ what: 'qemu/100', components: ['guest'], says: 'qemu/100 broke off (oom-kill)' });
  });
});
