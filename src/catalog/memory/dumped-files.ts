/** What `dump` printed, by path: `==> PATH <==` lines, each followed by the file's lines. Bounded in files. */
export function dumpedFiles(stdout: string, maxFiles = 4096): Map<string, string[]> {
  const files = new Map<string, string[]>();
  let lines: string[] | undefined;
  for (const line of stdout.split('\n')) {
    if (line.startsWith('==> ') && line.endsWith(' <==')) {
      if (files.size >= maxFiles) break;
      lines = [];
      files.set(line.slice(4, -4), lines);
    } else if (line !== '') lines?.push(line);
  }
  return files;
}

const integer = /^-?\d{1,20}$/;

/** A whole number and nothing else, or undefined. */
export function wholeNumber(text: string | undefined): number | undefined {
  const word = text?.trim();
  return word !== undefined && integer.test(word) ? Number(word) : undefined;
}

/** The word in brackets of a list of choices as sysfs prints it: `always [madvise] never`. */
export function chosenWord(text: string | undefined): string | undefined {
  const start = text?.indexOf('[') ?? -1;
  const end = text?.indexOf(']', start) ?? -1;
  return text !== undefined && start >= 0 && end > start ? text.slice(start + 1, end) : undefined;
}
