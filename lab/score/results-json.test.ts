import { expect, it } from 'vitest';
import { parseKnownFailures, withoutFailingRun } from './known-failures.ts';
import { parseResults, serialiseResults } from './results-json.ts';
import { control, run, verdict } from './testing.ts';

const results = [
  run({ scenario: 'z', versions: { zfs: '2.1.11', culprit: '0.1.0' } }),
  run({ variant: 'strong', suite: 'trixie', outcome: 'not-injected', verdict: undefined, hostCpuSeconds: undefined, failures: ['No.'] }),
  run({ variant: 'strong', outcome: 'wrong', verdict: verdict([]), failures: ['No cause.'] }),
  control({ truth: { first: [], allowed: ['a'], objects: { a: 'b' } } }),
];

it('reads what it wrote, and writes it the same in any order', () => {
  const text = serialiseResults(results);
  expect(serialiseResults(results.toReversed())).toBe(text);
  expect(serialiseResults(parseResults(text))).toBe(text);
  expect(parseResults(text).map((one) => `${one.scenario} ${one.variant} ${one.suite}`)).toEqual([
    'idle mild bookworm',
    'slow-disk strong bookworm',
    'slow-disk strong trixie',
    'z mild bookworm',
  ]);
  expect(parseResults(text)).toEqual(expect.arrayContaining([expect.objectContaining({ truth: results[3]!.truth })]));
});

it('refuses what makes no sense', () => {
  expect(() => parseResults('{"schemaVersion":2,"results":[]}')).toThrow('schemaVersion');
  expect(() => serialiseResults([run({ failures: ['It is wrong.'] })])).toThrow('exactly when');
  expect(() => serialiseResults([run({ outcome: 'wrong', failures: ['x'], verdict: undefined })])).toThrow('has a verdict');
});

it('reports notes without a failing run', () => {
  const known = parseKnownFailures(
    JSON.stringify([
      { scenario: 'slow-disk', suite: 'bookworm', note: 'Known.' },
      { scenario: 'z', note: 'Gone.' },
      { scenario: 'slow-disk', variant: 'mild', note: 'No such run.' },
    ]),
  );
  expect(withoutFailingRun(known, results).map((entry) => entry.note)).toEqual(['Gone.', 'No such run.']);
  expect(() => parseKnownFailures('[{"scenario":"a"}]')).toThrow('note');
});
