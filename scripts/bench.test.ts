import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { benchOptions, WrongUsage } from './bench/command-line.ts';
import { figure, figureTable, isBroken, median } from './bench/figures.ts';
import { CannotMeasure, measure, parseMeasurement } from './bench/measured-run.ts';

const here = { name: 'this machine', shell: ['sh', '-s'] } as const;

describe('a measured run', () => {
  it('counts the processor time of children and the bytes of the answer', async () => {
    const busy = 'i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done';
    const result = await measure(here, { command: `sh -c '${busy}'; cat "$dir/input"`, input: 'twelve bytes', limitSeconds: 30 });
    expect(result.outputBytes).toBe(13);
    expect(result.cpuSeconds).toBeGreaterThan(0.02);
    expect(result.cpuSeconds).toBeLessThan(result.wallSeconds + 1);
    const idle = await measure(here, { command: 'sleep 1', limitSeconds: 30 });
    expect(idle.wallSeconds).toBeGreaterThanOrEqual(0.99);
    expect(idle.cpuSeconds).toBeLessThan(0.2);
  });

  it('says why a command cannot be measured, and leaves nothing', async () => {
    const error: unknown = await measure(here, { command: 'echo "$dir" >&2; exit 3', limitSeconds: 30 }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CannotMeasure);
    const folder = (error as CannotMeasure).message;
    expect(folder).toMatch(/^\//);
    expect(existsSync(folder)).toBe(false);
    await expect(measure(here, { command: 'sleep 20', limitSeconds: 1 })).rejects.toThrow('exit status 124');
  });

  it('prefers the control group to the times of the shell', () => {
    const times = 'before 0m0.100000s 0m0.050000s\nafter 1m1.200000s 0m0.150000s\nwall 100.50 170.75\nstatus 0\nbytes 7\nsays \n';
    expect(parseMeasurement(times)).toEqual({ cpuSeconds: expect.closeTo(61.2, 6), wallSeconds: 70.25, outputBytes: 7, method: 'times' });
    expect(parseMeasurement(`group 62500000\n${times}`)).toMatchObject({ cpuSeconds: 62.5, method: 'cgroup' });
    expect(() => parseMeasurement('sh: mktemp: not found\n')).toThrow('no answer: sh: mktemp: not found');
  });
});

describe('figures', () => {
  it('have medians', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('break a bound when the median is not below it', () => {
    expect(isBroken(figure('a', 'a', 's', [1, 9, 2], 3))).toBe(false);
    expect(isBroken(figure('a', 'a', 's', [1, 9, 3], 3))).toBe(true);
    expect(isBroken(figure('a', 'a', 's', [NaN], 3))).toBe(true);
    expect(isBroken(figure('a', 'a', 's', [100]))).toBe(false);
  });

  it('make a table', () => {
    expect(figureTable([figure('one', 'CPU time', 's', [0.5, 0.25, 1]), figure('two', 'bytes', 'bytes', [2_000_000], 1_000_000)])).toBe(
      ['                   median  runs              bound', 'CPU time           0.50 s  0.50, 0.25, 1.00', 'bytes     2 000 000 bytes                    below 1 000 000: BROKEN'].join('\n'),
    );
  });
});

describe('the command line', () => {
  it('measures this machine without a target', () => {
    expect(benchOptions(['--repetitions', '5', '--json', 'out.json'])).toEqual({ place: here, investigateWords: [], repetitions: 5, json: 'out.json' });
  });

  it('hands the words after --target to ssh', () => {
    const { place, investigateWords, repetitions } = benchOptions(['--target', '-o', 'Port=2222', '-i', 'key', 'root@192.0.2.7']);
    expect(place).toEqual({ name: 'root@192.0.2.7', shell: ['ssh', '-T', '-o', 'BatchMode=yes', '-o', 'Port=2222', '-i', 'key', '--', 'root@192.0.2.7', 'exec sh -s'] });
    expect(investigateWords).toEqual(['root@192.0.2.7', '-o', 'Port=2222', '-i', 'key']);
    expect(repetitions).toBe(3);
  });

  it.each([[['--target']], [['--target', 'a', 'b']], [['--target', '--option', 'a', 'b']], [['--target', '-p', '22', 'a']], [['--repetitions', '0']], [['root@pve1']]])('refuses %j', (words) => {
    expect(() => benchOptions(words)).toThrow(WrongUsage);
  });
});
