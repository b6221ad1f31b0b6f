import { afterEach, describe, expect, it } from 'vitest';
import { collect, type CollectOptions } from './run.ts';
import { clock, counter, eventually, probe, processesWith, uniqueSeconds } from './testing.ts';

const options: CollectOptions = { givenSymptoms: ['io-delay'], culpritVersion: '0.0.0', windowSeconds: 0.1, clock };
const local = { kind: 'local', sudo: false } as const;
const path = process.env['PATH'];

describe('collecting from this machine', () => {
  afterEach(() => void (process.env['PATH'] = path));

  it('makes a case', async () => {
    const aCase = await collect(local, [probe('hello', 'echo hello'), counter('uptime', 'cat /proc/uptime')], options);
    expect(aCase).toMatchObject({
      caseVersion: 1, target: 'this machine', complete: true, redacted: false, givenSymptoms: ['io-delay'],
      outputs: [{ probe: 'uptime', sample: 1 }, { probe: 'uptime', sample: 2 }, { probe: 'hello', stdout: 'hello\n', ended: 'done', exitStatus: 0 }],
    });
    expect(aCase.connection.says).toBe('');
  });

  it('takes longer than its window by little', async () => {
    const aCase = await collect(local, [counter('uptime', 'cat /proc/uptime')], { ...options, windowSeconds: 1 });
    expect(aCase.outputs[1]!.uptimeSeconds - aCase.outputs[0]!.uptimeSeconds).toBeGreaterThanOrEqual(0.99);
    expect(aCase.durationMs).toBeLessThan(4_000);
  });

  it('gives what it has when it is ended early', async () => {
    const seconds = uniqueSeconds();
    const ending = new AbortController();
    const probes = [probe('quick', 'echo quick', { stage: 'early' }), probe('hangs', `sleep ${seconds}`, { timeoutMs: 50_000 })];
    const running = collect(local, probes, { ...options, signal: ending.signal });
    expect(await eventually(() => processesWith(seconds).length > 0, 5_000)).toBe(true);
    ending.abort();
    expect(await running).toMatchObject({ complete: false, outputs: [{ probe: 'quick', ended: 'done' }, { probe: 'hangs', ended: 'lost' }] });
    expect(await eventually(() => processesWith(seconds).length === 0, 3_000)).toBe(true);
  });

  it('asks nothing more when it is ended before it began', async () => {
    const aCase = await collect(local, [probe('hello', 'sleep 30; echo hello', { timeoutMs: 40_000 })], { ...options, signal: AbortSignal.abort() });
    expect(aCase).toMatchObject({ complete: false, outputs: [{ ended: 'lost' }] });
  });

  it('says when ssh is not installed', async () => {
    process.env['PATH'] = '/nonexistent';
    const target = { kind: 'ssh', destination: 'root@192.0.2.1', sshOptions: [], sudo: false } as const;
    await expect(collect(target, [probe('hello', 'echo hello')], options)).rejects.toMatchObject({ code: 'ssh-not-installed' });
  });
});
