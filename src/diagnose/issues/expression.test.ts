import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absent, failed, ok, type Result } from '../../define/result.ts';
import { evaluate, variableName } from './expression.ts';

const values = new Map<string, Result<unknown>>([
  ['pool', ok({ percent: 95, ratio: 0.5, name: 'tank', disks: [{ id: 'sda', errors: 0 }, { id: 'sdb', errors: 3 }], sizes: [1, 2, 3] })],
  ['log', ok({ lines: [{ text: 'nvme nvme0: controller is down; will reset: CSTS=0xffffffff' }, { text: 'all is well' }] })],
  ['flags', ok(new Set(['avx', 'aes']))],
  ['gone', absent('ZFS is not loaded')],
  ['denied', failed('not-permitted', 'needs root')],
]);
const outcome = (expression: string) => evaluate(expression, values).value;

describe('evaluate', () => {
  it.each([
    ['pool.percent >= 95', true],
    ['pool.percent == 95', true],
    ['95 == pool.percent', true],
    ['pool.percent > 95', false],
    ['pool.ratio * 2 == 1', true],
    ['pool.percent / 2 > 47', true],
    ['pool.percent - 5 == pool.sizes[0] * 90', true],
    ['2 in pool.sizes', true],
    ['size(pool.disks) == 2 && pool.disks.exists(d, d.errors > 2)', true],
    ['pool.disks.map(d, d.errors).exists(e, e == 3)', true],
    ['pool.disks.filter(d, d.errors > 0).size() == 1', true],
    ['"avx" in flags && !("avx2" in flags)', true],
    ['pool.name == "tank" ? true : false', true],
    ['has(pool.percent) && !has(pool.missing)', true],
    ['has(pool.missing) && pool.missing > 3', false],
    ['pool.missing > 3', 'cannot tell'],
    ['pool.percent', 'cannot tell'],
    ['pool.percent >', 'cannot tell'],
    ['gone.x > 1', false],
    ['!gone.x', false],
    ['gone.x || pool.percent == 95', true],
    ['denied.x > 1', 'cannot tell'],
    ['unread.x > 1', 'cannot tell'],
    ['denied.x && pool.percent == 0', false],
    ['pool.percent == 95 || denied.x', true],
    ['pool.percent == 0 || denied.x', 'cannot tell'],
    ['gone.x && denied.x', 'cannot tell'],
    ['log.lines.exists(l, l.text.matches("CSTS=0x[f]+$"))', true],
    ['log.lines.exists(l, l.text.matches("(x+)+$"))', false],
    ['pool.name.matches("[")', 'cannot tell'],
    ['pool.name.matches(pool.name)', 'cannot tell'],
    ['cel.bind(x, pool.percent, x > 1)', 'cannot tell'],
  ] as const)('%s is %s', (expression, expected) => expect(outcome(expression)).toBe(expected));

  it('names what is missing and why', () => {
    expect(evaluate('denied.x > 1', values)).toEqual({
      value: 'cannot tell',
      reason: 'denied could not be read: needs root',
      missing: ['denied'],
    });
    expect(evaluate('gone.x > 1', values)).toEqual({ value: false, because: 'ZFS is not loaded' });
  });

  it('gives the text that a regular expression found', () => {
    expect(evaluate('log.lines.exists(l, l.text.matches("controller is down"))', values)).toMatchObject({
      excerpt: 'nvme nvme0: controller is down; will reset: CSTS=0xffffffff',
    });
  });

  it('keeps its cost bounded', () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => ({ text: `line ${i} ${'x'.repeat(60)}` }));
    const many = new Map([['log', ok({ lines })], ['other', ok({ lines })]]);
    const started = performance.now();
    expect(evaluate('log.lines.exists(l, l.text.matches("(x+x+)+y"))', many).value).toBe(false);
    expect(evaluate('log.lines.exists(l, other.lines.exists(o, o.text == l.text + "z"))', many).value).toBe('cannot tell');
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(evaluate(`${'('.repeat(500)}1${')'.repeat(500)}`, many).value).toBe('cannot tell');
    expect(evaluate('x'.repeat(5_000), many).value).toBe('cannot tell');
  });

  it('never throws', () => {
    const word = fc.constantFrom('pool', '.', 'percent', '(', ')', '&&', '||', '!', 'has', 'exists', ',', 'd', '==', '1', '"a"', 'matches', '[', ']', 'gone', '?', ':', ' ');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.array(word, { maxLength: 25 }).map((words) => words.join(''))), (text) => {
        expect([true, false, 'cannot tell']).toContain(outcome(text));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('evaluate over any values', () => {
  it('never throws', () => {
    const expressions = [
      'a.x > 1 || a.y.exists(l, l.text.matches("x+"))',
      'has(a.x.y) && a.x.y == b',
      'a.map(x, x.n)[0] * 2 - b.n > 0',
      '"k" in a && a["k"].startsWith("z") && b.all(x, x in a)',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...expressions), fc.jsonValue(), fc.jsonValue(), (expression, a, b) => {
        const outcome = evaluate(expression, new Map([['a', ok<unknown>(a)], ['b', ok<unknown>(b)]]));
        expect([true, false, 'cannot tell']).toContain(outcome.value);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('variableName', () => {
  it.each([
    ['zfs-implementations', 'zfsImplementations'],
    ['kernel-log', 'kernelLog'],
    ['fletcher-4-bench', 'fletcher4Bench'],
    ['versions', 'versions'],
  ])('%s', (id, name) => expect(variableName(id)).toBe(name));
});
