import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
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
    if (files.length === 0 || !existsSync(join(root, folder, files[0]!))) throw new Error(`${manifest.name} carries no licence text`);
    const texts = files.map((file) => readFileSync(join(root, folder, file), 'utf8').trim());
    return `${manifest.name} ${manifest.version} (${manifest.license ?? 'see below'})\n\n${texts.join('\n\n')}\n`;
  });
  return `Culprit contains these packages.\n\n${parts.map((part) => `${'-'.repeat(80)}\n\n${part}`).join('\n')}`;
}
