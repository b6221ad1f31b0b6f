import { expect, it } from 'vitest';
import { describeScenario } from './descriptions.ts';
import { code, escapeMarkdown } from './markdown.ts';
import { resultsPage, type PageMeta } from './results-page.ts';
import { cause, control, run, verdict } from './testing.ts';

const meta: PageMeta = { date: '2025-01-02', culprit: '0.2.0', knownFailures: [{ scenario: 'gone', note: 'Never *seen*.' }] };
const descriptions = [
  describeScenario({
    name: 'slow-disk',
    subject: 'disk',
    kind: 'fault',
    why: 'One disk is | slow.',
    weight: 'light',
    variants: { mild: {}, strong: {} },
    inject: async () => {},
    check: async () => undefined,
    truth: { first: ['disk-slow'] },
  }),
  { name: 'swap-storm', subject: 'memory', kind: 'fault', why: 'Swap.', suites: ['trixie'], variants: ['mild'] },
] as const;

const results = [
  run({ versions: { culprit: '0.2.0' }, seconds: { boot: 1, inject: 1, settle: 1, investigate: 21.25 } }),
  run({ suite: 'trixie', diagnosedAgain: true, versions: { culprit: '0.2.0' } }),
  run({
    variant: 'strong',
    heldOut: true,
    outcome: 'wrong',
    verdict: verdict([cause('a|b`<script>', 0.6)]),
    failures: ['a|b`<script> leads; disk-slow should.'],
  }),
  control({ outcome: 'error', verdict: undefined, failures: [] }),
];

it('begins with what the lab is not', () => {
  const page = resultsPage(results, descriptions, meta);
  expect(page.startsWith('# Results of the fault lab\n\n## What the lab is not\n')).toBe(true);
  const titles = [...page.matchAll(/^## (.*)$/gm)].map((match) => match[1]);
  expect(titles).toEqual([
    'What the lab is not',
    'What was run',
    'The figures against the bar',
    'Halves and suites',
    'By subject',
    'How far its certainty can be trusted',
    'Time and cost',
    'With experiments',
    'Every failure',
    'Every run',
    'What has no result yet',
    'Versions',
  ]);
});

it('says how the verdicts were made', () => {
  const page = resultsPage(results, descriptions, meta);
  expect(page).toContain('3 runs of 4 ended with a verdict.');
  expect(page).toContain('1 of the verdicts were made live, on the running machine, by the present product (`0.2.0`).');
  expect(page).toContain('1 were made again by the present product');
  expect(page).toContain('1 were made live by an older product');
});

it('says which results it took over, and from which product', () => {
  const page = resultsPage([...results, run({ variant: 'strong', suite: 'trixie', takenOver: true, versions: { culprit: '0.1.9' } })], descriptions, meta);
  expect(page).toContain('4 runs of 5 ended with a verdict.');
  expect(page).toContain('1 of the verdicts were made live, on the running machine, by the present product (`0.2.0`).');
  expect(page).toContain('The results of 1 run are as this page had them before: the cases lie on another machine, so the verdicts are still those of `0.1.9`.');
  expect(page).toMatch(/\| `strong` \| `trixie` \|.*\| earlier \|/);
});

it('lists every run and every failure, with notes, and what has no result', () => {
  const known = [...meta.knownFailures, { scenario: 'slow-disk', variant: 'strong', note: 'Too strong.' }];
  const page = resultsPage(results, descriptions, { ...meta, knownFailures: known });
  expect(page).toContain('| `mild` | `bookworm` | open | right | identified | `disk-slow` | 0.950 | 21.3 | live |');
  expect(page).toContain('2 runs of 4 failed; 1 of them without a note on why.');
  expect(page).toContain('- `slow-disk`, `strong`, `bookworm` (held out): **wrong**\n  - a\\|b\\`\\<script\\> leads; disk-slow should.\n  - Why: Too strong.');
  expect(page).toContain('- `gone`, all variants, both suites: Never \\*seen\\*.');
  expect(page).toContain('**These figures are not yet about all of them**: 1 scenario and 1 variant of others');
  expect(page).toContain('1 scenario without any:\n\n- swap-storm');
  expect(page).toContain('- slow-disk/strong on trixie');
  expect(page).toContain('does not know them any more:\n\n- idle');
  expect(page).toContain('disk, fault. One disk is \\| slow.');
});

it('tells repeated runs apart', () => {
  const page = resultsPage([run({ repeat: 2 }), run()], descriptions, meta);
  expect(page.indexOf('| `mild` | ')).toBeLessThan(page.indexOf('| `mild` (run 2) | '));
});

it('has rows as long as their heads, and no markup of others', () => {
  const page = resultsPage(results, descriptions, meta);
  const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length;
  for (const block of page.trimEnd().split('\n\n').filter((text) => text.startsWith('|'))) {
    expect(new Set(block.split('\n').map(cells)).size).toBe(1);
  }
  expect(page).not.toMatch(/(?<!\\)<script/);
  expect(page).not.toMatch(/undefined|NaN/);
});

it('can be made from nothing', () => {
  const page = resultsPage([], [], { ...meta, knownFailures: [] });
  expect(page).toContain('No run failed.');
  expect(page).not.toMatch(/undefined|NaN/);
});

it('escapes', () => {
  expect(escapeMarkdown('# a\n1. b')).toBe('\\# a 1. b');
  expect(escapeMarkdown('1. a')).toBe('1\\. a');
  expect(escapeMarkdown('[x](y) & \u001B[31m \u202E')).toBe('\\[x\\](y) &amp; \\[31m');
  expect(code('disk/sda')).toBe('`disk/sda`');
  expect(code('a`b')).toBe('a\\`b');
});
