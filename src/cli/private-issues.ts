import { readPrivateCatalog } from '../collect/private-catalog.ts';
import type { Catalog } from '../define/catalog.ts';
import type { Source } from '../define/source.ts';
import { loadIssue } from '../diagnose/issues/load.ts';
import { forTerminal } from '../lib/hostile-text.ts';

/** Adds the user's own known issues. A broken one is said on stderr with file and line; the rest still works. */
export function withPrivateIssues(catalog: Catalog, folder: string): Catalog {
  const sources = [...catalog.probes, ...catalog.facts] as readonly Source[];
  const load = (text: string, file: string) => loadIssue(text, file, sources);
  const { issues, problems } = readPrivateCatalog(folder, load, catalog.issues.map((issue) => issue.id));
  const causes = new Set(['none', ...catalog.hypotheses.map((one) => one.id)]);
  for (const problem of problems) process.stderr.write(`culprit: ${forTerminal(problem)}\n`);
  for (const issue of issues) {
    if (!causes.has(issue.cause)) process.stderr.write(`culprit: ${forTerminal(issue.file)}: there is no cause "${forTerminal(issue.cause)}"; the issue is only noticed.\n`);
  }
  return { ...catalog, issues: [...catalog.issues, ...issues] };
}
