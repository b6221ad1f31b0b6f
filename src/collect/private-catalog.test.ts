import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../define/errors.ts';
import type { KnownIssue } from '../define/known-issue.ts';
import { readPrivateCatalog, type IssueLoader } from './private-catalog.ts';

/** Files of these tests hold an id and nothing else. */
const load: IssueLoader = (text, file) =>
  text.startsWith('broken') ? { problems: [`${file}:1: broken`] } : { issue: { id: text, file } as KnownIssue };
let folder = '';
const put = (name: string, text: string) => writeFileSync(join(folder, name), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'culprit-catalog-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('readPrivateCatalog', () => {
  it('reads what is right and reports what is not', () => {
    mkdirSync(join(folder, 'network'));
    put('a.issue.md', 'OUR-1');
    put('network/b.issue.md', 'OUR-2');
    put('broken.issue.md', 'broken');
    put('twice.issue.md', 'OUR-1');
    put('zz-shipped.issue.md', 'PVK-1');
    put('notes.md', 'not an issue');
    symlinkSync('/etc/passwd', join(folder, 'link.issue.md'));
    const read = readPrivateCatalog(folder, load, ['PVK-1']);
    expect(read.issues.map(({ id, file }) => `${id} ${file}`)).toEqual(['OUR-1 a.issue.md', 'OUR-2 network/b.issue.md']);
    expect(read.problems).toEqual([
      'broken.issue.md:1: broken',
      'twice.issue.md:2: id: OUR-1 is taken already',
      'zz-shipped.issue.md:2: id: PVK-1 is taken already',
    ]);
  });

  it('an empty folder is fine, a missing one is not', () => {
    expect(readPrivateCatalog(folder, load)).toEqual({ issues: [], problems: [] });
    expect(() => readPrivateCatalog(join(folder, 'nothing'), load)).toThrow(UserError);
  });
});
