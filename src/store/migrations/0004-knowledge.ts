import type { Kysely } from 'kysely';

/** The index of saved cases, and what detectors have learned. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('cases')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('incident_id', 'text')
    .addColumn('started_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('size_bytes', 'bigint', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('summary', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('cases_by_time').on('cases').column('started_at_ms').execute();
  await db.schema.createIndex('cases_by_incident').on('cases').column('incident_id').execute();
  await db.schema
    .createTable('learned_state')
    .addColumn('detector', 'text', (column) => column.notNull())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('saved_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('learned_state_key', ['detector', 'host'])
    .execute();
}
