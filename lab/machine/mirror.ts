import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** First archive of a text in the format of sources.list(5), either kind, that serves a Debian release and not its security updates. */
export function mirrorIn(text: string, isDeb822: boolean): string | undefined {
  const addresses = isDeb822
    ? [...text.matchAll(/^URIs:[ \t]*(\S+)/gim)].map((match) => match[1] ?? '')
    : [...text.matchAll(/^deb[ \t]+(?:\[[^\]\n]*\][ \t]*)?(\S+)/gm)].map((match) => match[1] ?? '');
  return addresses.map((address) => address.replace(/\/$/, '')).find((address) => /^https?:\/\/\S+\/debian$/.test(address));
}

/** The Debian archive that this machine itself installs from, without a slash at the end; undefined leaves the choice to mmdebstrap. */
export function mirrorOf(aptFolder = '/etc/apt'): string | undefined {
  const folder = join(aptFolder, 'sources.list.d');
  const files = existsSync(folder) ? readdirSync(folder).toSorted().map((name) => join(folder, name)) : [];
  return [...files, join(aptFolder, 'sources.list')]
    .filter((file) => /\.(list|sources)$/.test(file) && existsSync(file))
    .map((file) => mirrorIn(readFileSync(file, 'utf8'), file.endsWith('.sources')))
    .find((mirror) => mirror !== undefined);
}
