import { isAbsolute, join } from 'node:path';

/** Where programs keep the data of a user: $XDG_DATA_HOME, or ~/.local/share; what is no absolute path does not count (XDG Base Directory Specification). */
export function userDataFolder(environment: Readonly<Record<string, string | undefined>>, home: string): string {
  const given = environment['XDG_DATA_HOME'];
  return given !== undefined && isAbsolute(given) ? given : join(home, '.local', 'share');
}
