import type { Catalog } from '../define/catalog.ts';
import type { KnownIssue } from '../define/known-issue.ts';
import type { Readings } from './readings.ts';
import type { Weighed } from './weigh.ts';

/** A known issue whose signs hold on this host. */
export interface MatchedIssue {
  readonly issue: KnownIssue;
  readonly strength: 'decisive' | 'strong' | 'weak';
  readonly text: string;
  readonly excerpt: string;
}

export function withKnownIssues(
  _catalog: Catalog,
  _readings: Readings,
): { matched: readonly MatchedIssue[]; adjust: (weighed: readonly Weighed[]) => readonly Weighed[] } {
  return { matched: [], adjust: (weighed) => weighed };
}
