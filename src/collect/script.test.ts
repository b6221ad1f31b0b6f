import { describe, expect, it } from 'vitest';
import { assembleScript, orderProbes } from './script.ts';
import { counter, nonce, probe } from './testing.ts';

const options = { sudo: false, holdInput: false, nonce };
const probes = [
  probe('pool-state', 'zpool status', { family: 'zfs' }),
  probe('slow', 'sleep 1', { timeoutMs: 9_000 }),
  probe('load', 'dump /proc/loadavg', { stage: 'early' }),
  counter('vmstat', 'cat /proc/vmstat'),
  probe('quick', ':', { timeoutMs: 500 }),
  probe('very-slow', ':', { timeoutMs: 12_000 }),
  probe('outside', '', { vantage: 'client' }),
];

describe('assembleScript', () => {
  it('is the same for the same probes, in whatever order and however often they are given', () => {
    const script = assembleScript(probes, options);
    expect(assembleScript([...probes].reverse(), options)).toBe(script);
    expect(assembleScript([...probes, ...probes], options)).toBe(script);
  });

  it('asks the cheap first and families last, and leaves out what others ask', () => {
    const { early, counters, late } = orderProbes(probes);
    expect([early, counters, late].map((group) => group.map(({ id }) => id))).toEqual([['load'], ['vmstat'], ['quick', 'slow', 'pool-state', 'very-slow']]);
    expect(assembleScript(probes, options)).not.toContain('outside');
  });

  it('uses sudo only where it was asked for', () => {
    expect(assembleScript(probes, options)).not.toContain('sudo -n -l');
    expect(assembleScript(probes, { ...options, sudo: true })).toContain('sudo -n -l');
  });

  it('takes no nonce that could be more than one word', () => {
    for (const bad of ['', 'short', '0123456789abcdef; reboot', 'x'.repeat(32)]) expect(() => assembleScript(probes, { ...options, nonce: bad })).toThrow(TypeError);
  });
});
