import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { KnownIssue } from '../../define/known-issue.ts';
import { defineFact } from '../../define/fact.ts';
import { absent, failed } from '../../define/result.ts';
import type { RunningVersions } from '../../define/versions.ts';
import { readingsOfValues } from '../readings.ts';
import { matchIssue } from './match.ts';

const log = defineFact({
  id: 'kernel-log',
  title: 'Kernel log',
  needs: {},
  schema: z.object({ lines: z.array(z.string()) }),
  derive: () => absent('example'),
  examples: [],
});
const issue: KnownIssue = {
  id: 'EX-1',
  title: 'Example',
  cause: 'none',
  affected: [{ component: 'kernel', flavour: 'proxmox', from: '6.8.4-1', fixed: '6.8.8-1' }],
  signs: [
    { when: 'kernelLog.lines.exists(l, l.matches("oops in foo"))', strength: 'decisive', says: 'the kernel crashed in foo' },
    { when: 'kernelLog.lines.exists(l, l.contains("foo is slow"))', strength: 'strong', says: 'foo is slow' },
    { when: 'kernelLog.lines.exists(l, l.contains("bar"))', strength: 'weak', says: 'bar' },
    { when: 'kernelLog.lines.exists(l, l.contains("baz"))', strength: 'weak', says: 'baz' },
  ],
  refutedBy: [{ when: 'kernelLog.lines.exists(l, l.contains("foo was patched"))', says: 'foo was patched' }],
  mitigations: ['Update.'],
  references: ['example/example 1'],
  examples: { match: [], noMatch: [] } as unknown as KnownIssue['examples'],
  prose: '',
  file: 'ex-1.issue.md',
};
const versions = (version: string): RunningVersions => ({ kernel: { release: `${version}-pve`, version, flavour: 'proxmox' }, qemu: [] });
const match = (value: unknown, running: RunningVersions | undefined = versions('6.8.4-4'), of: KnownIssue = issue) =>
  matchIssue(of, readingsOfValues(new Map([[log, value]])), running);

describe('matchIssue', () => {
  it('matches on a decisive sign, with its words', () => {
    expect(match({ lines: ['[1] oops in foo+0x12'] })).toMatchObject({
      matched: true,
      strength: 'decisive',
      held: [{ says: 'the kernel crashed in foo', excerpt: '[1] oops in foo+0x12' }],
      eligibility: { eligible: true },
    });
  });
  it('matches on a strong sign or on two weak ones, not on one', () => {
    expect(match({ lines: ['foo is slow'] })).toMatchObject({ matched: true, strength: 'strong' });
    expect(match({ lines: ['bar', 'baz'] })).toMatchObject({ matched: true, strength: 'weak' });
    expect(match({ lines: ['bar'] })).toMatchObject({ matched: false });
  });
  it('never matches by the version alone', () => expect(match({ lines: [] }).matched).toBe(false));
  it('does not match where the version is not affected', () => {
    expect(match({ lines: ['oops in foo'] }, versions('6.8.8-1'))).toMatchObject({ matched: false, held: [] });
  });
  it('does not match what is refuted', () => {
    expect(match({ lines: ['oops in foo', 'foo was patched'] })).toMatchObject({ matched: false, refuted: 'foo was patched' });
  });
  it('needs a decisive sign where versions are not known', () => {
    expect(matchIssue(issue, readingsOfValues(new Map([[log, { lines: ['foo is slow'] }]])), undefined).matched).toBe(false);
    expect(matchIssue(issue, readingsOfValues(new Map([[log, { lines: ['oops in foo'] }]])), undefined).matched).toBe(true);
  });
  it('lists signs that could not be looked at', () => {
    const outcome = match(failed('not-permitted', 'needs root'));
    expect(outcome.matched).toBe(false);
    expect(outcome.undecided[0]).toEqual({ says: 'the kernel crashed in foo', reason: 'kernelLog could not be read: needs root' });
    expect(match(absent('there is no log'))).toMatchObject({ matched: false, undecided: [] });
  });
});
