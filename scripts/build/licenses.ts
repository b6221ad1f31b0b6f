import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name?: string };
}

/** The text of the MIT licence for a package that says in its manifest alone that it is under it, with the author whom that names; undefined of any other. */
function declaredMit(root: string, { name, license, author }: Manifest): string | undefined {
  const who = typeof author === 'string' ? author : author?.name;
  if (license !== 'MIT' || who === undefined) return undefined;
  const terms = readFileSync(join(root, 'LICENSE'), 'utf8').split('\n\n').filter((part) => !/^(?:MIT License|Copyright)/.test(part));
  return `MIT License, as the manifest of ${name} says\n\nCopyright (c) ${who.replace(/ *<[^>]*>/, '')}\n\n${terms.join('\n\n').trim()}`;
}

/** Folders (`node_modules/zod`) of the packages that the inputs of a bundle come from, sorted. */
export function packageFolders(inputs: readonly string[]): string[] {
  const folders = inputs.map((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/** The text that goes along with a bundle: name, version and licence of each package in it. Throws where a package carries no licence text. */
export function thirdPartyLicenses(root: string, folders: readonly string[]): string {
  const parts = folders.map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
    const files = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|notice|copying)(\.|-|$)/i.test(file)).sort();
    const declared = files.length === 0 ? declaredMit(root, manifest) : undefined;
    if (declared === undefined && (files.length === 0 || !existsSync(join(root, folder, files[0]!)))) throw new Error(`${manifest.name} carries no licence text`);
    const texts = declared === undefined ? files.map((file) => readFileSync(join(root, folder, file), 'utf8').trim()) : [declared];
    return `${manifest.name} ${manifest.version} (${manifest.license ?? 'see below'})\n\n${texts.join('\n\n')}\n`;
  });
  return `Culprit contains these packages.\n\n${parts.map((part) => `${'-'.repeat(80)}\n\n${part}`).join('\n')}`;
}
