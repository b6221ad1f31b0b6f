import { existsSync } from 'node:fs';

const usualConfig = '/etc/culprit/culprit.yaml';

/** Where the settings of the server are: as named, else where packages have them, else nowhere. */
export function settingsPath(flag: string | undefined): string | undefined {
  return flag ?? process.env['CULPRIT_CONFIG'] ?? (existsSync(usualConfig) ? usualConfig : undefined);
}
