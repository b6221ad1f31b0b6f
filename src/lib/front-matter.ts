/** A text with a block between two lines `---` at its beginning. */
export interface FrontMatter {
  /** The block, without its fences. */
  readonly block: string;
  /** Line of the file on which the block begins, counted from 1. */
  readonly blockLine: number;
  /** What follows the block, without blank lines around it. */
  readonly body: string;
}

/** Splits a Markdown file with front matter; a text says what is wrong with it. */
export function splitFrontMatter(text: string): FrontMatter | string {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  if (lines[0]?.trimEnd() !== '---') return 'the file does not begin with a line ---';
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---');
  if (end < 0) return 'the front matter is not closed by a line ---';
  return { block: lines.slice(1, end).join('\n'), blockLine: 2, body: lines.slice(end + 1).join('\n').trim() };
}
