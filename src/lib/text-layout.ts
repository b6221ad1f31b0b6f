import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** Columns that a text takes on a terminal; colour sequences take none, wide characters two. */
export function columnsOf(text: string): number {
  return stringWidth(text);
}

/** Lines of at most `width` columns, broken at blanks, within a word only where it is longer than a line. Colours go on over the breaks. */
export function wrapped(text: string, width: number): string[] {
  return wrapAnsi(text, Math.max(2, width), { hard: true }).split('\n');
}

/** Raw text of a host: its own line ends and blanks stay, long lines are broken anywhere. */
export function wrappedRaw(text: string, width: number): string[] {
  return wrapAnsi(text, Math.max(2, width), { hard: true, wordWrap: false, trim: false }).split('\n').map((line) => line.trimEnd());
}

/** A paragraph behind `first` (a number, a bullet, a label), its further lines below where it starts. */
export function hanging(first: string, text: string, width: number): string[] {
  const indent = columnsOf(first);
  const lines = wrapped(text, width - indent);
  return lines.map((line, index) => (index === 0 ? first : ' '.repeat(indent)) + line);
}

export function indented(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(columns) + line));
}

export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)));
}

/** Cut to at most `width` columns, with an ellipsis where something is left out. For text without colours. */
export function shortened(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  let cut = '';
  let columns = 0;
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, width * 8))) {
    columns += columnsOf(segment);
    if (columns > width - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** A bar of full and half blocks, both of which even a bare console's font has. At least a half for what is not nothing. */
export function bar(fraction: number, cells: number): string {
  const halves = Math.min(cells * 2, Math.max(fraction > 0 ? 1 : 0, Math.round((Number.isFinite(fraction) ? fraction : 0) * cells * 2)));
  return '█'.repeat(halves >> 1) + (halves % 2 === 1 ? '▌' : '');
}
