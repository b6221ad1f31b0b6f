import type { Kysely } from 'kysely';

/** Notifications that are to be delivered, one row a channel. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('outbox')
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('incident_id', 'text')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('next_try_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('tries', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('last_reason', 'text')
    .addColumn('ended_at_ms', 'bigint')
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('outbox_key', ['id', 'channel'])
    .execute();
  await db.schema.createIndex('outbox_by_state').on('outbox').columns(['state', 'ended_at_ms']).execute();
}
