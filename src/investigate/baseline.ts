import { compareReadings } from '../compare/compare.ts';
import { reservedExitStatus, type Case, type ProbeOutput } from '../define/case.ts';
import type { Catalog } from '../define/catalog.ts';
import { maxBaselineDifferences, type BaselineDifferences } from '../define/comparison.ts';
import { readingsOfCase } from '../diagnose/readings.ts';

type Rewrite = (aCase: Case) => Case;

/** What is suspicious about what differs between the baseline of a host and a case of it. */
export function differencesFrom(catalog: Catalog, baseline: Case, aCase: Case): BaselineDifferences | undefined {
  if (catalog.comparison === undefined) return undefined;
  const { sameHost, differences } = compareReadings(catalog, catalog.comparison, readingsOfCase(catalog, baseline), readingsOfCase(catalog, aCase));
  const suspicious = differences.filter(({ suspicion }) => suspicion !== 'low');
  const told = suspicious.slice(0, maxBaselineDifferences);
  return { takenAt: baseline.startedAt, sameHost, differences: told, further: suspicious.length - told.length };
}

/**
 * Rewrites a case, and adds what differs from its host's baseline as an answer of the asking machine, so that a saved case tells it again. Both are
 * rewritten together: the same name becomes the same word in both, and what only the baseline names is not forgotten.
 */
export function withBaseline(catalog: Catalog, aCase: Case, baseline: Case | 'none' | undefined, rewrite: Rewrite): Case {
  const id = catalog.comparison?.fromBaseline.id;
  if (id === undefined || baseline === undefined) return rewrite(aCase);
  const others = aCase.outputs.filter(({ probe }) => probe !== id);
  if (baseline === 'none') return rewrite({ ...aCase, outputs: [...others, answer(id, undefined)] });
  const both = rewrite({ ...aCase, outputs: [...others, ...baseline.outputs] });
  const rewritten = { ...both, outputs: both.outputs.slice(0, others.length) };
  const found = differencesFrom(catalog, { ...baseline, outputs: both.outputs.slice(others.length) }, rewritten);
  return { ...rewritten, outputs: [...rewritten.outputs, answer(id, found)] };
}

function answer(probe: string, found: BaselineDifferences | undefined): ProbeOutput {
  const said = found === undefined ? { exitStatus: reservedExitStatus.absent, stdout: 'no comparison with a baseline was asked for\n' } : { exitStatus: 0, stdout: `${JSON.stringify(found)}\n` };
  return { probe, sample: 1, ended: 'done', durationMs: 0, uptimeSeconds: 0, note: '', ...said };
}
