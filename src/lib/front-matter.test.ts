import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitFrontMatter } from './front-matter.ts';

describe('splitFrontMatter', () => {
  it.each([
    ['---\na: 1\nb: 2\n---\n\nText\n', { block: 'a: 1\nb: 2', blockLine: 2, body: 'Text' }],
    ['---\r\na: 1\r\n---\r\nText\r\nmore', { block: 'a: 1', blockLine: 2, body: 'Text\nmore' }],
    ['\ufeff---\n---', { block: '', blockLine: 2, body: '' }],
    ['---\na: 1\n---\none\n---\ntwo', { block: 'a: 1', blockLine: 2, body: 'one\n---\ntwo' }],
    ['a: 1', 'the file does not begin with a line ---'],
    ['', 'the file does not begin with a line ---'],
    ['---\na: 1', 'the front matter is not closed by a line ---'],
  ])('%j', (text, expected) => expect(splitFrontMatter(text)).toEqual(expected));

  it('takes any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void splitFrontMatter(`---\n${text}`)));
  });
});
