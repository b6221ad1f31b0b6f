/**
 * Rows as both databases give them. Times are whole milliseconds since 1970, yes and no are 1 and 0, and JSON is text: the same in SQLite and PostgreSQL, and never
 * searched by the database. Every row that is written on an acknowledgment has a key that its writer chose, so that writing it again changes nothing.
 */
export interface AlarmRow {
  id: string;
  kind: string;
  host: string;
  object: string;
  severity: string;
  source: string;
  started_at_ms: number;
  raised_at_ms: number;
  resolved_at_ms: number | null;
  arrived_at_ms: number;
  /** The whole alarm as JSON, bounded. */
  body: string;
}

export interface IncidentRow {
  id: string;
  state: string;
  severity: string;
  opened_at_ms: number;
  updated_at_ms: number;
  resolved_at_ms: number | null;
  merged_into: string | null;
  /** Number of its last transition: an older one never overwrites a newer. */
  sequence: number;
  body: string;
  bookkeeping: string;
}

/** An alarm of a merged incident has two rows: the one that goes on is where `merged_into` is null. */
export interface IncidentMemberRow {
  incident_id: string;
  alarm_id: string;
}

/** What happened, only ever added to. */
export interface EventRow {
  id: string;
  at_ms: number;
  kind: string;
  incident_id: string | null;
  says: string;
  body: string;
}

/** A notification for one channel. */
export interface OutboxRow {
  id: string;
  channel: string;
  sequence: number;
  incident_id: string | null;
  kind: string;
  subject: string;
  created_at_ms: number;
  next_try_at_ms: number;
  tries: number;
  state: string;
  last_reason: string | null;
  ended_at_ms: number | null;
  /** Empty once it has ended. */
  body: string;
}

export interface SuppressionRow {
  id: string;
  kind: string;
  reason: string;
  starts_at_ms: number;
  ends_at_ms: number;
  created_by: string;
  body: string;
}

export interface CaseRow {
  name: string;
  host: string;
  incident_id: string | null;
  started_at_ms: number;
  size_bytes: number;
  status: string;
  summary: string;
}

export interface LearnedStateRow {
  detector: string;
  host: string;
  version: number;
  saved_at_ms: number;
  body: string;
}

export interface UserRow {
  name: string;
  role: string;
  /** As `scrypt$…`: never a password. */
  password_hash: string;
  failed_logins: number;
  locked_until_ms: number | null;
  created_at_ms: number;
}

export interface SessionRow {
  secret_hash: string;
  user_name: string;
  created_at_ms: number;
  expires_at_ms: number;
}

export interface TokenRow {
  secret_hash: string;
  name: string;
  /** JSON list. */
  scopes: string;
  created_by: string;
  created_at_ms: number;
  expires_at_ms: number | null;
  last_used_at_ms: number | null;
}

export interface InstanceSettingRow {
  name: string;
  value: string;
}

export interface Tables {
  alarms: AlarmRow;
  incidents: IncidentRow;
  incident_members: IncidentMemberRow;
  events: EventRow;
  outbox: OutboxRow;
  suppressions: SuppressionRow;
  cases: CaseRow;
  learned_state: LearnedStateRow;
  users: UserRow;
  sessions: SessionRow;
  tokens: TokenRow;
  instance_settings: InstanceSettingRow;
}
