/** A day in UTC, as `2026-11-22`. Texts of days sort by time. */
export type Day = string;

export const dayMs = 86_400_000;

export function dayOf(timeMs: number): Day {
  return new Date(timeMs).toISOString().slice(0, 10);
}

export function startOfDay(day: Day): number {
  return Date.parse(`${day}T00:00:00.000Z`);
}

/**
 * The sorted file of a closed day.
 */
export function dayFileName(day: Day): string {
  return `samples-${day}.parquet`;
}

/** The database of a day that still takes samples. A day that was closed and got late samples has one of the next generation. */
export function openFileName(day: Day, generation: number): string {
  return `open-${day}-${generation}.duckdb`;
}

export interface FolderContent {
  readonly dayFiles: readonly Day[];
  readonly openFiles: readonly { readonly day: Day; readonly generation: number }[];
  /** What an ended process left half made. */
  readonly leftovers: readonly string[];
}

const isDay = (text: string): boolean => !Number.isNaN(startOfDay(text)) && dayOf(startOfDay(text)) === text;

/** What the names in a folder are. Files of others are nothing of ours. */
export function folderContent(names: readonly string[]): FolderContent {
  const dayFiles: Day[] = [];
  const openFiles: { day: Day; generation: number }[] = [];
  const leftovers: string[] = [];
  for (const name of names) {
    const [, closed] = /^samples-(\d{4}-\d\d-\d\d)\.parquet$/.exec(name) ?? [];
    const [, open, generation] = /^open-(\d{4}-\d\d-\d\d)-(\d{1,9})\.duckdb$/.exec(name) ?? [];
    const [, journalOf] = /^(open-\d{4}-\d\d-\d\d-\d{1,9}\.duckdb)\.wal$/.exec(name) ?? [];
    if (closed !== undefined && isDay(closed)) dayFiles.push(closed);
    else if (open !== undefined && isDay(open)) openFiles.push({ day: open, generation: Number(generation) });
    else if ((journalOf !== undefined && !names.includes(journalOf)) || /^(open|samples|lock)[-\w.]*\.(new|new\.wal)$/.test(name)) leftovers.push(name);
  }
  openFiles.sort((a, b) => (a.day === b.day ? a.generation - b.generation : a.day < b.day ? -1 : 1));
  return { dayFiles: dayFiles.sort(), openFiles, leftovers };
}
