import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forTerminal } from './hostile-text.ts';
import { bar, columnsOf, hanging, padded, shortened, wrapped, wrappedRaw } from './text-layout.ts';

const text = fc.string({ unit: 'binary', maxLength: 200 }).map((raw) => forTerminal(raw));

describe('text layout', () => {
  it('never makes a line wider than asked', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 20, max: 100 }), (words, width) => {
        const lines = [...wrapped(words, width), ...wrappedRaw(words, width), ...hanging('  1. ', words, width), shortened(words, width)];
        return lines.every((line) => columnsOf(line) <= width);
      }),
    );
  });

  it('breaks a word only where it is longer than a line', () => {
    expect(wrapped('short averyveryverylongword', 10).every((line) => line.length <= 10)).toBe(true);
    expect(wrapped('short ninechars', 10)).toEqual(['short', 'ninechars']);
    expect(wrapped('two words', 5)).toEqual(['two', 'words']);
  });

  it('hangs a paragraph below its own start', () => {
    expect(hanging('- ', 'one two three', 9)).toEqual(['- one two', '  three']);
  });

  it('keeps the blanks of raw text', () => {
    expect(wrappedRaw('  a  b\n    c', 20)).toEqual(['  a  b', '    c']);
  });

  it('counts wide characters twice', () => {
    expect(padded('磁盘', 6)).toBe('磁盘  ');
    expect(shortened('磁盘很慢', 5)).toBe('磁盘…');
  });

  it('draws bars in half steps', () => {
    expect([bar(0, 4), bar(0.01, 4), bar(0.5, 4), bar(0.6, 4), bar(1, 4), bar(7, 4), bar(Number.NaN, 4)]).toEqual(['', '▌', '██', '██▌', '████', '████', '']);
  });
});
