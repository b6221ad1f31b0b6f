import type { Case } from '../define/case.ts';

/** For tests: the case of a host that answered these probes with these texts. */
export function answeredCase(answers: Readonly<Record<string, string>>, more: Partial<Case> = {}): Case {
  return {
    caseVersion: 1,
    culpritVersion: '0.0.0',
    target: 'root@pve1',
    startedAt: '2026-06-01T00:00:00.000Z',
    durationMs: 5,
    redacted: false,
    complete: true,
    givenSymptoms: [],
    connection: { exitStatus: 0, says: '' },
    outputs: Object.entries(answers).map(([probe, stdout]) => ({ probe, sample: 1, ended: 'done', exitStatus: 0, durationMs: 1, uptimeSeconds: 1, note: '', stdout })),
    ...more,
  };
}
