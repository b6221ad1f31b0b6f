/** Text as it is, in one line of Markdown, in a table as well as outside: nothing in it is markup. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll(/[\\`*_[\]<>|~$]/g, String.raw`\$&`)
    .replace(/^([#+=-]|\d+(?=[.)]))/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));
}

/** A name as code where it is one; anything else is escaped. */
export function code(text: string): string {
  return /^[\w./:@+,%=-]+$/.test(text) ? `\`${text}\`` : escapeMarkdown(text);
}

/** A table; cells are Markdown already. Columns whose title begins with `>` are aligned to the right. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const names = titles.map((title) => title.replace(/^>/, ''));
  const rules = titles.map((title) => (title.startsWith('>') ? '--:' : '---'));
  return [line(names), line(rules), ...rows.map(line)].join('\n');
}

/** A share between 0 and 1 in percent, with one decimal place. */
export function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(share * 100).toFixed(1)} %`;
}

export function fixed(value: number | undefined, places: number): string {
  return value === undefined ? '–' : value.toFixed(places);
}

/** `1 run`, `2 runs`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
