import type { Clock } from '../collect/run.ts';
import type { Case } from '../define/case.ts';
import type { OthersSeen } from '../define/reachability.ts';
import type { Target } from '../define/target.ts';
import { askReachability } from '../collect/reachability.ts';

/** Adds what this machine sees of a host that gave no answer, and what is known of it from watching others. */
export async function lookFromOutside(aCase: Case, target: Extract<Target, { kind: 'ssh' }>, clock: Clock, others?: OthersSeen): Promise<Case> {
  const output = await askReachability(target, aCase.connection, clock, others);
  return { ...aCase, outputs: [...aCase.outputs.filter((one) => one.probe !== output.probe), output] };
}
