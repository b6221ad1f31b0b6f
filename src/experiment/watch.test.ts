import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchFunctions } from './watch.ts';

describe('the watch over the latency of disks', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'culprit-watch-'));
    mkdirSync(join(folder, 'block/sda'), { recursive: true });
    mkdirSync(join(folder, 'block/zd0'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const stat = (disk: string, ios: number, milliseconds: number): void => writeFileSync(join(folder, 'block', disk, 'stat'), `${ios} 0 0 ${milliseconds} 0 0 0 0 0 0 0\n`);
  const uptime = (seconds: number): void => writeFileSync(join(folder, 'uptime'), `${seconds}.10 5.00\n`);
  function worse(limitMs: number): string {
    const functions = watchFunctions([{ metric: 'disk-latency', limitMs }]).replaceAll('/sys/block', join(folder, 'block')).replaceAll('/proc/uptime', join(folder, 'uptime'));
    return execFileSync('sh', { input: `TMP=${folder}\n${functions}\nexperiment_worse\n`, encoding: 'utf8' });
  }
  /** Two seconds later, after so many I/Os that took so long each. */
  function later(limitMs: number, ios: number, each: number): string {
    now = { seconds: now.seconds + 2, ios: now.ios + ios, ms: now.ms + ios * each };
    uptime(now.seconds);
    stat('sda', now.ios, now.ms);
    stat('zd0', now.ios, now.ms * 100);
    return worse(limitMs);
  }
  let now = { seconds: 100, ios: 1_000, ms: 5_000 };

  it('says so when a disk takes three times as long as at the start, and longer than the limit', () => {
    expect([later(300, 0, 0), later(300, 50, 40), later(300, 50, 200), later(300, 50, 100)]).toEqual(['', '', '', '']);
    expect(later(300, 50, 400)).toBe('reads and writes of the slowest disk took 400 ms, 40 ms when it began\n');
  });

  it('says nothing of a disk that was slow before, of a handful of I/Os, or of a moment', () => {
    expect([later(300, 0, 0), later(300, 50, 400), later(300, 50, 900), later(300, 4, 9_000)]).toEqual(['', '', '', '']);
    stat('sda', now.ios + 50, now.ms + 1e6);
    expect(worse(300)).toBe('');
  });
});
