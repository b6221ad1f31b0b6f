import type { Environment } from '@marcbachmann/cel-js';
import type { Source } from '../../define/source.ts';
import { variableName } from './expression.ts';
import { checkedHasName, checkingEnvironment } from './expression-types.ts';
import { parseExpression, problemOf, type ExpressionProblem } from './syntax.ts';

const environments = new WeakMap<readonly Source[], Environment>();

function environmentFor(sources: readonly Source[]): Environment {
  const known = environments.get(sources);
  if (known) return known;
  const environment = checkingEnvironment(sources);
  environments.set(sources, environment);
  return environment;
}

function typeProblem(expression: string, environment: Environment): ExpressionProblem | undefined {
  const checked = environment.check(expression);
  if (!checked.valid) return problemOf(checked.error);
  if (checked.type !== 'bool' && checked.type !== 'dyn') return { message: `gives ${checked.type}, not true or false`, offset: 0 };
  return undefined;
}

/**
 * Checks an expression against the schemas of the sources that it may name: syntax, unknown sources and fields, comparisons of
 * different types, regular expressions, cost. Undefined when all is well. Never throws.
 */
export function checkExpression(expression: string, sources: readonly Source[]): ExpressionProblem | undefined {
  const syntax = parseExpression(expression);
  if ('message' in syntax) return syntax;
  const names = new Set(sources.map((source) => variableName(source.id)));
  for (const [identifier, offset] of syntax.identifiers) {
    if (!names.has(identifier) && identifier !== 'cel') return { message: `there is no source ${identifier}`, offset };
  }
  try {
    const environment = environmentFor(sources);
    const withCheckedHas = expression.replace(/\bhas(?=\s*\()/g, checkedHasName);
    return typeProblem(expression, environment) ?? typeProblem(withCheckedHas, environment);
  } catch (error) {
    return problemOf(error);
  }
}
