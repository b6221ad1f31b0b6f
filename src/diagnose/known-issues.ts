import type { Catalog } from '../define/catalog.ts';
import type { KnownIssue } from '../define/known-issue.ts';
import type { EvidenceTerm } from '../define/report.ts';
import { matchIssue } from './issues/match.ts';
import type { Readings } from './readings.ts';
import type { Weighed } from './weigh.ts';

/** A known issue whose signs hold on this host. */
export interface MatchedIssue {
  readonly issue: KnownIssue;
  readonly strength: 'decisive' | 'strong' | 'weak';
  readonly text: string;
  readonly excerpt: string;
}

/** Likelihood ratios of a matched issue for the cause that it refines, by the strength of its strongest sign. */
const ratios = { decisive: 2000, strong: 30, weak: 3 } as const;

function termOf(match: MatchedIssue): EvidenceTerm {
  return {
    text: `Known issue ${match.issue.id}, ${match.issue.title}: ${match.text}.`,
    logOdds: Math.log(ratios[match.strength]),
    decisive: match.strength === 'decisive',
    source: { kind: 'known-issue', id: match.issue.id, vantage: 'host' },
    excerpt: match.excerpt,
  };
}

/**
 * Adds the strongest matched issue of each cause to its evidence: counted once, and less where the cause has decisive
 * evidence of its own, since both then rest on the same signs. A cause with several objects gets it for the one that
 * its own evidence favours, and only if it favours one.
 */
function adjustWith(matched: readonly MatchedIssue[]): (weighed: readonly Weighed[]) => readonly Weighed[] {
  const strongest = new Map<string, MatchedIssue>();
  for (const match of matched) {
    const known = strongest.get(match.issue.cause);
    if (!known || ratios[match.strength] > ratios[known.strength]) strongest.set(match.issue.cause, match);
  }
  return (weighed) => {
    const adjusted = [...weighed];
    for (const [cause, match] of strongest) {
      const about = weighed.filter((one) => one.hypothesis.id === cause && one.ruledOut === undefined);
      const best = about.toSorted((a, b) => b.evidenceLogOdds - a.evidenceLogOdds)[0];
      if (!best || (about.length > 1 && best.evidenceLogOdds <= 0)) continue;
      const full = termOf(match);
      const term = best.decisive ? { ...full, logOdds: full.logOdds / 4 } : full;
      adjusted[weighed.indexOf(best)] = {
        ...best,
        terms: [...best.terms, term],
        evidenceLogOdds: best.evidenceLogOdds + term.logOdds,
        decisive: best.decisive || term.decisive,
      };
    }
    return adjusted;
  };
}

/** The known issues that show on this host, and what they add to the evidence of the causes that they refine. */
export function withKnownIssues(
  catalog: Catalog,
  readings: Readings,
): { matched: readonly MatchedIssue[]; adjust: (weighed: readonly Weighed[]) => readonly Weighed[] } {
  const versions = readings.read(catalog.runningVersions);
  const running = versions.status === 'ok' ? versions.value : undefined;
  const matched = catalog.issues.flatMap((issue) => {
    const match = matchIssue(issue, readings, running);
    if (!match.matched) return [];
    const text = match.held.map((sign) => sign.says.replace(/\.$/, '')).join('; ');
    return [{ issue, strength: match.strength, text, excerpt: match.held.find((sign) => sign.excerpt)?.excerpt ?? '' }];
  });
  return { matched, adjust: adjustWith(matched) };
}
