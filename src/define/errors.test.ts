import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes, UserError } from './errors.ts';

const root = join(import.meta.dirname, '../..');
const [, ...entries] = readFileSync(join(root, 'docs/errors.md'), 'utf8').split(/^## /m);
const documented = new Map(entries.map((entry) => [entry.split('\n', 1)[0]!, entry]));

describe('error codes', () => {
  it('are documented, each once, in the same order', () => {
    expect(entries.map((entry) => entry.split('\n', 1)[0])).toEqual(Object.keys(errorCodes));
  });

  it.each([...documented])('%s says what happened, why, and what to do', (_code, entry) => {
    const parts = ['**What happened.** ', '**Why.** ', '**What to do.** '].map((head) => entry.indexOf(`\n\n${head}`));
    expect(parts.every((at) => at > 0)).toBe(true);
    expect(parts).toEqual([...parts].sort((a, b) => a - b));
  });

  it('are all in use', () => {
    const texts = globSync('src/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts')).map((file) => readFileSync(join(root, file), 'utf8'));
    const used = new Set(texts.flatMap((text) => [...text.matchAll(/new UserError\(\s*'([^']+)'/g)].map((match) => match[1]!)));
    expect([...used].sort()).toEqual(Object.keys(errorCodes).sort());
  });

  it('carry what to do next', () => {
    const error = new UserError('usage', 'A target and --from exclude each other.', 'Leave one of them out.');
    expect(error).toMatchObject({ code: 'usage', message: 'A target and --from exclude each other.', hint: 'Leave one of them out.' });
  });
});
