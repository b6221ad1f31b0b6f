import { parse as parseAny, type Environment, type ASTNode, type ParseResult } from '@marcbachmann/cel-js';
import { regexProblem } from './linear-regex.ts';

/** What is wrong with an expression; `offset` counts characters from its beginning. */
export interface ExpressionProblem {
  readonly message: string;
  readonly offset: number;
}

/** A parsed expression with what had to be known of it beforehand. */
export interface Syntax {
  readonly run: ParseResult;
  readonly ast: ASTNode;
  /** Variables that it takes from outside, in order of appearance, with the offset of the first mention. */
  readonly identifiers: ReadonlyMap<string, number>;
  /** How deep loops over unrelated lists are nested: its cost is the lists' length to this power. */
  readonly loopDepth: number;
}

export const expressionLimits = { length: 4_000, astNodes: 500, depth: 40, loopDepth: 2 } as const;
export const parserLimits = { maxAstNodes: expressionLimits.astNodes, maxDepth: expressionLimits.depth } as const;

/** Name under which the linear-time regular expressions stand in for the language's own `matches`. */
export const linearMatchesName = 'matchesLinear';

const loops = new Set(['exists', 'all', 'exists_one', 'map', 'filter']);

function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

/** Thrown within this file only. */
class Problem extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

interface Walk {
  readonly identifiers: Map<string, number>;
  loopDepth: number;
}

function mentionsOutside(node: ASTNode, bound: ReadonlySet<string>): boolean {
  if (node.op === 'id') return !bound.has(node.args);
  return childrenOf(node).some((child) => mentionsOutside(child, bound));
}

function useLinearMatches(node: ASTNode & { op: 'rcall' }): void {
  const pattern = node.args[2][0];
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string') {
    throw new Problem('matches() takes a literal regular expression', pattern?.start ?? node.start);
  }
  const problem = regexProblem(pattern.args);
  if (problem !== undefined) throw new Problem(problem, pattern.start);
  (node.args as unknown as [string])[0] = linearMatchesName;
}

function walk(node: ASTNode, bound: ReadonlySet<string>, depth: number, found: Walk): void {
  if (node.op === 'id' && !bound.has(node.args) && !found.identifiers.has(node.args)) {
    found.identifiers.set(node.args, node.start);
  }
  if (node.op === 'rcall') {
    const [name, receiver, args] = node.args;
    if (name === 'bind') throw new Problem('bind() is not available', node.start);
    if (name === 'matches') useLinearMatches(node);
    const variable = args[0];
    if (loops.has(name) && variable?.op === 'id') {
      const inner = depth + (depth === 0 || mentionsOutside(receiver, bound) ? 1 : 0);
      if (inner > expressionLimits.loopDepth) throw new Problem('loops are nested too deeply', node.start);
      found.loopDepth = Math.max(found.loopDepth, inner);
      walk(receiver, bound, depth, found);
      const scope = new Set([...bound, variable.args]);
      for (const arg of args.slice(1)) walk(arg, scope, inner, found);
      return;
    }
  }
  for (const child of childrenOf(node)) walk(child, bound, depth, found);
}

/** Parses an expression within bounds on its size and on the cost of running it. Never throws. */
export function parseExpression(text: string, environment?: Environment): Syntax | ExpressionProblem {
  if (text.length > expressionLimits.length) {
    return { message: `the expression is longer than ${expressionLimits.length} characters`, offset: 0 };
  }
  try {
    const run = environment ? environment.parse(text) : parseAny(text);
    const found: Walk = { identifiers: new Map(), loopDepth: 0 };
    walk(run.ast, new Set(), 0, found);
    return { run, ast: run.ast, ...found };
  } catch (error) {
    return problemOf(error);
  }
}

/** The first line of an error of the language, with its position. */
export function problemOf(error: unknown): ExpressionProblem {
  if (error instanceof Problem) return { message: error.message, offset: error.offset };
  if (!(error instanceof Error)) return { message: 'not an expression', offset: 0 };
  const { summary, range } = error as { summary?: unknown; range?: { start?: unknown } };
  return {
    message: typeof summary === 'string' ? summary : (error.message.split('\n')[0] ?? ''),
    offset: typeof range?.start === 'number' ? range.start : 0,
  };
}
