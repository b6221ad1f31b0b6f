import type { RunResult } from '../define.ts';
import type { NamedCause, Verdict } from '../judge.ts';

/** A made-up cause for tests; `identified` from 0.9 unless told otherwise. */
export function cause(id: string, probability = 0.95, changes: Partial<NamedCause> = {}): NamedCause {
  return { id, probability, status: probability >= 0.9 ? 'identified' : 'suspected', objects: ['host'], ...changes };
}

/** A made-up verdict whose status follows from its causes. */
export function verdict(causes: readonly NamedCause[], changes: Partial<Verdict> = {}): Verdict {
  return { status: causes[0]?.status ?? 'healthy', summary: 'A summary.', causes, noticed: [], symptoms: [], ...changes };
}

/** A made-up run: a right one of the fault `disk-slow`, unless told otherwise. */
export function run(changes: Partial<RunResult> = {}): RunResult {
  const scenario = changes.scenario ?? 'slow-disk';
  return {
    scenario,
    variant: 'mild',
    suite: 'bookworm',
    repeat: 1,
    subject: 'disk',
    kind: 'fault',
    family: scenario,
    heldOut: false,
    outcome: 'right',
    failures: [],
    truth: { first: ['disk-slow'] },
    verdict: verdict([cause('disk-slow')]),
    seconds: { boot: 4, inject: 2, settle: 10, investigate: 20 },
    hostCpuSeconds: 1.5,
    attempts: 1,
    startedAt: '2025-01-01T00:00:00Z',
    scenarioHash: 'a1',
    imageHash: 'b2',
    versions: { culprit: '0.1.0', zfs: '2.1.11' },
    diagnosedAgain: false,
    ...changes,
  };
}

/** A made-up control that found nothing, unless told otherwise. */
export function control(changes: Partial<RunResult> = {}): RunResult {
  return run({ scenario: 'idle', kind: 'control', subject: 'meter', truth: { first: [] }, verdict: verdict([]), ...changes });
}
