import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { userDataFolder } from '../collect/user-data-folder.ts';

const usualConfig = '/etc/culprit/culprit.yaml';

/** Where the settings of the server are: as named, else where packages have them, else nowhere. */
export function settingsPath(flag: string | undefined): string | undefined {
  return flag ?? process.env['CULPRIT_CONFIG'] ?? (existsSync(usualConfig) ? usualConfig : undefined);
}

/** Where the server keeps what it knows, unless it is told: as systemd says (StateDirectory=), for root in /var/lib, else with the user's data. */
export function serverDataFolder(): string {
  const given = process.env['STATE_DIRECTORY'];
  if (given !== undefined && given !== '') return given.split(':')[0]!;
  if (process.getuid?.() === 0) return '/var/lib/culprit';
  return join(userDataFolder(process.env, homedir()), 'culprit', 'server');
}
