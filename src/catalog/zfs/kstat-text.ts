/** Rows of a named kstat (`name type data`) as the SPL prints them; the two header lines and non-numbers are left out. */
export function namedKstat(text: string): Map<string, number> {
  const rows = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [name, type, data, ...rest] = line.trim().split(/\s+/);
    if (!name || rest.length > 0 || !type || !/^\d$/.test(type) || !data || !/^-?\d{1,20}$/.test(data)) continue;
    rows.set(name, Number(data));
  }
  return rows;
}

/** The string row of a named kstat, such as `dataset_name 7 tank/enc`. */
export function kstatString(text: string, name: string): string | undefined {
  for (const line of text.split('\n')) {
    if (!line.startsWith(name)) continue;
    const match = /^\S+\s+7\s+(\S.*)$/.exec(line);
    if (match) return match[1]?.trim();
  }
  return undefined;
}
