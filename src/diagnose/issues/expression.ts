import { Environment } from '@marcbachmann/cel-js';
import type { Result } from '../../define/result.ts';
import { matchesLinear } from './linear-regex.ts';
import { linearMatchesName, parseExpression, parserLimits, problemOf, type ExpressionProblem, type Syntax } from './syntax.ts';

/** What an expression came to. */
export type Verdict =
  | { readonly value: true; /** The first text that a regular expression found. */ readonly excerpt?: string }
  | { readonly value: false; readonly because?: string }
  | { readonly value: 'cannot tell'; readonly reason: string; /** Variables that could not be had. */ readonly missing: readonly string[] };

/** Results of sources by the names of their variables. A source without an entry was not read. */
export type Values = Pick<ReadonlyMap<string, Result<unknown>>, 'get'>;

const limits = { expressionsKept: 2_000, listLengthInNestedLoops: 2_000, excerptLength: 500 } as const;

/** The name of a source in expressions: `zfs-implementations` → `zfsImplementations`. */
export function variableName(sourceId: string): string {
  return sourceId.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

/** Lets whole numbers in expressions be mixed with the numbers of facts. */
export function registerMixedArithmetic(environment: Environment): void {
  for (const [operator, compute] of Object.entries(arithmetic)) {
    const mixed = (a: number | bigint, b: number | bigint) => compute(Number(a), Number(b));
    environment.registerOperator(`double ${operator} int`, mixed);
    environment.registerOperator(`int ${operator} double`, mixed);
  }
}

/** The first text matched since it was last reset; evaluation is synchronous. */
const matched: { first: string | undefined } = { first: undefined };

function takeFirstMatched(): string | undefined {
  const { first } = matched;
  matched.first = undefined;
  return first?.slice(0, limits.excerptLength);
}

const environment = new Environment({ unlistedVariablesAreDyn: true, limits: parserLimits });
environment.registerFunction(`string.${linearMatchesName}(string): bool`, (text: string, pattern: string) => {
  const matches = matchesLinear(text, pattern);
  if (matches) matched.first ??= text;
  return matches;
});
registerMixedArithmetic(environment);

const parsed = new Map<string, Syntax | ExpressionProblem>();

function parseOnce(expression: string): Syntax | ExpressionProblem {
  const known = parsed.get(expression);
  if (known) return known;
  const syntax = parseExpression(expression, environment);
  if (parsed.size < limits.expressionsKept) parsed.set(expression, syntax);
  return syntax;
}

function hasLongList(value: unknown): boolean {
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null) continue;
    const items = next instanceof Set || next instanceof Map ? [...next.values()] : Object.values(next);
    if (items.length > limits.listLengthInNestedLoops) return true;
    pending.push(...items);
  }
  return false;
}

function cannotTell(reason: string, missing: readonly string[] = []): Verdict {
  return { value: 'cannot tell', reason, missing };
}

/** The verdict when a part that decides could not be evaluated: a thing that does not exist shows no sign. */
function withoutAnswer(error: unknown, absentNames: readonly string[], failedNames: readonly string[], values: Values): Verdict {
  const failedName = failedNames[0];
  if (failedName !== undefined) {
    const result = values.get(failedName);
    const why = result?.status === 'failed' ? result.detail : 'not read';
    return cannotTell(`${failedName} could not be read: ${why}`, failedNames);
  }
  const absentName = absentNames[0];
  if (absentName !== undefined) {
    const result = values.get(absentName);
    return { value: false, because: result?.status === 'absent' ? result.detail : `${absentName} does not exist on this host` };
  }
  return cannotTell(problemOf(error).message);
}

/**
 * Evaluates a CEL expression over what was read of a host. What is absent makes it false and what failed makes it "cannot tell",
 * unless `&&` or `||` is decided by its other side. Never throws.
 */
export function evaluate(expression: string, values: Values): Verdict {
  const syntax = parseOnce(expression);
  if ('message' in syntax) return cannotTell(`the expression is wrong: ${syntax.message}`);
  const context: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const absentNames: string[] = [];
  const failedNames: string[] = [];
  for (const variable of syntax.identifiers.keys()) {
    const result = values.get(variable);
    if (result?.status === 'ok') context[variable] = result.value;
    else (result?.status === 'absent' ? absentNames : failedNames).push(variable);
  }
  if (syntax.loopDepth > 1 && Object.values(context).some(hasLongList)) {
    return cannotTell('there is too much to compare everything with everything');
  }
  try {
    takeFirstMatched();
    const value: unknown = syntax.run(context);
    const excerpt = takeFirstMatched();
    if (value === true) return excerpt === undefined ? { value } : { value, excerpt };
    if (value === false) return { value };
    return cannotTell('the expression gives neither true nor false');
  } catch (error) {
    return withoutAnswer(error, absentNames, failedNames, values);
  }
}
