import { globSync } from 'node:fs';
import { basename, join } from 'node:path';

const kinds = ['probe', 'fact', 'symptom', 'hypothesis', 'mitigation', 'experiment', 'figure'] as const;
type Kind = (typeof kinds)[number];

const plurals: Record<Kind, string> = {
  probe: 'probes',
  fact: 'facts',
  symptom: 'symptoms',
  hypothesis: 'hypotheses',
  mitigation: 'mitigations',
  experiment: 'experiments',
  figure: 'figures',
};

function camelCase(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The units of one kind, by path below src/catalog, sorted. */
export function unitFiles(root: string, kind: Kind): string[] {
  return globSync(`**/*.${kind}.ts`, { cwd: join(root, 'src/catalog') }).sort();
}

/** The source text of src/catalog/catalog.generated.ts: one import a unit, one list a kind. */
export function generateIndex(root: string): string {
  const imports: string[] = [];
  const lists: string[] = [];
  for (const kind of kinds) {
    const names = unitFiles(root, kind).map((file) => {
      const name = `${camelCase(basename(file, `.${kind}.ts`))}${kind[0]!.toUpperCase()}${kind.slice(1)}`;
      imports.push(`import ${name} from './${file}';`);
      return name;
    });
    lists.push(`export const ${plurals[kind]} = [${names.map((name) => `\n  ${name},`).join('')}${names.length > 0 ? '\n' : ''}];`);
  }
  return `// Written by \`npm run generate\`; do not edit.\n${imports.join('\n')}\n\n${lists.join('\n\n')}\n`;
}
