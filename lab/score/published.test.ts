import { expect, it } from 'vitest';
import { jobName, type Job, type LoadedScenario } from '../scenarios.ts';
import { stillPublished, withoutResult } from './published.ts';
import { run } from './testing.ts';

const scenario = { name: 'slow-disk', hash: 'a1' } as LoadedScenario;
const job = (changes: Partial<Job> = {}): Job => ({ scenario, variant: 'mild', suite: 'bookworm', repeat: 1, ...changes });

it('takes over what was published, marked, and keeps what it said', () => {
  expect(stillPublished([run()], [job()], [])).toEqual([{ ...run(), takenOver: true }]);
});

it.each([
  ['this machine ran it itself', [job()], [run({ outcome: 'wrong', failures: ['Wrong.'] })]],
  ['its scenario has changed since', [job({ scenario: { ...scenario, hash: 'b2' } })], []],
  ['its scenario is no more', [], []],
])('leaves a published result out when %s', (_, jobs, own) => {
  expect(stillPublished([run()], jobs, own)).toEqual([]);
});

it('tells runs apart by suite, repetition, and whether experiments were allowed', () => {
  const jobs = [job(), job({ experiments: true }), job({ repeat: 2 }), job({ suite: 'trixie' })];
  const published = [run(), run({ experiments: [] }), run({ repeat: 2 }), run({ suite: 'trixie' })];
  for (const own of published) expect(stillPublished(published, jobs, [own])).toHaveLength(3);
});

it('knows which jobs have no result: those that never ran, and those that did not come to a verdict', () => {
  const jobs = [job(), job({ suite: 'trixie' }), job({ variant: 'strong' }), job({ variant: 'odd' })];
  const known = [run(), run({ suite: 'trixie', outcome: 'not-injected', failures: ['No.'] }), run({ variant: 'strong', outcome: 'wrong', failures: ['Wrong.'] })];
  expect(withoutResult(jobs, known).map(jobName)).toEqual(['slow-disk.mild.trixie', 'slow-disk.odd.bookworm']);
});
