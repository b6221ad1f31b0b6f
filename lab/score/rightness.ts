import type { RunResult } from '../define.ts';
import { isAboutTheRightThing, mayBeNamed, rightStatuses, type NamedCause, type Verdict } from '../judge.ts';

/** The verdict on a machine that is known to have been broken (or left alone) as meant; else undefined. */
export function verdictOf(result: RunResult): Verdict | undefined {
  return result.outcome === 'right' || result.outcome === 'wrong' ? result.verdict : undefined;
}

/** A cause that the truth lets be named, about the right thing. */
export function isRightCause(result: RunResult, cause: NamedCause): boolean {
  return mayBeNamed(result.truth, cause.id) && isAboutTheRightThing(result.truth, cause);
}

function isOneOf(ids: readonly string[], result: RunResult, cause: NamedCause): boolean {
  return ids.includes(cause.id) && isAboutTheRightThing(result.truth, cause);
}

/**
 * Top-1: the leading cause is one that must lead, about the right thing. On a control, any cause that may be named may lead. A
 * fault for which no cause has to lead (the right answer is a status) hits when the whole run is right.
 */
export function leadsRight(result: RunResult): boolean {
  const lead = verdictOf(result)?.causes[0];
  if (result.truth.first.length === 0 && result.kind !== 'control') return result.outcome === 'right';
  if (lead === undefined) return false;
  return result.truth.first.length === 0 ? isRightCause(result, lead) : isOneOf(result.truth.first, result, lead);
}

/** Top-3: one of the causes that must lead is among the first three; for two faults at once, all that must be among them are. */
export function inFirstThree(result: RunResult): boolean {
  if (result.truth.first.length === 0) return leadsRight(result);
  const three = verdictOf(result)?.causes.slice(0, 3) ?? [];
  const all = result.kind === 'double' ? (result.truth.among ?? []) : [];
  if (all.length > 0) return all.every((one) => three.some((cause) => isOneOf(typeof one === 'string' ? [one] : one, result, cause)));
  return three.some((cause) => isOneOf(result.truth.first, result, cause));
}

/** The causes named on a control that it does not allow. A verdict counts here even where the injection did not take. */
export function accusations(result: RunResult): readonly NamedCause[] {
  return result.kind === 'control' ? (result.verdict?.causes ?? []).filter((cause) => !isRightCause(result, cause)) : [];
}

/** The causes that are called identified and are wrong, or right about the wrong thing. */
export function wronglyIdentified(result: RunResult): readonly NamedCause[] {
  return (verdictOf(result)?.causes ?? []).filter((cause) => cause.status === 'identified' && !isRightCause(result, cause));
}

/**
 * What a verdict claims, as one event with a probability: "the leading cause is right" with the leading cause's probability. A
 * verdict `healthy` without a cause claims "there is no cause" with probability 1, and is right where healthy is. Other verdicts
 * without a cause claim nothing.
 */
export interface Claim {
  readonly about: 'leading cause' | 'no cause';
  readonly probability: number;
  readonly right: boolean;
}

export function claimOf(result: RunResult): Claim | undefined {
  const verdict = verdictOf(result);
  const lead = verdict?.causes[0];
  if (verdict === undefined) return undefined;
  if (lead !== undefined) {
    // A fault without a cause that has to lead may still have some that are allowed.
    const right = result.truth.first.length > 0 ? leadsRight(result) : isRightCause(result, lead);
    return { about: 'leading cause', probability: lead.probability, right };
  }
  if (verdict.status !== 'healthy') return undefined;
  return { about: 'no cause', probability: 1, right: rightStatuses(result.truth, result.kind).includes('healthy') };
}
