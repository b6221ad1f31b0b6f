import { homedir } from 'node:os';
import { join } from 'node:path';

/** Folder of everything that the lab builds and keeps: $CULPRIT_LAB, else `culprit-lab` among the user's caches. Needs about 16 GB. */
export function cacheFolder(): string {
  const { CULPRIT_LAB, XDG_CACHE_HOME } = process.env;
  if (CULPRIT_LAB) return CULPRIT_LAB;
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'culprit-lab');
}
