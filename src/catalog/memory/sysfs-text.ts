import { countIn } from '../../lib/host-text.ts';

/** The lines of one dumped file that are not empty. */
export function linesOf(files: ReadonlyMap<string, string>, path: string): string[] {
  return (files.get(path) ?? '').split('\n', 4096).filter((line) => line !== '');
}

/** The first line of a dumped file without the blanks around it, or `undefined` where the file was not there. */
export function firstLineOf(files: ReadonlyMap<string, string>, path: string): string | undefined {
  return linesOf(files, path)[0]?.trim();
}

/** The number that a dumped file consists of. */
export function countOf(files: ReadonlyMap<string, string>, path: string): number | undefined {
  return countIn(firstLineOf(files, path));
}

/** The word in brackets of a list of choices as sysfs prints it: `always [madvise] never`. */
export function chosenWord(text: string | undefined): string | undefined {
  const start = text?.indexOf('[') ?? -1;
  const end = text?.indexOf(']', start) ?? -1;
  return text !== undefined && start >= 0 && end > start ? text.slice(start + 1, end) : undefined;
}
