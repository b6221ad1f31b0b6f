/**
 * Writes what follows from the catalogue: its index, the parsed known issues, a page for each cause, the tables of probes
 * and of known issues, and the report's JSON Schema. `--check` writes nothing and fails when something is stale.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync, existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { generateIndex } from './generate/index-file.ts';
import { generateIssues } from './generate/issues-file.ts';

const root = join(import.meta.dirname, '..');

function readOr(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Paths (from the repository's root) and contents of everything that is generated. */
export async function generate(write: boolean): Promise<{ stale: string[] }> {
  const stale: string[] = [];
  const put = (path: string, text: string): void => {
    if (readOr(join(root, path)) === text) return;
    stale.push(path);
    if (!write) return;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  put('src/catalog/issues.generated.ts', generateIssues(root));
  put('src/catalog/catalog.generated.ts', generateIndex(root));
  const { generateDocs } = await import('./generate/docs.ts');
  const docs = await generateDocs();
  for (const [path, text] of docs) put(path, text);
  const causes = join(root, 'docs/causes');
  for (const name of existsSync(causes) ? readdirSync(causes) : []) {
    const path = relative(root, join(causes, name));
    if (docs.has(path)) continue;
    stale.push(path);
    if (write) rmSync(join(root, path));
  }
  return { stale };
}

if (import.meta.main) {
  const check = process.argv.includes('--check');
  const { stale } = await generate(!check);
  if (check && stale.length > 0) {
    console.error(`Stale: ${stale.join(', ')}\nRun: npm run generate`);
    process.exitCode = 1;
  } else {
    console.log(stale.length === 0 ? 'All generated files are up to date.' : `Written: ${stale.join(', ')}`);
  }
}
