import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { probes } from '../src/catalog/catalog.generated.ts';
import { assembleScript } from '../src/collect/script.ts';

/** A fragment with a syntax error would break the whole script: each shell must accept all of it. */
describe('the script of the whole catalogue', () => {
  const script = assembleScript(probes, { sudo: false, windowSeconds: 4, holdInput: false, nonce: '0'.repeat(32), totalLimitSeconds: 120 });

  it.each([['dash'], ['bash'], ['bash', '--posix'], ['busybox', 'sh']])('is understood by %s', (shell, ...words) => {
    const program = `/usr/bin/${shell}`;
    expect(existsSync(program) || existsSync(`/bin/${shell}`), `${shell} is installed`).toBe(true);
    const { status, stderr } = spawnSync(shell, [...words, '-n'], { input: script, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('changes nothing on the host: no fragment writes outside of its private folder or runs what changes something', () => {
    for (const probe of probes) {
      expect(probe.spec.sh, probe.id).not.toMatch(/>{1,2} ?\/(etc|var|root|tmp|home|usr|boot|run|opt|srv|proc|sys)\b/);
      expect(probe.spec.sh, probe.id).not.toMatch(/\b(rm|mkdir|touch|tee|modprobe(?!\[?\.\]?d\b)|sysctl -w|zpool (clear|import|export|online|offline)|zfs (set|load-key|destroy))\b/);
    }
  });
});
