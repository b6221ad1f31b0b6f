import { readdirSync, readFileSync } from 'node:fs';
import { reportSchema, type Report } from '../../src/define/report.ts';

const folder = new URL('.', import.meta.url);

/** Names of all example documents, `v1-story` and so on. Documents of older versions stay: every renderer must still show them. */
export const exampleReportNames: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length))
  .sort();

export function exampleReport(name: string): Report {
  return reportSchema.parse(JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')));
}
