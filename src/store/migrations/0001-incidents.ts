import type { Kysely } from 'kysely';

/** Alarms, the incidents that they make, and the log of what happened. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('alarms')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('object', 'text', (column) => column.notNull())
    .addColumn('severity', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('started_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('raised_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('resolved_at_ms', 'bigint')
    .addColumn('arrived_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('alarms_by_end').on('alarms').columns(['resolved_at_ms', 'arrived_at_ms']).execute();
  await db.schema.createIndex('alarms_by_host').on('alarms').columns(['host', 'started_at_ms']).execute();
  await db.schema
    .createTable('incidents')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('severity', 'text', (column) => column.notNull())
    .addColumn('opened_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('resolved_at_ms', 'bigint')
    .addColumn('merged_into', 'text')
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('bookkeeping', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('incidents_by_end').on('incidents').columns(['state', 'resolved_at_ms']).execute();
  await db.schema.createIndex('incidents_by_opening').on('incidents').column('opened_at_ms').execute();
  await db.schema
    .createTable('incident_members')
    .addColumn('incident_id', 'text', (column) => column.notNull().references('incidents.id'))
    .addColumn('alarm_id', 'text', (column) => column.notNull().references('alarms.id'))
    .addPrimaryKeyConstraint('incident_members_key', ['incident_id', 'alarm_id'])
    .execute();
  await db.schema.createIndex('incident_members_by_alarm').on('incident_members').column('alarm_id').execute();
  await db.schema
    .createTable('events')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('incident_id', 'text')
    .addColumn('says', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('events_by_time').on('events').column('at_ms').execute();
  await db.schema.createIndex('events_by_incident').on('events').columns(['incident_id', 'at_ms']).execute();
}
