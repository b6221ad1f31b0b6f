import type { Case } from '../define/case.ts';
import { leftBehindNote } from '../define/case.ts';
import type { Catalog } from '../define/catalog.ts';
import type { Experiment, RiskClass } from '../define/experiment.ts';
import type { Clock } from '../collect/run.ts';
import type { Candidate } from '../diagnose/plan/candidates.ts';
import { planExperiment, type Plan } from '../diagnose/plan/plan-experiment.ts';
import { experimentBytes } from '../diagnose/readings.ts';
import { runExperiment, type ExperimentRun, type HostTarget, type RunOptions } from '../experiment/run.ts';

export type ExperimentEvent =
  | { readonly kind: 'begins'; readonly experiment: Experiment; readonly says: string }
  | { readonly kind: 'ended'; readonly experiment: Experiment; readonly run: ExperimentRun }
  | { readonly kind: 'no more'; readonly because: NonNullable<Plan['stop']>; readonly refused: Plan['refused'] };

export interface ExperimentOptions {
  readonly risk: RiskClass;
  readonly budgetSeconds: number;
  readonly onEvent?: (event: ExperimentEvent) => void;
}

/** What the runner needs to know of an experiment on a host with these facts. */
export function hostScriptOf({ experiment: { id, spec }, facts }: Candidate): Omit<RunOptions, 'signal'> {
  const known = facts as never;
  return { id, sh: spec.sh(known), cleanUp: spec.cleanUp(known), abortWhen: spec.abortWhen(known), limitSeconds: spec.limitSeconds, maxBytes: experimentBytes };
}

/**
 * Runs experiments on a host, one after the other, as long as the next is worth its cost, and gives the case with what they measured. What could not be removed stands in the
 * note of the answer.
 */
export async function experimentOn(catalog: Catalog, target: HostTarget, aCase: Case, { risk, budgetSeconds, onEvent }: ExperimentOptions, { clock, signal }: { clock: Clock; signal?: AbortSignal | undefined }): Promise<Case> {
  let current = aCase;
  let leftSeconds = budgetSeconds;
  for (;;) {
    if (signal?.aborted === true) break;
    const plan = planExperiment(catalog, current, { risk, budgetSeconds: leftSeconds });
    if (plan.next === undefined) {
      onEvent?.({ kind: 'no more', because: plan.stop ?? 'nothing to ask', refused: plan.refused });
      break;
    }
    const { experiment, says } = plan.next;
    onEvent?.({ kind: 'begins', experiment, says });
    const startedMs = clock.monotonicMs();
    const run = await runExperiment(target, { ...hostScriptOf(plan.next), ...(signal === undefined ? {} : { signal }) });
    const tookMs = clock.monotonicMs() - startedMs;
    leftSeconds -= tookMs / 1_000;
    onEvent?.({ kind: 'ended', experiment, run });
    const output = run.left.length === 0 ? run.output : { ...run.output, note: `${leftBehindNote}${run.left.join('; ')}` };
    current = { ...current, durationMs: current.durationMs + tookMs, outputs: [...current.outputs, output] };
  }
  return current;
}
