import { describe, expect, it } from 'vitest';
import type { Report } from '../define/report.ts';
import { triedIn } from './experiments.ts';

const finding = (id: string, outcome: string, more: Partial<Report['experiments'][number]> = {}): Report['experiments'][number] => ({ id, title: `Title of ${id}`, outcome, text: 'So much.', ...more });
const tried = (...experiments: Report['experiments']) => triedIn({ experiments } as Report);

describe('experiments in a report', () => {
  it('are one each, in the order in which they were run, with all that they found', () => {
    const list = tried(finding('reads', 'quick'), finding('copy', 'slow'), finding('reads', 'slow'));
    expect(list.map(({ title, findings }) => [title, findings.map(({ outcome }) => outcome)])).toEqual([['Title of reads', ['quick', 'slow']], ['Title of copy', ['slow']]]);
  });

  it('say once what they speak for and against', () => {
    const [one] = tried(finding('reads', 'quick', { speaksAgainst: ['disk-slow', 'smr-drive'] }), finding('reads', 'quick', { speaksAgainst: ['disk-slow'] }));
    expect(one?.tells).toBe('Speaks against disk-slow, smr-drive.');
  });

  it('clear no cause that another finding speaks for', () => {
    const [one] = tried(finding('reads', 'quick', { speaksAgainst: ['disk-slow', 'smr-drive'] }), finding('reads', 'slow', { speaksFor: ['disk-slow'] }));
    expect(one?.tells).toBe('Speaks for disk-slow. Speaks against smr-drive.');
  });

  it('of older reports tell nothing of causes', () => expect(tried(finding('reads', 'quick'))[0]?.tells).toBe(''));
});
