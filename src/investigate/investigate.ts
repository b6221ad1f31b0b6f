import { collect, type CollectOptions } from '../collect/run.ts';
import type { Case } from '../define/case.ts';
import type { Catalog } from '../define/catalog.ts';
import type { Report } from '../define/report.ts';
import type { Target } from '../define/target.ts';
import { diagnose } from '../diagnose/diagnose.ts';

export interface Investigation {
  readonly case: Case;
  readonly report: Report;
}

export interface InvestigateOptions extends CollectOptions {
  /** Rewrites the case before it is diagnosed, so that the report shows nothing else: redaction. */
  readonly rewrite?: (aCase: Case) => Case;
  /** Asks from outside when a host gives no answer: adds the answers of client probes to the case. */
  readonly lookFromOutside?: (aCase: Case) => Promise<Case>;
}

/** True when not a single question was answered. */
export function isUnreachable(aCase: Case): boolean {
  return aCase.outputs.every((output) => output.ended !== 'done');
}

/** The loop: collect, look from outside where the host gives no answer, diagnose. */
export async function investigate(catalog: Catalog, target: Target, options: InvestigateOptions): Promise<Investigation> {
  const collected = await collect(target, catalog.probes, options);
  const given = [...new Set([...collected.givenSymptoms, ...options.givenSymptoms])];
  const seen = target.kind !== 'case' && isUnreachable(collected) && options.lookFromOutside ? await options.lookFromOutside(collected) : collected;
  const rewritten = (options.rewrite ?? ((same) => same))({ ...seen, givenSymptoms: given });
  return { case: rewritten, report: diagnose(catalog, rewritten) };
}
