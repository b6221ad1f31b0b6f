import type { Migration } from 'kysely/migration';
import * as incidents from './0001-incidents.ts';
import * as outbox from './0002-outbox.ts';
import * as people from './0003-people.ts';
import * as knowledge from './0004-knowledge.ts';

/** All steps from an empty database to today's, by name in their order. One that was released is never changed: what comes next is a new file. There is no way back. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-incidents': incidents,
  '0002-outbox': outbox,
  '0003-people': people,
  '0004-knowledge': knowledge,
};
