import type { Report } from '../define/report.ts';
import { columnsOf } from '../lib/text-layout.ts';

type Paint = (text: string) => string;

/** How parts of a terminal page are emphasised; without colour every one gives the text back as it is. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly warn: Paint;
  readonly bad: Paint;
  readonly name: Paint;
}

/** Select Graphic Rendition: the code that begins it and the one that ends it (ECMA-48, 8.3.117). */
const codes = { bold: [1, 22], dim: [2, 22], good: [32, 39], warn: [33, 39], bad: [31, 39], name: [36, 39] } as const;

export function makeStyle(colour: boolean): Style {
  const paint = ([begin, end]: readonly [number, number]): Paint =>
    colour ? (text) => (text === '' ? '' : `\u001b[${begin}m${text}\u001b[${end}m`) : (text) => text;
  return {
    bold: paint(codes.bold),
    dim: paint(codes.dim),
    good: paint(codes.good),
    warn: paint(codes.warn),
    bad: paint(codes.bad),
    name: paint(codes.name),
  };
}

export function statusPaint(style: Style, status: Report['verdict']['status']): Paint {
  return { healthy: style.good, identified: style.bad, suspected: style.warn, inconclusive: style.warn, unreachable: style.bad }[status];
}

/** What the parts of one terminal page share. */
export interface Page {
  readonly width: number;
  readonly style: Style;
  readonly verbose: boolean;
}

/** A heading with a rule to the right edge. */
export function heading(page: Page, title: string, remark = ''): string {
  const fits = remark !== '' && title.length + remark.length + 2 <= page.width;
  const words = fits ? `${page.style.bold(title)} ${page.style.dim(remark)} ` : `${page.style.bold(title)} `;
  return words + page.style.dim('─'.repeat(Math.max(0, page.width - columnsOf(words))));
}
