import { expect, it } from 'vitest';
import { experimentsSection } from './page-experiments.ts';
import { cause, control, run, verdict } from './testing.ts';

const wrong = { outcome: 'wrong', failures: ['x'], verdict: verdict([cause('cpu-saturated', 0.6)]) } as const;
const plain = [run(wrong), run({ variant: 'strong' }), control()];

it('says what to do when nothing was tried yet', () => expect(experimentsSection(plain, [])).toContain('`npm run lab -- experiments`'));

it('compares the same runs without and with experiments, and says what each brought', () => {
  const tried = [
    run({ experiments: [{ id: 'timed-reads', outcome: 'slow', seconds: 8 }, { id: 'timed-reads', outcome: 'quick', seconds: 8 }], seconds: { boot: 1, inject: 1, settle: 1, investigate: 30 } }),
    run({ ...wrong, variant: 'strong', experiments: [{ id: 'timed-reads', outcome: 'slow', seconds: 10 }] }),
    control({ experiments: [] }),
    run({ scenario: 'never-run-without', experiments: [] }),
  ];
  const text = experimentsSection(plain, tried);
  expect(text).toContain('3 runs of those above');
  expect(text).toContain('In 2 of them the product tried something');
  expect(text).toContain('| Top-1 | 1 of 2, 50.0 % | 1 of 2, 50.0 % |');
  expect(text).toContain('| `timed-reads` | 2 | 9.0 s | slow (2), quick (1) | 1 | 1 |');
});
