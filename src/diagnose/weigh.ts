import type { Finding } from '../define/experiment.ts';
import type { Hypothesis, Likelihood, ObjectRef, Tested } from '../define/hypothesis.ts';
import type { EvidenceTerm, SourceRef } from '../define/report.ts';
import type { Absent, Failed } from '../define/result.ts';
import type { Source } from '../define/source.ts';
import { attempt, factsOf, type Readings } from './readings.ts';

/** A piece of evidence that could not be had. */
export interface MissingEvidence {
  readonly source: Source | undefined;
  readonly result: Absent | Failed;
  readonly decisive: boolean;
}

/** One hypothesis about one object, with all that speaks for and against it. */
export interface Weighed {
  readonly hypothesis: Hypothesis;
  readonly object: string;
  /** The same with what else the hypothesis knows of it. */
  readonly ref: ObjectRef;
  readonly priorLogOdds: number;
  readonly terms: readonly EvidenceTerm[];
  /** What it brings, in the way in which it is seen to act. */
  readonly explains: Hypothesis['explains'];
  /** Sum of the terms, without the prior. */
  readonly evidenceLogOdds: number;
  /** The part of it that rests on a meeting in time alone: it counts, but convicts nobody. */
  readonly circumstantialLogOdds?: number;
  /** A decisive sign holds. */
  readonly decisive: boolean;
  readonly ruledOut: string | undefined;
  readonly missing: readonly MissingEvidence[];
}

interface RawTerm {
  readonly term: EvidenceTerm;
  readonly group: string;
}

/** Weight of evidence of an outcome, in natural log-odds (I. J. Good, Probability and the Weighing of Evidence, 1950). */
export function weightOf(likelihood: Likelihood): number {
  return Math.log(likelihood.ifCause / likelihood.otherwise);
}

/**
 * Evidence of one group tends to say the same thing again. Within a group and a direction the strongest term counts whole
 * and the k-th strongest by 1/√k, so that n equal terms grow like √n.
 */
export function damp(raw: readonly RawTerm[]): EvidenceTerm[] {
  const groups = new Map<string, RawTerm[]>();
  for (const one of raw) {
    const key = `${one.group} ${Math.sign(one.term.logOdds)}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const factor = new Map<RawTerm, number>();
  for (const group of groups.values()) {
    group.sort((a, b) => Math.abs(b.term.logOdds) - Math.abs(a.term.logOdds));
    group.forEach((one, index) => factor.set(one, 1 / Math.sqrt(index + 1)));
  }
  return raw.map((one) => ({ ...one.term, logOdds: one.term.logOdds * (factor.get(one) ?? 1) }));
}

function textOf(text: unknown, facts: unknown, object: ObjectRef): string {
  if (typeof text === 'string') return text;
  if (typeof text !== 'function') return '';
  const outcome = attempt(() => String(text(facts, object)));
  return 'value' in outcome ? outcome.value : '';
}

function sourceRef(touched: ReadonlySet<Source>): SourceRef {
  const source = [...touched].at(-1);
  return source ? { kind: source.kind, id: source.id, vantage: source.vantage } : { kind: 'fact', id: 'none', vantage: 'host' };
}

/** `listed` are the sources that the list of objects was made from: evidence that looks at its object alone stands on them. */
function weighOne(hypothesis: Hypothesis, object: ObjectRef, readings: Readings, listed: ReadonlySet<Source>): Weighed {
  const raw: RawTerm[] = [];
  const missing: MissingEvidence[] = [];
  const plain = factsOf(hypothesis.needs, readings.read, new Set());
  let decisive = false;
  let { explains } = hypothesis;
  for (const evidence of hypothesis.evidence) {
    const read = new Set<Source>();
    const facts = factsOf(hypothesis.needs, readings.read, read);
    const mayDecide =
      'when' in evidence ? evidence.decisive === true : Object.values(evidence.table).some((row) => row.decisive === true);
    const outcome = attempt(() => ('when' in evidence ? evidence.when(facts, object) : evidence.outcome(facts, object)));
    if ('missing' in outcome) {
      missing.push({ source: outcome.source, result: outcome.missing, decisive: mayDecide });
      continue;
    }
    const excerpt = textOf(evidence.excerpt, plain, object);
    const touched = read.size > 0 ? read : listed;
    const group = evidence.group ?? [...touched].map((source) => source.id).sort().join(' ');
    const push = (weight: number, says: unknown, isDecisive: boolean): void => {
      if (isDecisive) decisive = true;
      raw.push({ group, term: { text: textOf(says, plain, object), logOdds: weight, decisive: isDecisive, source: sourceRef(touched), excerpt } });
    };
    if ('when' in evidence) {
      const { ifCause, otherwise } = evidence.likelihood;
      if (outcome.value) push(weightOf(evidence.likelihood), evidence.says, evidence.decisive === true);
      else push(weightOf({ ifCause: 1 - ifCause, otherwise: 1 - otherwise }), evidence.saysNot ?? '', false);
    } else {
      const row = evidence.table[outcome.value as string];
      if (row === undefined) continue;
      push(weightOf(row), row.says, row.decisive === true);
      if (row.explains !== undefined) explains = row.explains;
    }
  }
  for (const test of hypothesis.tested ?? []) {
    for (const finding of findingsAbout(test, plain, object, readings)) {
      const row = test.table[finding.outcome];
      if (row === undefined) continue;
      if (row.decisive === true) decisive = true;
      const { id, kind, vantage } = test.experiment;
      raw.push({ group: id, term: { text: finding.says, logOdds: weightOf(row), decisive: row.decisive === true, source: { kind, id, vantage }, excerpt: `${finding.object}: ${finding.outcome}` } });
    }
  }
  const ruledOut = ruledOutBy(hypothesis, object, readings);
  const terms = damp(raw);
  return {
    hypothesis,
    object: object.object,
    ref: object,
    priorLogOdds: Math.log(hypothesis.prior / (1 - hypothesis.prior)),
    terms,
    explains,
    evidenceLogOdds: terms.reduce((sum, term) => sum + term.logOdds, 0),
    decisive,
    ruledOut,
    missing,
  };
}

/** Objects of an experiment that tell of an object of a hypothesis. */
// oxlint-disable-next-line no-explicit-any -- as in Hypothesis
export function objectsAbout(test: Tested<any, any>, facts: unknown, object: ObjectRef): readonly string[] {
  if (test.about === undefined) return [object.object, 'host'];
  const about = attempt(() => test.about?.(facts as never, object) ?? []);
  return 'value' in about ? about.value : [];
}

// oxlint-disable-next-line no-explicit-any -- as in Hypothesis
function findingsAbout(test: Tested<any, any>, facts: unknown, object: ObjectRef, readings: Readings): Finding[] {
  const read = readings.read(test.experiment);
  if (read.status !== 'ok') return [];
  const objects = objectsAbout(test, facts, object);
  return read.value.findings.filter((finding) => objects.includes(finding.object));
}

function ruledOutBy(hypothesis: Hypothesis, object: ObjectRef, readings: Readings): string | undefined {
  const facts = factsOf(hypothesis.needs, readings.read, new Set());
  for (const rule of hypothesis.ruledOut ?? []) {
    const outcome = attempt(() => rule.when(facts, object) as boolean);
    if ('value' in outcome && outcome.value) return textOf(rule.says, facts, object);
  }
  return undefined;
}

/** Weighs one hypothesis for each of its objects. What does not exist on the host rules it out; what could not be read leaves it open. */
export function weigh(hypothesis: Hypothesis, readings: Readings): Weighed[] {
  if (!hypothesis.objects) return [weighOne(hypothesis, { object: 'host' }, readings, new Set())];
  const listed = new Set<Source>();
  const facts = factsOf(hypothesis.needs, readings.read, listed);
  const objects = attempt(() => hypothesis.objects?.(facts) as readonly ObjectRef[]);
  const priorLogOdds = Math.log(hypothesis.prior / (1 - hypothesis.prior));
  const bare = { hypothesis, object: 'host', ref: { object: 'host' }, priorLogOdds, terms: [], explains: hypothesis.explains, evidenceLogOdds: 0, decisive: false };
  if ('missing' in objects) {
    const { missing: result, source } = objects;
    if (result.status === 'absent') return [{ ...bare, ruledOut: result.detail, missing: [] }];
    return [{ ...bare, ruledOut: undefined, missing: [{ source, result, decisive: true }] }];
  }
  if (objects.value.length === 0) return [{ ...bare, ruledOut: hypothesis.noObjects ?? 'there is nothing on this host that it could befall', missing: [] }];
  return objects.value.map((object) => weighOne(hypothesis, object, readings, listed));
}
