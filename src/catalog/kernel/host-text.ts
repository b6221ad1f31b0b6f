/** The texts of a `dump`, by the file that each came from. */
export function dumpedFiles(stdout: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  let name: string | undefined;
  let lines: string[] = [];
  const keep = (): void => {
    if (name !== undefined) files.set(name, lines.join('\n'));
  };
  for (const line of stdout.split('\n')) {
    if (line.startsWith('==> ') && line.endsWith(' <==')) {
      keep();
      name = line.slice(4, -4);
      lines = [];
    } else {
      lines.push(line);
    }
  }
  keep();
  return files;
}

/** The words of a line; empty for an empty line. */
export function words(line: string): string[] {
  return line.split(/[ \t]+/).filter((word) => word !== '');
}

/** A decimal number as the kernel prints counters, or `undefined`: no sign games, no NaN, no infinity. */
export function numberIn(text: string | undefined): number | undefined {
  if (text === undefined || !/^-?\d{1,20}(\.\d{1,20})?$/.test(text)) return undefined;
  return Number(text);
}

/** A whole number, not below zero, or `undefined`. */
export function countIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}

/** The text after the first `separator` of a line, trimmed, with the trimmed text before it. */
export function keyAndValue(line: string, separator: string): readonly [string, string] | undefined {
  const at = line.indexOf(separator);
  return at < 0 ? undefined : [line.slice(0, at).trim(), line.slice(at + separator.length).trim()];
}
