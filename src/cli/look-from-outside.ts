import type { Case } from '../define/case.ts';
import type { Target } from '../define/target.ts';
import { askReachability, type ReachabilityClock } from '../collect/reachability.ts';

/** Adds what this machine sees of a host that gave no answer. */
export async function lookFromOutside(aCase: Case, target: Extract<Target, { kind: 'ssh' }>, clock: ReachabilityClock): Promise<Case> {
  const output = await askReachability(target, aCase.connection, clock);
  return { ...aCase, outputs: [...aCase.outputs.filter((one) => one.probe !== output.probe), output] };
}
