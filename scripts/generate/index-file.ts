import { globSync } from 'node:fs';
import { basename, join } from 'node:path';

const kinds = ['probe', 'fact', 'symptom', 'hypothesis', 'mitigation', 'experiment', 'figure', 'alarm'] as const;
type Kind = (typeof kinds)[number];

const plurals: Record<Kind, string> = {
  probe: 'probes',
  fact: 'facts',
  symptom: 'symptoms',
  hypothesis: 'hypotheses',
  mitigation: 'mitigations',
  experiment: 'experiments',
  figure: 'figures',
  alarm: 'alarms',
};

const types: Record<Kind, readonly [file: string, name: string, type: string]> = {
  probe: ['probe', 'AnyProbe', 'AnyProbe'],
  fact: ['fact', 'Fact', 'Fact'],
  symptom: ['symptom', 'Symptom', 'Symptom'],
  hypothesis: ['hypothesis', 'Hypothesis', 'Hypothesis'],
  mitigation: ['mitigation', 'Mitigation', 'Mitigation'],
  experiment: ['experiment', 'Experiment', 'Experiment'],
  figure: ['figure', 'Figure', 'Figure'],
  alarm: ['alarm-kind', 'AlarmKind', 'AlarmKind'],
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
    const [file, name] = types[kind];
    imports.push(`import type { ${name} } from '../define/${file}.ts';`);
    const names = unitFiles(root, kind).map((unit) => {
      const identifier = `${camelCase(basename(unit, `.${kind}.ts`))}${kind[0]!.toUpperCase()}${kind.slice(1)}`;
      imports.push(`import ${identifier} from './${unit}';`);
      return identifier;
    });
    lists.push(`export const ${plurals[kind]}: readonly ${types[kind][2]}[] = [${names.map((one) => `\n  ${one},`).join('')}${names.length > 0 ? '\n' : ''}];`);
  }
  return `// Written by \`npm run generate\`; do not edit.\n${imports.sort((a, b) => Number(b.startsWith('import type')) - Number(a.startsWith('import type'))).join('\n')}\n\n${lists.join('\n\n')}\n`;
}
