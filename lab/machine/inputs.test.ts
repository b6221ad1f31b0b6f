import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOf, inputsIn } from './inputs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inputs-'));
  mkdirSync(join(folder, 'etc'));
  writeFileSync(join(folder, 'etc', 'hostname'), 'pve1\n', { mode: 0o644 });
  symlinkSync('/dev/null', join(folder, 'etc', 'masked'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the hash of what a machine is made of', () => {
  it('is twelve digits, and the same for the same files whatever their times', () => {
    const before = hashOf(['1'], [folder]);
    utimesSync(join(folder, 'etc', 'hostname'), 1, 1);
    expect(before).toMatch(/^[0-9a-f]{12}$/);
    expect(hashOf(['1'], [folder])).toBe(before);
  });

  it.each([
    ['content', () => writeFileSync(join(folder, 'etc', 'hostname'), 'pve2\n')],
    ['a new file', () => writeFileSync(join(folder, 'etc', 'new'), '')],
    ['the right to run', () => chmodSync(join(folder, 'etc', 'hostname'), 0o755)],
    ['a link', () => symlinkSync('/dev/zero', join(folder, 'link'))],
  ])('changes with %s', (_, change) => {
    const before = hashOf(['1'], [folder]);
    change();
    expect(hashOf(['1'], [folder])).not.toBe(before);
  });

  it('changes with a word, and tells where one word ends', () => {
    expect(hashOf(['ab', 'c'])).not.toBe(hashOf(['a', 'bc']));
  });

  it('takes a folder that is not there for an empty one', () => {
    expect(inputsIn(join(folder, 'none'))).toEqual([]);
  });
});
