import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadIssue } from '../../src/diagnose/issues/load.ts';

/** The source text of src/catalog/issues.generated.ts: all known issues, parsed and validated. Throws on a broken one. */
export function generateIssues(root: string): string {
  const folder = join(root, 'src/catalog');
  const issues = globSync('**/*.issue.md', { cwd: folder })
    .sort()
    .map((file) => {
      const loaded = loadIssue(readFileSync(join(folder, file), 'utf8'), file);
      if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
      return loaded.issue;
    });
  const body = issues.map((issue) => `  ${JSON.stringify(issue)},`).join('\n');
  return `// Written by \`npm run generate\`; do not edit.\nimport type { KnownIssue } from '../define/known-issue.ts';\n\nexport const issues: readonly KnownIssue[] = [\n${body}\n];\n`;
}
