/** The lines of each file that the shell word `dump` printed, by path. Lines before the first header, and empty ones, are left out. */
export function dumpedLines(stdout: string): Map<string, string[]> {
  const files = new Map<string, string[]>();
  let lines: string[] | undefined;
  for (const line of stdout.split('\n')) {
    if (line.startsWith('==> ') && line.endsWith(' <==')) {
      lines = [];
      files.set(line.slice(4, -4), lines);
    } else if (line !== '') lines?.push(line);
  }
  return files;
}

/** The text of each file that `dump` printed, by path, without its empty lines. */
export function dumpedFiles(stdout: string): ReadonlyMap<string, string> {
  return new Map([...dumpedLines(stdout)].map(([path, lines]) => [path, lines.join('\n')]));
}

/** The words of a line; none for an empty line. */
export function words(line: string): string[] {
  return line.split(/\s+/).filter((word) => word !== '');
}

/** A decimal number as the kernel prints counters, or `undefined`: no exponents, no NaN, no infinity. */
export function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,20}(\.\d{1,20})?$/.test(text) ? Number(text) : undefined;
}

/** A whole number, not below zero, or `undefined`. */
export function countIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}

/** The number behind hexadecimal digits with or without `0x`, or `undefined`. */
export function hexadecimalIn(text: string | undefined): number | undefined {
  return text !== undefined && /^(0x)?[0-9a-f]{1,12}$/i.test(text) ? Number.parseInt(text, 16) : undefined;
}

/** The text before and after the first `separator` of a line, both trimmed. */
export function keyAndValue(line: string, separator: string): readonly [string, string] | undefined {
  const at = line.indexOf(separator);
  return at < 0 ? undefined : [line.slice(0, at).trim(), line.slice(at + separator.length).trim()];
}

/** Bytes as people read them: `1.5 GiB`. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
