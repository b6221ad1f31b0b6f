import { reservedExitStatus, type ProbeOutput } from '../define/case.ts';

/** The answer of the client's probe `chosen-guest`: which guest the user allows to be frozen, if any. */
export function chosenGuest(freeze: string | undefined): ProbeOutput {
  const answer = freeze === undefined ? { exitStatus: reservedExitStatus.absent, stdout: 'no guest was named with --freeze\n' } : { exitStatus: 0, stdout: `freeze ${freeze}\n` };
  return { probe: 'chosen-guest', sample: 1, ended: 'done', durationMs: 0, uptimeSeconds: 0, note: '', ...answer };
}
