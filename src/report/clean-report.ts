import type { Report } from '../define/report.ts';
import { bounded, forTerminal } from '../lib/hostile-text.ts';

const excerptCharacters = 4_000;
const textCharacters = 600;

function mapStrings(value: unknown, change: (text: string, key: string) => string, key = ''): unknown {
  if (typeof value === 'string') return change(value, key);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapStrings(item, change, name)]));
}

/**
 * The report with every text bounded and without characters that are obeyed or unseen. All renderers for people start with it, so that
 * no text of a host can be forgotten. Excerpts keep their line ends.
 */
export function cleanReport(report: Report): Report {
  return mapStrings(report, (text, key) =>
    key === 'excerpt' ? forTerminal(bounded(text, excerptCharacters), 'keep').trimEnd() : forTerminal(bounded(text, textCharacters)).trim(),
  ) as Report;
}
