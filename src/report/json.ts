import type { Report } from '../define/report.ts';

/** Characters beyond ASCII that a terminal obeys or that cannot be seen: valid in JSON as they are, but written as `\u…`. */
const unseen = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]/gu;

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');
}

/** The report itself, unchanged and complete: JSON with two blanks of indentation, keys in the order of the schema, safe on a terminal. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2).replace(unseen, escaped)}\n`;
}
