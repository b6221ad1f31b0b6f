import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { z } from 'zod';
import { MissingVariable, substitute, type Surroundings } from './variables.ts';

/** Something in the settings that cannot be used, and where it stands. Holds no value of a secret. */
export interface SettingsProblem {
  readonly line?: number;
  /** `hosts[0].ssh` */
  readonly path: string;
  readonly says: string;
}

export type ParsedSettings<T> = { readonly settings: T; readonly problems: readonly [] } | { readonly settings?: undefined; readonly problems: readonly SettingsProblem[] };

const largestFile = 1_000_000;

type Path = readonly (string | number)[];

export function pathText(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}

/** Walks all strings of a document and puts the environment in; collects what is missing. */
function substituteAll(document: Document, surroundings: Surroundings, at: (node: Node | null | undefined) => number | undefined): SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  const visit = (node: unknown, path: Path): void => {
    if (isMap(node)) for (const { key, value } of node.items) visit(value, [...path, String(isScalar(key) ? key.value : key)]);
    else if (isSeq(node)) node.items.forEach((item, index) => visit(item, [...path, index]));
    else if (isScalar(node) && typeof node.value === 'string' && node.value.includes('$')) {
      try {
        node.value = substitute(node.value, surroundings);
      } catch (error) {
        if (!(error instanceof MissingVariable)) throw error;
        const line = at(node);
        problems.push({ ...(line === undefined ? {} : { line }), path: pathText(path), says: error.message });
      }
    }
  };
  visit(document.contents, []);
  return problems;
}

function keysOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => `"${key}"`).join(', ') : '';
}

/**
 * Reads settings from YAML. An empty text is an empty object. All that is wrong is told at once, each with its line. Aliases are allowed, but not so many that they blow the document up.
 */
export function parseSettings<T>(text: string, schema: z.ZodType<T>, surroundings: Surroundings): ParsedSettings<T> {
  if (text.length > largestFile) return { problems: [{ path: '', says: `The file is larger than ${largestFile / 1_000_000} MB, which settings never are.` }] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0) {
    return { problems: document.errors.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, path: '', says: `This is no valid YAML: ${message.split('\n')[0]}` })) };
  }
  const lineOf = (node: Node | null | undefined): number | undefined => (node?.range ? lines.linePos(node.range[0]).line : undefined);
  const missing = substituteAll(document, surroundings, lineOf);
  if (missing.length > 0) return { problems: missing };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch {
    return { problems: [{ path: '', says: 'Its aliases refer to each other too often.' }] };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { settings: parsed.data, problems: [] };
  const problems = parsed.error.issues.map((issue): SettingsProblem => {
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    let node: unknown;
    for (let length = path.length; length >= 0 && node === undefined; length -= 1) node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const line = lineOf(node as Node | undefined);
    const says = issue.code === 'unrecognized_keys' ? `There is no setting ${keysOf(issue)} here.` : issue.message;
    return { ...(line === undefined ? {} : { line }), path: pathText(path), says };
  });
  return { problems };
}
