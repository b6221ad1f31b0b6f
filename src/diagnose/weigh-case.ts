import type { Case } from '../define/case.ts';
import type { Catalog } from '../define/catalog.ts';
import { symptomIds, type SymptomId } from '../define/ids.ts';
import { believe, type Belief } from './belief.ts';
import { withKnownIssues, type MatchedIssue } from './known-issues.ts';
import { withChanges, type ChangesRead } from './changes.ts';
import { readingsOfCase, type Readings } from './readings.ts';
import { findSymptoms, type SymptomFindings } from './symptoms.ts';

/** What a case says by itself: the symptoms, and what is believed of each possible cause. The report tells it; the planner asks what would change it. */
export interface WeighedCase {
  readonly readings: Readings;
  readonly symptoms: SymptomFindings;
  readonly issues: readonly MatchedIssue[];
  readonly beliefs: readonly Belief[];
  /** What changed, and when the trouble began, as far as the host remembers. */
  readonly changes: ChangesRead;
}

function isSymptomId(id: string): id is SymptomId {
  return (symptomIds as readonly string[]).includes(id);
}

/** Reads a case, finds its symptoms, and weighs all hypotheses. */
export function weighCase(catalog: Catalog, aCase: Pick<Case, 'outputs' | 'givenSymptoms'>): WeighedCase {
  const readings = readingsOfCase(catalog, aCase);
  const symptoms = findSymptoms(catalog.symptoms, readings, aCase.givenSymptoms.filter(isSymptomId));
  const issues = withKnownIssues(catalog, readings);
  const changes = withChanges(catalog, readings);
  const adjust: typeof issues.adjust = (weighed) => changes.adjust(issues.adjust(weighed));
  return { readings, symptoms, issues: issues.matched, beliefs: believe(catalog.hypotheses, readings, symptoms.nodes, adjust), changes };
}
