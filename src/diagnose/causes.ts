import type { Cause, EvidenceTerm, SymptomSeen } from '../define/report.ts';
import type { Belief } from './belief.ts';
import type { MatchedIssue } from './known-issues.ts';

/** Evidence weaker than this (a factor of 1.1 to either side) is not worth a line. */
const worthSaying = 0.1;

function byHypothesis(beliefs: readonly Belief[]): Belief[][] {
  const groups = new Map<string, Belief[]>();
  for (const belief of beliefs) groups.set(belief.hypothesis.id, [...(groups.get(belief.hypothesis.id) ?? []), belief]);
  return [...groups.values()].map((group) => group.sort((a, b) => b.probability - a.probability));
}

/** All terms of the most probable object, and what speaks for the others, without repeating the same words. */
function evidenceOf(group: readonly Belief[]): EvidenceTerm[] {
  const [first, ...rest] = group;
  const terms = first!.terms.filter((term) => Math.abs(term.logOdds) >= worthSaying && term.text !== '');
  const texts = new Set(terms.map((term) => term.text));
  for (const belief of rest) {
    for (const term of belief.terms) {
      if (term.logOdds < worthSaying || term.text === '' || texts.has(term.text)) continue;
      texts.add(term.text);
      terms.push(term);
    }
  }
  return terms.sort((a, b) => b.logOdds - a.logOdds);
}

/** Experiments whose outcome speaks for the cause. */
function experimentsFor(group: readonly Belief[]): string[] {
  const ids = group.flatMap((belief) => belief.terms.filter((term) => term.source.kind === 'experiment' && term.logOdds > 0).map((term) => term.source.id));
  return [...new Set(ids)];
}

function describe(group: readonly Belief[], mechanisms: readonly string[], issues: readonly MatchedIssue[]): Cause {
  const first = group[0]!;
  const { hypothesis } = first;
  const explained = new Set(group.flatMap((belief) => belief.explains.map((symptom) => symptom.id)));
  return {
    id: hypothesis.id,
    title: hypothesis.title,
    subject: hypothesis.subject,
    role: hypothesis.role ?? 'cause',
    probability: Math.round(first.probability * 1000) / 1000,
    status: group.some((belief) => belief.identified) ? 'identified' : 'suspected',
    proven: hypothesis.proven,
    explains: [...explained],
    knownIssues: issues
      .filter(({ issue }) => issue.cause === hypothesis.id)
      .map(({ issue }) => ({ id: issue.id, title: issue.title, references: issue.references, mitigations: issue.mitigations })),
    mechanisms: [...mechanisms],
    objects: group.map((belief) => belief.object),
    evidence: evidenceOf(group),
    priorLogOdds: first.priorLogOdds,
    experiments: experimentsFor(group),
    mitigations: [...hypothesis.mitigations],
    references: [...hypothesis.references],
  };
}

/** Believed mechanisms that a cause sets off, by its own account or since both explain the same symptom. */
function chainOf(group: readonly Belief[], mechanisms: readonly Belief[]): string[] {
  const declared = group[0]!.hypothesis.mechanisms ?? [];
  const active = new Set(mechanisms.map((one) => one.hypothesis.id));
  return declared.filter((id) => active.has(id));
}

/** Mechanisms that lead. One that another of them sets off stands behind it, and what it explains is explained by that. */
function describeLeading(groups: readonly (readonly Belief[])[], mechanisms: readonly Belief[], issues: readonly MatchedIssue[]): Cause[] {
  const declaredBy = (group: readonly Belief[]): readonly string[] => group[0]!.hypothesis.mechanisms ?? [];
  const heads = groups.filter((group) => !groups.some((other) => other !== group && declaredBy(other).includes(group[0]!.hypothesis.id)));
  return heads.map((head) => {
    const chain = chainOf(head, mechanisms);
    const cause = describe(head, chain, issues);
    const behind = mechanisms.filter((one) => chain.includes(one.hypothesis.id)).flatMap((one) => one.explains.map((symptom) => symptom.id));
    return { ...cause, explains: [...new Set([...cause.explains, ...behind])] };
  });
}

/**
 * The causes of what was seen, most probable first. A believed hypothesis that explains no seen symptom is not a cause here.
 * A mechanism leads only for symptoms that no cause explains.
 */
export function describeCauses(beliefs: readonly Belief[], seen: readonly SymptomSeen[], issues: readonly MatchedIssue[]): Cause[] {
  const believed = beliefs.filter((belief) => belief.believed && belief.explains.length > 0);
  const mechanisms = believed.filter((belief) => belief.hypothesis.role === 'mechanism');
  const groups = byHypothesis(believed.filter((belief) => belief.hypothesis.role !== 'mechanism'));
  const causes = groups.map((group) => describe(group, chainOf(group, mechanisms), issues));
  const explained = new Set(causes.flatMap((cause) => cause.explains));
  const open = new Set(seen.map((symptom) => symptom.id).filter((id) => !explained.has(id)));
  const leading = byHypothesis(mechanisms).filter((group) => group.some((belief) => belief.explains.some((symptom) => open.has(symptom.id))));
  return [...causes, ...describeLeading(leading, mechanisms, issues)].sort(
    (a, b) => rank(b) - rank(a) || b.probability - a.probability || strengthOf(b) - strengthOf(a),
  );
}

function rank(cause: Cause): number {
  return (cause.role === 'cause' ? 2 : 0) + (cause.status === 'identified' ? 1 : 0);
}

/** Among equally probable causes the one that explains more, then the one with more evidence, comes first. */
function strengthOf(cause: Cause): number {
  return cause.explains.length * 100 + cause.evidence.reduce((sum, term) => sum + term.logOdds, 0);
}
