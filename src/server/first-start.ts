import { anyUser, setInstanceSetting } from '../store/people.ts';
import type { Store } from '../store/open.ts';
import { newSecret, secretHash } from './passwords.ts';

/** Where the hash of the token of the first start is kept. */
export const firstStartSetting = 'first-start-token';

/** As long as there is nobody who could log in: a new one-time token, of which only the hash is kept. An older one is worth nothing any more. */
export async function firstStartToken(store: Store): Promise<string | undefined> {
  if (await store.read(anyUser)) return undefined;
  const token = newSecret();
  await store.write((db) => setInstanceSetting(db, firstStartSetting, secretHash(token)));
  return token;
}
