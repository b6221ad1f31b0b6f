import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bounded, forMarkdown, forTerminal, markdownCode, markdownCodeBlock } from './hostile-text.ts';

const obeyedOrUnseen = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufe00-\ufe0f]|\p{Cs}/u;
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(...'\u001b[31m]8;;\u0007\u009b\u202e\u2066\u200b\u2028\ud800\udc00\r\n\t `*_[]()<>#|~&!@:/.\\-=+1aw'), maxLength: 120 }),
);

/** The characters of Markdown text that may be markup: neither behind a backslash nor within a code span. */
function unescaped(markdown: string): string {
  let rest = markdown;
  let markup = '';
  while (rest !== '') {
    const fence = /^`*/.exec(rest)?.[0] ?? '';
    const span = fence === '' ? -1 : rest.slice(fence.length).search(new RegExp(`(?<!\`)${fence}(?!\`)`));
    const skipped = rest.startsWith('\\') ? 2 : span >= 0 ? 2 * fence.length + span : 0;
    if (skipped === 0) markup += rest.charAt(0);
    else markup += 'x';
    rest = rest.slice(skipped || 1);
  }
  return markup;
}

describe('forTerminal', () => {
  it('lets nothing through that a terminal obeys or a reader cannot see', () => {
    fc.assert(fc.property(anyText, (text) => !obeyedOrUnseen.test(forTerminal(text)) && forTerminal(text).isWellFormed()));
  });

  it('changes nothing the second time', () => {
    fc.assert(fc.property(anyText, (text) => forTerminal(forTerminal(text)) === forTerminal(text)));
  });

  it('leaves ordinary text alone, in any script', () => {
    for (const text of ['io delay 23 %', 'größer als 4 GiB', '磁盘很慢', 'קשה', 'a\\b']) expect(forTerminal(text)).toBe(text);
  });

  it('shows what it found', () => {
    expect(forTerminal('\u001b[31mred\u009b0m')).toBe('\\x1b[31mred\\x9b0m');
    expect(forTerminal('a\u202eb\u200bc')).toBe('a\\u{202e}b\\u{200b}c');
    expect(forTerminal('\ud83d!')).toBe('\ufffd!');
    expect(forTerminal('a\rb')).toBe('a\\x0db');
  });

  it('handles line ends as asked', () => {
    expect(forTerminal('a\r\nb\nc', 'keep')).toBe('a\nb\nc');
    expect(forTerminal('a\nb')).toBe('a b');
    expect(forTerminal('a\nb', 'escape')).toBe('a\\nb');
  });

  it('cuts towers of combining marks', () => {
    expect(forTerminal(`a${'\u0301'.repeat(500)}`).length).toBeLessThan(10);
  });

  it('is quick on a megabyte of controls', () => {
    const before = performance.now();
    forTerminal('\u001b\u0301\u200b'.repeat(350_000));
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});

describe('bounded', () => {
  it('never is longer than asked, never cuts a pair in half, and keeps what fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, limit) => {
        const cut = bounded(text, limit);
        return cut.length <= limit && cut.isWellFormed() && (text.length > limit || cut === text);
      }),
    );
  });
});

describe('forMarkdown', () => {
  it('is one line without unescaped markup outside code spans', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const markup = unescaped(forMarkdown(text));
        return !/[\n\\`*_[\]<>|~&$]|@\S|\S@|:\/\/|www\.|^[-+=#:]|^\d+[.)]/i.test(markup);
      }),
    );
  });

  it('escapes markup and puts what links itself into code', () => {
    expect(forMarkdown('# heading')).toBe('\\# heading');
    expect(forMarkdown('1. item')).toBe('1\\. item');
    expect(forMarkdown('- item')).toBe('\\- item');
    expect(forMarkdown('<b>a</b> | [x](y) ```')).toBe('\\<b\\>a\\</b\\> \\| \\[x\\](y) \\`\\`\\`');
    expect(forMarkdown('see https://example.com/ or @all or #12')).toBe('see `https://example.com/` or `@all` or `#12`');
    expect(forMarkdown('---\n===')).toBe('\\--- ===');
  });

  it('leaves versions and sizes readable', () => {
    expect(forMarkdown('kernel 6.2.16-12-pve, 4.5 GiB (82 %)')).toBe('kernel 6.2.16-12-pve, 4.5 GiB (82 %)');
  });
});

describe('code', () => {
  it('has a fence that its content cannot close', () => {
    expect(markdownCode('a ``b`` c')).toBe('```a ``b`` c```');
    expect(markdownCode('`')).toBe('`` ` ``');
    expect(markdownCodeBlock('a\n````\nb', 'sh')).toBe('`````sh\na\n````\nb\n`````');
    fc.assert(
      fc.property(anyText, (text) => {
        const [fence = '', ...rest] = markdownCodeBlock(text).split('\n');
        return rest.pop() === fence && rest.every((line) => !line.includes(fence));
      }),
    );
  });
});
