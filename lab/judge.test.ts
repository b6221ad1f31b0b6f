import { describe, expect, it } from 'vitest';
import type { Scenario, Truth } from './define.ts';
import { judge, type Verdict } from './judge.ts';
import { cause, verdict } from './score/testing.ts';

type Row = readonly [name: string, kind: Scenario['kind'], truth: Truth, verdict: Verdict];

const slow: Truth = { first: ['disk-slow'], allowed: ['disk-saturated'], objects: { 'disk-slow': 'data1' }, never: ['disk-failing'] };
const onDisk = cause('disk-slow', 0.95, { objects: ['disk/data1'] });
const two: Truth = { first: ['disk-slow', 'swap-storm'], among: ['disk-slow', 'swap-storm'], allowed: ['disk-saturated'] };
const busy: Truth = { first: [], allowed: ['cpu-saturated'], status: ['healthy', 'identified', 'suspected'] };
const meter: Truth = { first: ['iowait-meter-wrong'], status: ['identified', 'suspected'] };

const right: readonly Row[] = [
  ['the cause', 'fault', slow, verdict([onDisk])],
  ['only suspected', 'fault', slow, verdict([{ ...onDisk, status: 'suspected' }])],
  ['with a true consequence', 'fault', slow, verdict([onDisk, cause('disk-saturated')])],
  ['with another that is only suspected', 'fault', slow, verdict([onDisk, cause('cpu-saturated', 0.6)])],
  ['one of two right ones', 'fault', { first: ['a', 'b'] }, verdict([cause('b')])],
  ['about one object of several', 'fault', slow, verdict([cause('disk-slow', 0.95, { objects: ['disk/sda', 'disk/virtio-data1'] })])],
  ['out of reach', 'fault', { first: [], status: ['unreachable'] }, verdict([], { status: 'unreachable' })],
  ['symptoms seen', 'fault', { ...slow, symptoms: ['io-delay'] }, verdict([onDisk], { symptoms: ['slow-storage', 'io-delay'] })],
  ['both', 'double', two, verdict([cause('swap-storm'), cause('disk-saturated'), cause('disk-slow', 0.6)])],
  ['nothing', 'control', { first: [] }, verdict([])],
  ['something noticed', 'control', { first: [] }, verdict([], { noticed: ['zpool-scrub-running'] })],
  ['the name of the load', 'control', busy, verdict([cause('cpu-saturated')])],
  ['no name for the load', 'control', busy, verdict([])],
  ['the meter', 'control', meter, verdict([cause('iowait-meter-wrong')])],
];

const wrong: readonly (readonly [...Row, failures: readonly string[]])[] = [
  ['another leads', 'fault', slow, verdict([cause('disk-saturated'), onDisk]), ['disk-saturated leads; disk-slow should.']],
  [
    'nothing found',
    'fault',
    slow,
    verdict([]),
    ['The verdict is healthy; identified or suspected is right.', 'No cause was named; disk-slow is right.'],
  ],
  [
    'another is identified, whatever else is right',
    'fault',
    slow,
    verdict([onDisk, cause('cpu-saturated', 0.934)]),
    ['cpu-saturated is identified (93.4 %), which is wrong.'],
  ],
  [
    'another leads and is identified',
    'fault',
    { first: ['a'] },
    verdict([cause('b')]),
    ['b leads; a should.', 'b is identified (95 %), which is wrong.'],
  ],
  [
    'the wrong disk',
    'fault',
    slow,
    verdict([cause('disk-slow', 0.95, { objects: ['disk/data2', 'disk/data10'] })]),
    ['disk-slow is about disk/data2, disk/data10, not about data1.'],
  ],
  [
    'another guest whose number begins alike',
    'fault',
    { first: ['a'], objects: { a: 'qemu/100' } },
    verdict([cause('a', 0.95, { objects: ['qemu/1001'] })]),
    ['a is about qemu/1001, not about qemu/100.'],
  ],
  ['a forbidden cause', 'fault', slow, verdict([onDisk, cause('disk-failing', 0.6)]), ['disk-failing is a cause and must not be.']],
  ['a forbidden notice', 'fault', slow, verdict([onDisk], { noticed: ['disk-failing'] }), ['disk-failing is noticed and must not be.']],
  ['status', 'fault', { first: ['a'], status: ['identified'] }, verdict([cause('a', 0.7)]), ['The verdict is suspected; identified is right.']],
  [
    'symptom not seen',
    'fault',
    { ...slow, symptoms: ['io-delay'] },
    verdict([onDisk]),
    ['The symptom io-delay was not seen (seen: nothing).'],
  ],
  ['one of two', 'double', two, verdict([cause('disk-slow')]), ['swap-storm is not among the first three causes (disk-slow).']],
  ['two, the second by its other name', 'double', { ...two, among: ['disk-slow', ['swap-storm', 'memory-exhausted']], allowed: [] }, verdict([cause('disk-slow'), cause('memory-exhausted')]), []],
  ['one of two with names to choose from', 'double', { ...two, among: ['disk-slow', ['swap-storm', 'memory-exhausted']] }, verdict([cause('disk-slow')]), ['swap-storm or memory-exhausted is not among the first three causes (disk-slow).']],
  [
    'the second only in the fourth place',
    'double',
    two,
    verdict([cause('disk-slow'), cause('x', 0.8), cause('y', 0.7), cause('swap-storm', 0.6)]),
    ['swap-storm is not among the first three causes (disk-slow, x, y).'],
  ],
  [
    'accused though only suspected',
    'control',
    busy,
    verdict([cause('cpu-saturated'), cause('disk-failing', 0.55)]),
    ['disk-failing is accused (55 %) where there is nothing to blame.'],
  ],
  [
    'accused though the verdict says healthy',
    'control',
    { first: [] },
    verdict([cause('a', 0.6)], { status: 'healthy' }),
    ['a is accused (60 %) where there is nothing to blame.'],
  ],
  ['not decided', 'control', { first: [] }, verdict([], { status: 'inconclusive' }), ['The verdict is inconclusive; healthy is right.']],
  [
    'the meter not named',
    'control',
    meter,
    verdict([]),
    ['The verdict is healthy; identified or suspected is right.'],
  ],
];

describe('judge', () => {
  it.each(right)('finds right: %s (%s)', (_name, kind, truth, given) => {
    expect(judge(truth, kind, given)).toEqual([]);
  });

  it.each(wrong)('finds wrong: %s (%s)', (_name, kind, truth, given, failures) => {
    expect(judge(truth, kind, given)).toEqual(failures);
  });
});
