import type { KnownIssue } from '../../define/known-issue.ts';
import type { Result } from '../../define/result.ts';
import type { Source } from '../../define/source.ts';
import type { RunningVersions } from '../../define/versions.ts';
import type { Readings } from '../readings.ts';
import { evaluate, variableName, type Values } from './expression.ts';
import { eligible, type Eligibility } from './running-version.ts';

type Strength = KnownIssue['signs'][number]['strength'];

/** What the signs of a known issue came to on one host. */
export interface IssueMatch {
  readonly matched: boolean;
  /** Of the strongest sign that holds; `weak` when none does. */
  readonly strength: Strength;
  readonly held: readonly { readonly says: string; readonly strength: Strength; readonly excerpt?: string }[];
  /** Signs that could not be looked at, and why. */
  readonly undecided: readonly { readonly says: string; readonly reason: string }[];
  /** What speaks against it, where that holds. */
  readonly refuted?: string;
  readonly eligibility: Eligibility;
}

const strengths = ['decisive', 'strong', 'weak'] as const;

/** The readings of a host by the names that expressions use, read on demand. */
export function valuesOf(readings: Readings): Values {
  const sources = new Map<string, Source>(readings.sources.map((source) => [variableName(source.id), source]));
  return {
    get(variable): Result<unknown> | undefined {
      const source = sources.get(variable);
      return source && readings.read(source);
    },
  };
}

/** Unknown versions may hide that the issue was fixed: then only a decisive sign is enough. */
function isEnough(held: IssueMatch['held'], eligibility: Eligibility): boolean {
  const has = (strength: Strength) => held.some((sign) => sign.strength === strength);
  if ('cannotTell' in eligibility) return has('decisive');
  return has('decisive') || has('strong') || held.length >= 2;
}

/** Like `matchIssue`, over values by the names that expressions use. */
export function matchIssueOn(issue: KnownIssue, values: Values, versions: RunningVersions | undefined): IssueMatch {
  const eligibility = eligible(issue, versions);
  const none = { matched: false, strength: 'weak', held: [], undecided: [], eligibility } as const;
  if ('eligible' in eligibility && !eligibility.eligible) return none;
  const held: IssueMatch['held'][number][] = [];
  const undecided: IssueMatch['undecided'][number][] = [];
  for (const { when, strength, says } of issue.signs) {
    const verdict = evaluate(when, values);
    if (verdict.value === true) held.push({ says, strength, ...(verdict.excerpt !== undefined && { excerpt: verdict.excerpt }) });
    else if (verdict.value === 'cannot tell') undecided.push({ says, reason: verdict.reason });
  }
  const strength = strengths.find((one) => held.some((sign) => sign.strength === one)) ?? 'weak';
  const enough = isEnough(held, eligibility);
  const refuted = enough ? issue.refutedBy.find(({ when }) => evaluate(when, values).value === true)?.says : undefined;
  if (refuted !== undefined) return { matched: false, strength, held, undecided, refuted, eligibility };
  return { matched: enough, strength, held, undecided, eligibility };
}

/**
 * Whether a known issue shows on this host. It must be eligible by the running versions, nothing that refutes it may hold, and at
 * least one decisive or strong sign or two weak ones must hold. A version alone never matches.
 */
export function matchIssue(issue: KnownIssue, readings: Readings, versions: RunningVersions | undefined): IssueMatch {
  return matchIssueOn(issue, valuesOf(readings), versions);
}
