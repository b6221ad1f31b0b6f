import { RE2JS } from 're2js';

/** A regular expression as Prometheus 3 takes it in relabelling: RE2's syntax, the whole text has to match, a dot is any character. Linear time. */
export class AnchoredRegex {
  readonly #regex: RE2JS;

  constructor(pattern: string) {
    this.#regex = RE2JS.compile(pattern, RE2JS.DOTALL);
  }

  matches(text: string): boolean {
    return this.#regex.matches(text);
  }

  /** The template with `$1`, `${1}`, `$name`, `${name}` and `$$` put in as Go's `Regexp.Expand` does; undefined where the text does not match. */
  expand(text: string, template: string): string | undefined {
    const matcher = this.#regex.matcher(text);
    if (!matcher.matches()) return undefined;
    const named = this.#regex.namedGroups();
    return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare: string | undefined, braced: string | undefined) => {
      if (whole === '$$') return '$';
      const word = bare ?? braced ?? '';
      const group = /^\d{1,4}$/.test(word) ? Number(word) : Object.hasOwn(named, word) ? named[word]! : -1;
      return group >= 0 && group <= matcher.groupCount() ? (matcher.group(group) ?? '') : '';
    });
  }
}

/** What is wrong with a pattern; undefined when nothing is. */
export function regexProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern, RE2JS.DOTALL);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'not a regular expression';
  }
}
