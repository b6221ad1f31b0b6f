import { expect, test } from 'vitest';
import type { Host } from '../../define.ts';
import { judgeLoad, startLoadThatHurts, strainOf } from './load-that-hurts.ts';

test('a load hurts by either meter, and is too much where a transaction group takes long, whatever the meters say', () => {
  expect(judgeLoad({ waitPercent: 20, heldUpPercent: 10, busyPercent: 50, syncSeconds: 1 })).toBe('right');
  expect(judgeLoad({ waitPercent: 2, heldUpPercent: 60, busyPercent: 50, syncSeconds: 1 })).toBe('right');
  expect(judgeLoad({ waitPercent: 8, heldUpPercent: 30, busyPercent: 50, syncSeconds: 6 })).toBe('too little');
  expect(judgeLoad({ waitPercent: 40, heldUpPercent: 90, busyPercent: 50, syncSeconds: 8 })).toBe('too much');
  expect(judgeLoad({ waitPercent: 40, heldUpPercent: 90, busyPercent: 99, syncSeconds: 1 })).toBe('too much');
});

/** A machine on which the guests' thinking time decides how much is waited. */
function machine(waitPercent: (thinkSeconds: number) => number): { readonly host: Host; readonly thinks: number[] } {
  const thinks: number[] = [];
  const unexpected = (): never => {
    throw new Error('not asked for');
  };
  const host: Host = {
    suite: 'bookworm',
    sshPort: 0,
    exporterPort: 0,
    run: async (script) => (script.includes('/proc/stat') ? `100 1000 300 0 50 ${100 + waitPercent(thinks.at(-1) ?? 0) * 10} 2000 800 0 60 0.5\n` : ''),
    start: async (unit, script) => {
      if (unit === 'guest-100') thinks.push(Number(/--thinktime=(\d+)/.exec(script)?.[1]) / 1e6);
    },
    qmp: unexpected,
    addDisk: unexpected,
    throttle: unexpected,
    wait: async () => {},
    reboot: unexpected,
  };
  return { host, thinks };
}

test('the guests think shorter until it hurts', async () => {
  const { host, thinks } = machine((think) => 12 / think);
  await startLoadThatHurts(host, { thinkSeconds: 1.5 });
  expect(thinks).toEqual([1.5, 1.05, 0.735]);
});

test('where nothing hurts, it says what was tried', async () => {
  const { host } = machine(() => 1);
  await expect(startLoadThatHurts(host, {})).rejects.toThrow(/No load was found.*1\.50 s: too little \(1 %, 0 %, busy 49 %, 0\.5 s\)/);
});

test('what the machine prints is read as shares of the time between', async () => {
  const { host } = machine(() => 25);
  expect(await strainOf(host)).toEqual({ waitPercent: 25, heldUpPercent: 0, busyPercent: 25, syncSeconds: 0.5 });
});
