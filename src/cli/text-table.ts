import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** Two columns within 80: names on the left, wrapped text on the right. */
export function textTable(rows: readonly (readonly [string, string])[]): string {
  const left = Math.min(34, Math.max(0, ...rows.map(([name]) => stringWidth(name))));
  return rows
    .map(([name, text]) => {
      const lines = wrapAnsi(text, 80 - left - 4, { hard: true }).split('\n');
      const pad = ' '.repeat(Math.max(0, left - stringWidth(name)));
      return lines.map((line, index) => (index === 0 ? `  ${name}${pad}  ${line}` : `  ${' '.repeat(left)}  ${line}`)).join('\n');
    })
    .join('\n');
}
