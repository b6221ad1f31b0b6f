import { readFileSync } from 'node:fs';
import { UserError } from '../define/errors.ts';
import { forTerminal } from '../lib/hostile-text.ts';
import { watchedHosts } from '../watch/settings.ts';
import { parseSettings, type SettingsProblem } from './parse.ts';
import { serverSettingsSchema, type ServerSettings } from './server.ts';

/** A problem as one line: `line 12, hosts[0].name: …` */
export function problemLine({ line, path, says }: SettingsProblem): string {
  const where = [line === undefined ? '' : `line ${line}`, path].filter((part) => part !== '').join(', ');
  return forTerminal(where === '' ? says : `${where}: ${says}`);
}

/** Reads the settings of the server, with this machine as the host where none is named. Without a file they are the defaults; a UserError says all that is wrong with one. */
export function readServerSettings(path: string | undefined, env: Readonly<Record<string, string | undefined>>): ServerSettings {
  const { settings, problems } = parseSettings(path === undefined ? '' : settingsText(path), serverSettingsSchema, { env, readFile: (name) => readFileSync(name, 'utf8') });
  if (settings !== undefined) return { ...settings, hosts: [...watchedHosts(settings)] };
  throw new UserError('settings-not-usable', `The settings in ${path} cannot be used:\n${problems.map((problem) => `  ${problemLine(problem)}`).join('\n')}`, 'Mend them, and try: culprit config check');
}

/** The text of a file with settings; a UserError where it cannot be read. */
export function settingsText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError('settings-not-readable', `The settings ${path} cannot be read: ${error instanceof Error ? error.message : 'unknown'}.`, 'Check the path and who may read it.');
  }
}
