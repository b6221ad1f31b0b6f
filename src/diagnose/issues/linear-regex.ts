import { RE2JS } from 're2js';

/** Bounds that keep a regular expression cheap whatever the host printed. */
export const regexLimits = { patternLength: 500, textLength: 10_000, kept: 1_000 } as const;

const compiled = new Map<string, RE2JS>();

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known) return known;
  if (pattern.length > regexLimits.patternLength) {
    throw new Error(`the regular expression is longer than ${regexLimits.patternLength} characters`);
  }
  const regex = RE2JS.compile(pattern);
  if (compiled.size < regexLimits.kept) compiled.set(pattern, regex);
  return regex;
}

/** What is wrong with a pattern in RE2 syntax; undefined when nothing is. */
export function regexProblem(pattern: string): string | undefined {
  try {
    compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'not a regular expression';
  }
}

/** Whether some part of `text` matches, in time linear in its length. Text beyond the bound is not looked at. */
export function matchesLinear(text: string, pattern: string): boolean {
  return compile(pattern).test(text.length > regexLimits.textLength ? text.slice(0, regexLimits.textLength) : text);
}
