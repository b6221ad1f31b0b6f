import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KnownIssue } from '../define/known-issue.ts';
import { toResult } from '../define/result.ts';
import type { Source } from '../define/source.ts';
import { runningVersionsSchema, type RunningVersions } from '../define/versions.ts';
import { evaluate, variableName, type Values } from '../diagnose/issues/expression.ts';
import { loadIssue } from '../diagnose/issues/load.ts';
import { matchIssueOn, type IssueMatch } from '../diagnose/issues/match.ts';
import { facts, hypotheses, probes } from './catalog.generated.ts';

/** Every known issue is tested by the examples that it carries, against the sources that exist. */

const folder = import.meta.dirname;
const sources = [...probes, ...facts] as readonly Source[];
const causes = new Set(['none', ...(hypotheses as readonly { id: string }[]).map((hypothesis) => hypothesis.id)]);
const files = globSync('*/issues/*.issue.md', { cwd: folder }).sort();

function valuesOf(given: Record<string, unknown>): Values {
  return new Map(Object.entries(given).map(([name, value]) => [name, toResult(value)]));
}

function match(issue: KnownIssue, given: Record<string, unknown>): IssueMatch {
  const versions = given['versions'] as RunningVersions | undefined;
  if (versions !== undefined) expect(runningVersionsSchema.safeParse(versions).error?.message).toBeUndefined();
  return matchIssueOn(issue, valuesOf(given), versions);
}

/** Reasons other than a source that the example leaves out. */
function mistakes(issue: KnownIssue, given: Record<string, unknown>): string[] {
  return issue.signs.flatMap(({ when }) => {
    const verdict = evaluate(when, valuesOf(given));
    return verdict.value === 'cannot tell' && verdict.missing.length === 0 ? [`${when}: ${verdict.reason}`] : [];
  });
}

const loaded = files.map((file) => ({ file, result: loadIssue(readFileSync(join(folder, file), 'utf8'), file, sources) }));
const issues = loaded.flatMap(({ result }) => ('issue' in result ? [result.issue] : []));

describe('known issues', () => {
  it('are many, and each id is used once', () => {
    const ids = issues.map((issue) => issue.id);
    expect(ids.length).toBeGreaterThanOrEqual(70);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});

describe.each(loaded)('$file', ({ file, result }) => {
  it('is understood', () => expect('problems' in result ? result.problems : []).toEqual([]));
  if ('problems' in result) return;
  const { issue } = result;
  it('is named by its id, refines a cause and says what it is', () => {
    expect(basename(file).startsWith(`${issue.id.toLowerCase()}-`)).toBe(true);
    expect(causes).toContain(issue.cause);
    expect(issue.prose.length).toBeGreaterThan(100);
  });
  it('its examples name sources that exist', () => {
    const names = new Set(sources.map((source) => variableName(source.id)));
    const given = [...issue.examples.match, ...issue.examples.noMatch].flatMap((example) => Object.keys(example.given));
    expect(given.filter((name) => !names.has(name) && name !== 'versions')).toEqual([]);
  });
  it.each(issue.examples.match)('matches: $name', ({ given }) => {
    expect(match(issue, given)).toMatchObject({ matched: true });
    expect(mistakes(issue, given)).toEqual([]);
  });
  it.each(issue.examples.noMatch)('does not match: $name', ({ given }) => {
    expect(match(issue, given)).toMatchObject({ matched: false });
  });
  it('does not match a host of which nothing could be read', () => {
    expect(matchIssueOn(issue, new Map(), undefined).matched).toBe(false);
  });
});
