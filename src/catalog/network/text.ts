/** A whole number of at most 15 digits, or undefined. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** A plain decimal number such as `12`, `0.25` or `-1`, or undefined. */
export function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}

/** The number behind hexadecimal digits with or without `0x`, or undefined. */
export function hexadecimal(text: string | undefined): number | undefined {
  return text !== undefined && /^(0x)?[0-9a-f]{1,12}$/i.test(text) ? Number.parseInt(text, 16) : undefined;
}

/** Splits the output of `dump` into the lines of each file, by path. Lines before the first header are left out. */
export function dumpedFiles(stdout: string): Map<string, string[]> {
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

/** The words of a line. */
export function words(line: string): string[] {
  return line.trim().split(/\s+/).filter((word) => word !== '');
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
