import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { issueFrontMatterSchema, type IssueFrontMatter, type KnownIssue } from '../../define/known-issue.ts';
import type { Source } from '../../define/source.ts';
import { splitFrontMatter, type FrontMatter } from '../../lib/front-matter.ts';
import { checkExpression } from './expression-check.ts';
import { parseExpression } from './syntax.ts';

/** Bounds on one `*.issue.md` file. */
export const issueLimits = { characters: 65_536, aliases: 100 } as const;

type Path = readonly PropertyKey[];

/** Either the issue, or all that is wrong with it, each as `file:line: where: what`. */
export type LoadedIssue = { readonly issue: KnownIssue } | { readonly problems: readonly string[] };

/** `['signs', 0, 'when']` → `signs[0].when` */
function pathText(path: Path): string {
  return path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('').replace(/^\./, '');
}

class Places {
  readonly #file: string;
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #firstLine: number;

  constructor(file: string, document: Document, lines: LineCounter, firstLine: number) {
    this.#file = file;
    this.#document = document;
    this.#lines = lines;
    this.#firstLine = firstLine;
  }

  atOffset(offset: number, message: string): string {
    return `${this.#file}:${this.#lines.linePos(offset).line + this.#firstLine - 1}: ${message}`;
  }

  /** The place of a value, or of the nearest one around it that exists. */
  at(path: Path, message: string): string {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? this.#document.contents : this.#document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return this.atOffset(node.range[0], path.length > 0 ? `${pathText(path)}: ${message}` : message);
    }
    return `${this.#file}:${this.#firstLine}: ${message}`;
  }
}

function expressionsOf(matter: IssueFrontMatter): readonly { path: Path; expression: string }[] {
  return [
    ...matter.signs.map(({ when }, index) => ({ path: ['signs', index, 'when'], expression: when })),
    ...matter.refutedBy.map(({ when }, index) => ({ path: ['refutedBy', index, 'when'], expression: when })),
  ];
}

function expressionProblems(matter: IssueFrontMatter, places: Places, sources: readonly Source[] | undefined): string[] {
  return expressionsOf(matter).flatMap(({ path, expression }) => {
    const syntax = parseExpression(expression);
    const problem = sources ? checkExpression(expression, sources) : 'message' in syntax ? syntax : undefined;
    return problem ? [places.at(path, `${problem.message} (at character ${problem.offset + 1})`)] : [];
  });
}

function parseMatter({ block, blockLine, body }: FrontMatter, file: string, sources: readonly Source[] | undefined): LoadedIssue {
  const lines = new LineCounter();
  const document = parseDocument(block, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const places = new Places(file, document, lines, blockLine);
  if (document.errors.length > 0) return { problems: document.errors.map((error) => places.atOffset(error.pos[0], error.message)) };
  const parsed = issueFrontMatterSchema.safeParse(document.toJS({ maxAliasCount: issueLimits.aliases }));
  if (!parsed.success) return { problems: parsed.error.issues.map((issue) => places.at(issue.path, issue.message)) };
  const problems = expressionProblems(parsed.data, places, sources);
  return problems.length > 0 ? { problems } : { issue: { ...parsed.data, prose: body, file } };
}

/**
 * Reads a `*.issue.md` text: YAML front matter, then prose. With `sources`, its expressions are also checked against their schemas.
 * Never throws.
 */
export function loadIssue(text: string, file: string, sources?: readonly Source[]): LoadedIssue {
  if (text.length > issueLimits.characters) return { problems: [`${file}:1: longer than ${issueLimits.characters} characters`] };
  const matter = splitFrontMatter(text);
  if (typeof matter === 'string') return { problems: [`${file}:1: ${matter}`] };
  try {
    return parseMatter(matter, file, sources);
  } catch (error) {
    return { problems: [`${file}:${matter.blockLine}: ${error instanceof Error ? error.message : 'not understood'}`] };
  }
}
