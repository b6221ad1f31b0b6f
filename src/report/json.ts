import type { Report } from '../define/report.ts';

/** Characters beyond ASCII that a terminal obeys or that cannot be seen: valid in JSON as they are, but written as `\u…`. */
const unseen = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]/gu;

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');
}

/** JSON with two blanks of indentation, safe on a terminal. */
export function jsonText(value: object): string {
  return `${JSON.stringify(value, null, 2).replace(unseen, escaped)}\n`;
}

/** The report itself, unchanged and complete, keys in the order of the schema. */
export function renderJson(report: Report): string {
  return jsonText(report);
}
