import { baselineDifferencesSchema } from '../../define/comparison.ts';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';

const answer = {
  takenAt: '2026-01-02T03:04:05.000Z',
  sameHost: true,
  differences: [
    {
      kind: 'version', suspicion: 'medium', weight: 69, subject: 'kernel', text: 'The running kernel changed from 6.1.170-3 to 6.1.176-1',
      source: { kind: 'fact', id: 'versions' }, path: ['kernel', 'version'], before: '6.1.170-3', after: '6.1.176-1',
    },
  ],
  further: 0,
} as const;

/** What the client found when it compared the host with the baseline that it keeps of it. Nothing runs on the host for it. */
export default defineProbe({
  id: 'baseline-differences',
  title: 'What differs from the stored baseline of this host',
  subject: 'kernel',
  vantage: 'client',
  sh: '',
  maxBytes: 262_144,
  schema: baselineDifferencesSchema,
  parse: (stdout) => {
    try {
      const checked = baselineDifferencesSchema.safeParse(JSON.parse(stdout));
      return checked.success ? checked.data : unparsable('not what a comparison with a baseline gives');
    } catch {
      return unparsable('not JSON');
    }
  },
  examples: [
    { from: 'documented', where: 'culprit investigate of a host with a baseline: src/investigate/baseline.ts', stdout: JSON.stringify(answer), expect: { takenAt: '2026-01-02T03:04:05.000Z', differences: [{ kind: 'version', weight: 69 }], further: 0 } },
    { from: 'documented', where: 'cut short', stdout: JSON.stringify(answer).slice(0, 80), expect: 'unparsable' },
    { from: 'documented', where: 'something else', stdout: '{"takenAt":"yesterday"}', expect: 'unparsable' },
  ],
});
