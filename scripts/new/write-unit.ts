import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { idPattern, subjects, symptomIds } from '../../src/define/ids.ts';

export const kinds = ['probe', 'fact', 'symptom', 'hypothesis', 'mitigation', 'experiment', 'figure', 'alarm', 'issue'] as const;
type Kind = (typeof kinds)[number];

/** Sources share their ids, since units and known issues name them in the same way. */
const idsSharedWith: Partial<Readonly<Record<Kind, readonly Kind[]>>> = { probe: ['fact', 'experiment'], fact: ['probe', 'experiment'], experiment: ['probe', 'fact'] };

const templates = join(import.meta.dirname, '../templates');
const usage = `Usage: npm run new -- <kind> <subject>/<name>, such as: npm run new -- probe zfs/arc\nKinds: ${kinds.join(', ')}. Subjects: ${subjects.join(', ')}.`;

/** A command line that asks for no unit that can be written; the message is for the user. */
export class WrongUsage extends Error {}

interface Unit {
  readonly kind: Kind;
  readonly subject: string;
  readonly id: string;
  /** From the root of the checkout. */
  readonly path: string;
}

function unitOf(words: readonly string[]): Unit {
  const [kindText, where, ...rest] = words;
  const kind = kinds.find((one) => one === kindText);
  if (kindText !== undefined && !kind) throw new WrongUsage(`There is no kind "${kindText}".\nKinds: ${kinds.join(', ')}.`);
  if (!kind || where === undefined || rest.length > 0) throw new WrongUsage(usage);
  const [subject = '', name = '', ...more] = where.split('/');
  if (!(subjects as readonly string[]).includes(subject)) throw new WrongUsage(`There is no subject "${subject}".\nSubjects: ${subjects.join(', ')}.`);
  if (more.length > 0) throw new WrongUsage(usage);
  return kind === 'issue' ? issueOf(subject, name) : { kind, subject, id: idOf(kind, name), path: `src/catalog/${subject}/${name}.${kind}.ts` };
}

function idOf(kind: Kind, name: string): string {
  if (!idPattern.test(name)) throw new WrongUsage(`"${name}" is no name for a unit: it must be a noun in kebab-case, such as arc or disk-slow.`);
  if (kind === 'symptom' && !(symptomIds as readonly string[]).includes(name)) {
    throw new WrongUsage(`There is no symptom "${name}" in src/define/ids.ts; add it there first.\nSymptoms: ${symptomIds.join(', ')}.`);
  }
  return name;
}

function issueOf(subject: string, name: string): Unit {
  const match = /^([A-Z][A-Z0-9]*-\d+)-([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(name);
  if (!match) throw new WrongUsage(`"${name}" is no name for a known issue: it must be its id and some words, such as PVK-200-pool-hangs.`);
  return { kind: 'issue', subject, id: match[1]!, path: `src/catalog/${subject}/issues/${name.toLowerCase()}.issue.md` };
}

/** Files of the catalogue that already use the id, with the unit's own path first. */
function takenBy(root: string, { kind, id, path }: Unit): string[] {
  if (existsSync(join(root, path))) return [path];
  const suffixes = kind === 'issue' ? ['issue.md'] : [kind, ...(idsSharedWith[kind] ?? [])].map((one) => `${one}.ts`);
  const declaration = kind === 'issue' ? `id: ${id}` : `id: '${id}'`;
  return suffixes
    .flatMap((suffix) => globSync(`src/catalog/**/*.${suffix}`, { cwd: root }))
    .filter((file) => file.endsWith(`/${id}.${kind}.ts`) || readFileSync(join(root, file), 'utf8').split('\n').some((line) => line.trim().replace(/,$/, '') === declaration))
    .sort();
}

/** Writes the unit that the words ask for and returns its path from the root. Nothing is overwritten. */
export function writeUnit(root: string, words: readonly string[]): string {
  const unit = unitOf(words);
  const [taken] = takenBy(root, unit);
  if (taken !== undefined) throw new WrongUsage(`${unit.id} exists already: ${taken}\nChoose another name.`);
  const template = readFileSync(join(templates, `${unit.kind}.txt`), 'utf8');
  const path = join(root, unit.path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, template.replaceAll('{{id}}', unit.id).replaceAll('{{subject}}', unit.subject), { flag: 'wx' });
  return unit.path;
}
