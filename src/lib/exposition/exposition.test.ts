import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needs } from '../../../test/needs.ts';
import { formatOf, type ExpositionFormat } from './format.ts';
import { exposedNumber } from './numbers.ts';
import { defaultExpositionLimits, ExpositionParser, parseExposition } from './parser.ts';
import { parseSeries } from './series-text.ts';
import { expositionText, type MetricFamily } from './writer.ts';

const one = (line: string, format: ExpositionFormat = 'text') => parseExposition(`${line}\n${format === 'openmetrics' ? '# EOF\n' : ''}`, format);
const samplesOf = (line: string, format: ExpositionFormat = 'text') => {
  const { samples, problem } = one(line, format);
  expect(problem).toBeUndefined();
  return samples;
};

describe('a line', () => {
  it.each([
    ['up 1', 'up', {}, 1, undefined],
    ['  up   1  1700000000123 ', 'up', {}, 1, 1_700_000_000_123],
    ['a:b{x="1",y="2",} 4.5e-3', 'a:b', { x: '1', y: '2' }, 0.0045, undefined],
    ['a { x = "1" , y="2" }\t-7 -5', 'a', { x: '1', y: '2' }, -7, -5],
    ['dir{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot \\"open\\":\\n}# 1"} 1.458255915e9', 'dir', { path: 'C:\\DIR\\FILE.TXT', error: 'Cannot "open":\n}# 1' }, 1_458_255_915, undefined],
    ['a{x="\\t\\\\"} 1', 'a', { x: '\\t\\' }, 1, undefined],
    ['a{x=""} 1', 'a', {}, 1, undefined],
    ['{"my.metric","my label"="ü",plain="x"} 1', 'my.metric', { 'my label': 'ü', plain: 'x' }, 1, undefined],
    ['a{"b.c"="d"} 1', 'a', { 'b.c': 'd' }, 1, undefined],
    ['a{__proto__="d"} 1', 'a', Object.fromEntries([['__proto__', 'd']]), 1, undefined],
    ['a +Inf', 'a', {}, Number.POSITIVE_INFINITY, undefined],
    ['a -inf', 'a', {}, Number.NEGATIVE_INFINITY, undefined],
    ['a NaN\r', 'a', {}, Number.NaN, undefined],
  ])('%j', (line, metric, labels, value, timeMs) => expect(samplesOf(line)).toEqual([{ metric, labels, value, timeMs }]));

  it('of OpenMetrics has its time in seconds, and an exemplar that is skipped', () => {
    expect(samplesOf('a_bucket{le="0.1"} 8 1520879607.789 # {trace_id="a } b"} 0.054 1520879607.7', 'openmetrics')).toEqual([{ metric: 'a_bucket', labels: { le: '0.1' }, value: 8, timeMs: 1_520_879_607_789 }]);
    expect(samplesOf('a_total 17 # {} 1', 'openmetrics')).toMatchObject([{ value: 17, timeMs: undefined }]);
  });

  it.each(['up', 'up ', 'up one', 'up 0x10', 'up 1_000', 'up 1 2 3', 'up 1 1.5', '1up 1', 'a{x="1} 1', 'a{x=1} 1', 'a{x="1" y="2"} 1', 'a{x="1",x="2"} 1', 'a{x:y="1"} 1', '{} 1', '{"a","b"} 1', 'a{"b"} 1', 'a{__name__="b"} 1', 'a}{ 1', '"a" 1', 'a 1 # {} 1', '<html>'])(
    'that is not understood ends the page: %j',
    (line) => expect(one(line)).toMatchObject({ samples: [], problem: { reason: 'not-understood', says: expect.stringContaining('line 1 ') } }),
  );
});

describe('a page', () => {
  it('of OpenMetrics is complete only with its end, and nothing follows', () => {
    expect(parseExposition('a 1\n', 'openmetrics').problem).toMatchObject({ reason: 'cut-short' });
    expect(parseExposition('a 1\n# EOF', 'openmetrics').problem).toBeUndefined();
    expect(parseExposition('# EOF\na 1\n', 'openmetrics').problem).toMatchObject({ reason: 'not-understood' });
    expect(parseExposition('# EOF\na 1\n', 'text').problem).toBeUndefined();
  });

  it('tells its metadata', () => {
    const seen: string[][] = [];
    const parser = new ExpositionParser({ format: 'openmetrics', series: parseSeries, sample: () => undefined, metadata: (...words) => seen.push(words) });
    parser.push(Buffer.from('# TYPE a_seconds counter\n# UNIT a_seconds seconds\n# HELP a_seconds What \\"it\\" is\\nhere.\n# TYPE "b.c" gauge\n# HELP\n# other\n# EOF\n'));
    expect(parser.finish()).toBeUndefined();
    expect(seen).toEqual([['TYPE', 'a_seconds', 'counter'], ['UNIT', 'a_seconds', 'seconds'], ['HELP', 'a_seconds', 'What "it" is\nhere.'], ['TYPE', 'b.c', 'gauge']]);
  });

  it.each([
    [{ maxSamples: 10 }, 'a 1\n', 'more than 10 samples'],
    [{ maxBytes: 1_000 }, '# comment\n', 'more than 1000 bytes'],
    [{ maxLineCharacters: 100 }, 'aaaaaaaaaa', 'more than 100 characters'],
  ])('without end is cut at %j, and no more is wanted', (limits, piece, says) => {
    const parser = new ExpositionParser({ format: 'text', limits: { ...defaultExpositionLimits, ...limits }, series: parseSeries, sample: () => undefined });
    let pushes = 0;
    while (parser.push(Buffer.from(piece)) && pushes < 100_000) pushes += 1;
    expect(pushes).toBeLessThanOrEqual(101);
    expect(parser.push(Buffer.from('a 1\n'))).toBe(false);
    expect(parser.finish()).toMatchObject({ reason: 'too-large', says: expect.stringContaining(says) });
    expect(parser.samples).toBeLessThanOrEqual(100);
  });

  it('is the same in whatever pieces it comes', () => {
    const page = Buffer.from('# HELP a b\na{x="ü🙂"} 1\n{"ö.b"} 2 3\nc +Inf');
    const whole = parseExposition(page.toString(), 'text').samples;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: page.length }), { maxLength: 20 }), (cuts) => {
        const found: unknown[] = [];
        const parser = new ExpositionParser({ format: 'text', series: parseSeries, sample: ({ metric, labels }, value, timeMs) => found.push({ metric, labels, value, timeMs }) });
        const ends = [0, ...cuts.sort((a, b) => a - b), page.length];
        for (const [index, end] of ends.slice(1).entries()) parser.push(page.subarray(ends[index], end));
        expect(parser.finish()).toBeUndefined();
        expect(found).toEqual(whole);
      }),
    );
  });

  it('of anything at all never makes it throw', () => {
    const pieces = fc.constantFrom('a', '{', '}', '"', '\\', '\\"', '=', ',', ' ', '\n', '# ', 'TYPE ', 'EOF', '1', 'NaN', '{a="b"} 1\n', 'ü', '\u0000', '\ud800');
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.array(pieces, { maxLength: 60 }).map((some) => some.join(''))), fc.constantFrom<ExpositionFormat>('text', 'openmetrics'), (page, format) => {
        for (const { metric, value } of parseExposition(page, format).samples) expect([typeof metric, typeof value]).toEqual(['string', 'number']);
      }),
      { numRuns: 300 },
    );
  });

  it.each(['"', '\\', '{', '{a="', '\\"', ' ', 'a{x="\\\\', '#', ',', 'a="b",'])('of %j hundreds of thousands of times takes linear time', (piece) => {
    const time = (count: number): number => {
      const before = process.cpuUsage();
      parseExposition(`a{b="${piece.repeat(count)}"} 1\n`, 'text', { maxBytes: 1e9, maxSamples: 10, maxLineCharacters: 1e9 });
      parseSeries(`a{${piece.repeat(count)}`);
      return process.cpuUsage(before).user / 1000;
    };
    time(10_000);
    expect(time(400_000)).toBeLessThan(40 * Math.max(10, time(50_000)));
  }, 60_000);
});

const text = fc.string({ unit: fc.oneof(fc.constantFrom('a', 'Z', '_', '9', '"', '\\', '\n', '{', '}', ',', '=', ' ', '#', 'n', '.'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })), maxLength: 12 }).map((one) => one.toWellFormed().replaceAll('\ufeff', ''));
const families: fc.Arbitrary<readonly MetricFamily[]> = fc.array(
  fc.record({
    name: text.filter((name) => name !== ''),
    type: fc.constantFrom('gauge', 'counter', 'unknown'),
    help: text,
    samples: fc.array(
      fc.record({ labels: fc.dictionary(text.filter((name) => name !== '' && name !== '__name__'), text.filter((value) => value !== ''), { maxKeys: 4 }), value: fc.oneof(fc.double(), fc.integer()), timeMs: fc.option(fc.integer({ min: -1e12, max: 4e12 }), { nil: undefined }) }),
      { maxLength: 4 },
    ),
  }),
  { maxLength: 4 },
) as fc.Arbitrary<readonly MetricFamily[]>;

describe('what is written', () => {
  it.each<ExpositionFormat>(['text', 'openmetrics'])('is read back the same (%s)', (format) => {
    fc.assert(
      fc.property(families, (some) => {
        const { samples, problem } = parseExposition(expositionText(some, format), format);
        expect(problem).toBeUndefined();
        expect(samples).toEqual(some.flatMap(({ name, samples: all }) => all.map(({ labels, value, timeMs }) => ({ metric: name, labels, value, timeMs }))));
      }),
      { numRuns: 100 },
    );
  });

  it('is as the formats have it', () => {
    const some: MetricFamily[] = [{ name: 'a_total', type: 'counter', help: 'What "it"\nis', samples: [{ labels: { x: 'y' }, value: 1, timeMs: 1500 }] }, { name: 'b', type: 'unknown', help: '', samples: [] }];
    expect(expositionText(some, 'text')).toBe('# HELP a_total What "it"\\nis\n# TYPE a_total counter\na_total{x="y"} 1 1500\n# HELP b \n# TYPE b untyped\n');
    expect(expositionText(some, 'openmetrics')).toBe('# HELP a What \\"it\\"\\nis\n# TYPE a counter\na_total{x="y"} 1 1.5\n# HELP b \n# TYPE b unknown\n# EOF\n');
    expect(expositionText([], 'text')).toBe('');
  });

  needs('prometheus', '/usr/bin/promtool')('for promtool', () => {
    it('is a valid page without complaints', () => {
      const page = expositionText([{ name: 'culprit_looks_total', type: 'counter', help: 'Looks.', samples: [{ labels: { host: 'a"b\\c\nd' }, value: 3 }] }, { name: 'culprit_queue', type: 'gauge', help: 'Entries.', samples: [{ value: Number.NaN }] }], 'text');
      expect(execFileSync('promtool', ['check', 'metrics'], { input: page, encoding: 'utf8' })).toBe('');
    });
  });
});

it.each([['1', 1], ['+1', 1], ['.5', 0.5], ['1.', 1], ['1e9', 1e9], ['', undefined], ['0x1', undefined], ['0b1', undefined], ['1e', undefined], ['--1', undefined], ['Infinity', Number.POSITIVE_INFINITY], ['constructor', undefined], ['toString', undefined]])('the number %j', (text, value) => expect(exposedNumber(text)).toBe(value));
it.each([['application/openmetrics-text; version=1.0.0; charset=utf-8', 'openmetrics'], ['text/plain; version=0.0.4', 'text'], ['', 'text'], ['application/openmetrics-textual', 'text']])('the format of %j', (type, format) => expect(formatOf(type)).toBe(format));
