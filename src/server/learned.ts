import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerSettings } from '../settings/server.ts';
import { openStore } from '../store/open.ts';
import { readLearned } from '../watch/alarms/learned-in-store.ts';
import type { Learned } from '../watch/alarms/learned-limits.ts';

/** What the server of these settings has learned of each host, whether it runs or not; nothing where it never ran. */
export async function learnedOfServer({ database }: Pick<ServerSettings, 'database'>, dataFolder: string): Promise<ReadonlyMap<string, Learned>> {
  const file = join(dataFolder, 'state.sqlite');
  if (database === undefined && !existsSync(file)) return new Map();
  const store = await openStore(database ?? file, { asServer: false });
  try {
    return await readLearned(store);
  } finally {
    await store.close();
  }
}
