import type { ComparisonRule } from '../define/comparison.ts';
import type { Source } from '../define/source.ts';

type Path = readonly string[];

/** A word of a pattern: any, one that begins so, or this very one. */
function wordMatches(pattern: string, word: string): boolean {
  const plain = pattern.replaceAll('%', '/');
  return plain === word || (plain.endsWith('*') && word.startsWith(plain.slice(0, -1)));
}

/** The rules of one source, in their order. */
export class RuleBook {
  readonly #rules: readonly { readonly words: Path; readonly rule: ComparisonRule }[];

  constructor(rules: readonly ComparisonRule[], source: Source) {
    this.#rules = rules.filter((rule) => rule.source === source).map((rule) => ({ rule, words: rule.path === '' ? [] : rule.path.split('/') }));
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** The first rule for exactly this place. */
  at(path: Path): ComparisonRule | undefined {
    return this.#rules.find(({ words }) => words.length === path.length && words.every((word, index) => wordMatches(word, path[index]!)))?.rule;
  }
}

/** What stood at the stars of a rule's pattern. */
export function starsOf(rule: ComparisonRule, path: Path): string[] {
  const words = rule.path === '' ? [] : rule.path.split('/');
  return path.filter((_, index) => words[index]?.endsWith('*') ?? false);
}
