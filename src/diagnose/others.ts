import type { Cause, Report } from '../define/report.ts';
import type { Belief } from './belief.ts';
import type { MatchedIssue } from './known-issues.ts';
import type { MissingEvidence } from './weigh.ts';

export type Others = Pick<Report, 'alsoNoticed' | 'ruledOut' | 'unknown'>;

/** Evidence that makes a cause ten times less probable rules it out, unless something decisive could not be read. */
const againstFrom = -Math.log(10);

/** The strongest thing that speaks for it, as a sentence. */
function noticed(belief: Belief): string {
  const best = [...belief.terms].sort((a, b) => b.logOdds - a.logOdds)[0];
  return best?.text || belief.hypothesis.title;
}

/** A decisive sign that is there is told, even where usual symptoms are missing and make the cause improbable. */
function hasDecisiveSign(belief: Belief): boolean {
  return belief.ruledOut === undefined && belief.decisive && belief.evidenceLogOdds > 0;
}

function whyNot(belief: Belief): string {
  const against = belief.terms.filter((term) => term.logOdds < 0 && term.text !== '').sort((a, b) => a.logOdds - b.logOdds)[0];
  if (against) return against.text;
  const looked = belief.terms.length;
  return looked === 1 ? 'its sign was looked for and is not there' : `none of its ${looked} signs is there`;
}

function whatIsMissing(belief: Belief): string {
  const lost = belief.missing.filter((one) => one.result.status === 'failed' && one.result.reason === 'connection-lost');
  if (lost.length > 0 && lost.length === belief.missing.length) return `an answer of the host (${lost[0]!.result.detail})`;
  const texts = belief.missing.map((one: MissingEvidence) => {
    const title = one.source?.title ?? 'evidence';
    return `${title} (${one.result.detail})`;
  });
  const unique = [...new Set(texts)];
  if (belief.hypothesis.settledBy) unique.unshift(belief.hypothesis.settledBy);
  return unique.length > 0 ? unique.join('; ') : 'its signs are neither clearly there nor clearly absent';
}

/**
 * What is not a cause of the symptoms, in the three values: noticed besides, ruled out, or open. One entry for each
 * hypothesis: it is ruled out only when it is for all of its objects.
 */
export function judgeOthers(beliefs: readonly Belief[], causes: readonly Cause[], issues: readonly MatchedIssue[]): Others {
  const named = new Set(causes.flatMap((cause) => [cause.id, ...cause.mechanisms]));
  const groups = new Map<string, Belief[]>();
  for (const belief of beliefs) {
    if (!named.has(belief.hypothesis.id)) groups.set(belief.hypothesis.id, [...(groups.get(belief.hypothesis.id) ?? []), belief]);
  }
  const others: Others = { alsoNoticed: [], ruledOut: [], unknown: [] };
  for (const group of groups.values()) {
    const { hypothesis } = group[0]!;
    const { id, title, subject } = hypothesis;
    const believed = group.filter((belief) => belief.believed || hasDecisiveSign(belief));
    const open = group.filter((belief) => belief.ruledOut === undefined);
    if (believed.length > 0) {
      const text = noticed(believed.sort((a, b) => b.probability - a.probability)[0]!);
      others.alsoNoticed.push({ id, title, text, objects: believed.map((belief) => belief.object), urgency: hypothesis.urgency });
    } else if (open.length === 0) {
      others.ruledOut.push({ id, title, subject, because: group[0]!.ruledOut ?? '' });
    } else {
      const best = open.sort((a, b) => b.priorLogOdds + b.evidenceLogOdds - a.priorLogOdds - a.evidenceLogOdds)[0]!;
      const couldDecide = open.some((belief) => belief.missing.some((one) => one.decisive)) || hypothesis.settledBy !== undefined;
      if (best.evidenceLogOdds <= againstFrom || (best.evidenceLogOdds < 0 && !couldDecide && best.terms.length > 0 && best.missing.length === 0)) {
        if (!couldDecide) {
          others.ruledOut.push({ id, title, subject, because: whyNot(best) });
          continue;
        }
      }
      others.unknown.push({ id, title, subject, missing: whatIsMissing(best) });
    }
  }
  const told = new Set([...named, ...others.alsoNoticed.map((notice) => notice.id)]);
  for (const { issue, text } of issues) {
    if (told.has(issue.cause)) continue;
    others.alsoNoticed.push({ id: issue.id, title: issue.title, text, objects: ['host'], urgency: 'window' });
  }
  return others;
}
