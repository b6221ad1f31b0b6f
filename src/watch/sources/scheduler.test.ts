import { describe, expect, it } from 'vitest';
import { Scheduler, spreadHash } from './scheduler.ts';
import { SimulatedClock } from './testing.ts';

const beganMs = Date.UTC(2026, 0, 1);
const second = 1_000;
const day = 86_400 * second;

/** A task that takes so long, by the simulated clock. */
const taking = (clock: SimulatedClock, ms: number | (() => number)) => () => new Promise<void>((resolve) => void clock.after(typeof ms === 'number' ? ms : ms(), resolve));

describe('the scheduler', () => {
  it('spreads targets evenly over the interval, and keeps each at its moment', async () => {
    const clock = new SimulatedClock(beganMs);
    const scheduler = new Scheduler({ clock });
    const moments = new Map<string, number[]>();
    for (let host = 0; host < 300; host += 1) scheduler.add({ name: `pve${host}`, intervalMs: 15 * second, run: (dueMs) => { moments.set(`pve${host}`, [...(moments.get(`pve${host}`) ?? []), dueMs]); expect(clock.nowMs()).toBe(dueMs); return Promise.resolve(); } });
    await clock.advance(60 * second);
    const phases = [...moments.values()].map((some) => {
      expect(some).toHaveLength(4);
      expect(new Set(some.map((at) => at % (15 * second))).size).toBe(1);
      return some[0]! % (15 * second);
    });
    for (let part = 0; part < 5; part += 1) expect(phases.filter((phase) => Math.floor(phase / (3 * second)) === part).length).toBeGreaterThan(35);
    expect(spreadHash('pve1')).toBe(spreadHash('pve1'));
  });

  it('never looks twice at once at one target, and counts what it leaves out', async () => {
    const clock = new SimulatedClock(beganMs);
    const scheduler = new Scheduler({ clock });
    let now = 0;
    let most = 0;
    const slow = taking(clock, 40 * second);
    scheduler.add({ name: 'slow', intervalMs: 15 * second, run: async () => { now += 1; most = Math.max(most, now); await slow(); now -= 1; } });
    scheduler.add({ name: 'quick', intervalMs: 15 * second, run: taking(clock, 10) });
    await clock.advance(900 * second);
    expect(most).toBe(1);
    expect(scheduler.counts('quick')).toEqual({ started: 60, failed: 0, skipped: 0 });
    expect(scheduler.counts('slow')).toEqual({ started: 20, failed: 0, skipped: 40 });
  });

  it('does not let targets that hang hold up the others', async () => {
    const clock = new SimulatedClock(beganMs);
    const scheduler = new Scheduler({ clock, maxRunning: 10 });
    for (let host = 0; host < 40; host += 1) scheduler.add({ name: `hangs${host}`, intervalMs: 15 * second, run: taking(clock, 10 * second) });
    const late: number[] = [];
    for (let host = 0; host < 40; host += 1) scheduler.add({ name: `well${host}`, intervalMs: 15 * second, run: (dueMs) => { late.push(clock.nowMs() - dueMs); return taking(clock, 50)(); } });
    await clock.advance(150 * second);
    late.length = 0;
    await clock.advance(600 * second);
    expect(late).toHaveLength(1600);
    expect(Math.max(...late)).toBeLessThan(200);
  });

  it('goes on after a failure, a clock that was set and a machine that slept', async () => {
    const clock = new SimulatedClock(beganMs);
    const errors: string[] = [];
    const scheduler = new Scheduler({ clock, onError: (name, error) => errors.push(`${name} ${String(error)}`) });
    scheduler.add({ name: 'fails', intervalMs: 10 * second, run: () => Promise.reject(new Error('no')) });
    await clock.advance(100 * second);
    expect(errors).toEqual(Array.from({ length: 10 }, () => 'fails Error: no'));
    clock.jump(-3 * 365 * day);
    await clock.advance(100 * second);
    clock.jump(20 * second);
    await clock.advance(100 * second);
    clock.jump(30 * 365 * day);
    await clock.advance(100 * second);
    const counts = scheduler.counts('fails')!;
    expect(counts.started).toBeGreaterThanOrEqual(38);
    expect(counts.started).toBeLessThanOrEqual(41);
    expect(counts.skipped).toBe(2);
  });

  it('runs a month of ten hosts in seconds', async () => {
    const clock = new SimulatedClock(beganMs);
    const scheduler = new Scheduler({ clock });
    for (let host = 0; host < 10; host += 1) scheduler.add({ name: `pve${host}`, intervalMs: 60 * second, run: () => Promise.resolve() });
    await clock.advance(30 * day);
    for (let host = 0; host < 10; host += 1) expect(scheduler.counts(`pve${host}`)).toEqual({ started: 43_200, failed: 0, skipped: 0 });
  }, 600_000);

  it('stops: waits for what runs, tells what hangs to end, and starts nothing', async () => {
    const clock = new SimulatedClock(beganMs);
    const scheduler = new Scheduler({ clock });
    let started = 0;
    let aborted = false;
    scheduler.add({ name: 'ends', intervalMs: 10 * second, run: () => { started += 1; return taking(clock, 3 * second)(); } });
    scheduler.add({ name: 'hangs', intervalMs: 10 * second, run: (_, signal) => new Promise((resolve) => { started += 1; signal.addEventListener('abort', () => { aborted = true; resolve(); }); }) });
    scheduler.add({ name: 'deaf', intervalMs: 10 * second, run: () => new Promise(() => { started += 1; }) });
    scheduler.add({ name: 'gone', intervalMs: 10 * second, run: () => Promise.reject(new Error('removed tasks do not run')) });
    scheduler.remove('gone');
    await clock.advance(10 * second);
    expect(started).toBe(3);
    let stopped = false;
    const stopping = scheduler.stop(5 * second).then(() => (stopped = true));
    await clock.advance(4.9 * second);
    expect({ aborted, stopped, running: scheduler.runningCount }).toEqual({ aborted: false, stopped: false, running: 2 });
    await clock.advance(0.2 * second);
    expect({ aborted, stopped }).toEqual({ aborted: true, stopped: false });
    await clock.advance(6 * second);
    await stopping;
    await clock.advance(100 * second);
    expect(started).toBe(3);
    expect(scheduler.runningCount).toBe(1);
  });
});
