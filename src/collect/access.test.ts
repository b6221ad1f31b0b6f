import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needs } from '../../test/needs.ts';
import { accessText, checkSudoRule, sudoersFile } from './access.ts';
import { showCommands } from './show-commands.ts';
import { counter, probe } from './testing.ts';

const probes = [
  probe('messages', 'as_root dmesg -r', { sudo: ['/usr/bin/dmesg -r'], root: { need: 'helps', adds: 'what the kernel says' } }),
  probe('smart', 'as_root smartctl -H /dev/sda', { sudo: ['/usr/sbin/smartctl ^-H /dev/sd[a-z]+$', '/usr/bin/dmesg -r'], root: { need: 'needed', adds: 'the health of disks' } }),
  counter('load', 'dump /proc/loadavg'),
];

describe('access', () => {
  it('allows each command once, to the user named', () => {
    expect(sudoersFile(probes, 'culprit').split('\n').filter((line) => !line.startsWith('#'))).toEqual([
      'culprit ALL=(root) NOPASSWD: /usr/bin/dmesg -r', 'culprit ALL=(root) NOPASSWD: /usr/sbin/smartctl ^-H /dev/sd[a-z]+$', '',
    ]);
  });

  it.each(['dmesg -r', '/usr/bin/dmesg *', '/bin/x a, /bin/sh', '/bin/x\nroot ALL=(ALL) ALL', '', '/bin/x [a-z]', '/usr/../bin/x y=z'])('refuses the rule %j', (rule) => {
    expect(() => checkSudoRule(rule)).toThrow(TypeError);
  });

  it.each(['', 'Root', 'a b', 'x\ny', '%wheel', 'ALL'])('refuses the user %j', (user) => {
    expect(() => sudoersFile(probes, user)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('names the API rights, what root adds, and the trap of root’s authorized_keys', () => {
    const text = accessText(probes, 'watcher');
    for (const part of ['pveum acl modify / --tokens \'watcher@pve!reader\' --roles PVEAuditor', '--privsep 1', 'Sys.Syslog', 'smart: the health of disks', '/etc/pve/priv/authorized_keys']) {
      expect(text).toContain(part);
    }
    expect(spawnSync('sh', ['-n'], { input: text }).status).toBe(0);
  });
});

needs('sudo', '/usr/sbin/visudo')('the sudoers file', () => {
  it('is what visudo takes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'culprit-sudoers-'));
    writeFileSync(join(folder, 'culprit'), sudoersFile(probes, 'culprit'), { mode: 0o440 });
    const checked = spawnSync('/usr/sbin/visudo', ['-cf', join(folder, 'culprit')], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(checked.stderr).toBe('');
    expect(checked.status).toBe(0);
  });
});

describe('showCommands', () => {
  it('lists every question with its limits, in the order of the script', () => {
    const text = showCommands(probes);
    expect(text).toMatch(/3 questions, 1 of them asked twice/);
    expect(text).toContain('Probe load (load; at most 4 s and 256 KiB, asked twice)\n    dump /proc/loadavg\n');
    expect(text).toContain('Probe smart (smart; at most 4 s and 256 KiB)\n    # root is needed: the health of disks\n    as_root smartctl -H /dev/sda\n');
    expect(text.indexOf('(load;')).toBeLessThan(text.indexOf('(messages;'));
  });
});
