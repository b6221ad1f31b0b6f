import { z } from 'zod';
import { idText, jsonText, storable, wholeMs } from './bounds.ts';
import type { Db } from './open.ts';
import type { SessionRow, TokenRow, UserRow } from './tables.ts';

/** A hash of a secret, made by the caller: `scrypt$…` of a password, SHA-256 in hexadecimal of a random token. What is not one is refused, so that no secret gets in. */
const passwordHash = /^scrypt\$[\x21-\x7e]{20,500}$/;
const secretHash = /^[0-9a-f]{64}$/;

function checked(hash: string, form: RegExp): string {
  if (!form.test(hash)) throw new TypeError('not the hash of a secret');
  return hash;
}

/** False when there is a user of this name with another password. */
export async function addUser(db: Db, user: { readonly name: string; readonly role: string; readonly passwordHash: string; readonly createdAtMs: number }): Promise<boolean> {
  const hash = checked(user.passwordHash, passwordHash);
  const row = { name: idText(user.name), role: storable(user.role, 100), password_hash: hash, failed_logins: 0, created_at_ms: wholeMs(user.createdAtMs) };
  await db.insertInto('users').values(row).onConflict((conflict) => conflict.column('name').doNothing()).execute();
  return (await userByName(db, user.name))?.password_hash === hash;
}

export async function userByName(db: Db, name: string): Promise<UserRow | undefined> {
  // Names come from a login page: PostgreSQL takes no NUL.
  return db.selectFrom('users').selectAll().where('name', '=', storable(name, 300)).executeTakeFirst();
}

export async function anyUser(db: Db): Promise<boolean> {
  return (await db.selectFrom('users').select('name').limit(1).executeTakeFirst()) !== undefined;
}

export async function listUsers(db: Db): Promise<{ readonly name: string; readonly role: string; readonly createdAtMs: number }[]> {
  const rows = await db.selectFrom('users').select(['name', 'role', 'created_at_ms']).orderBy('name').execute();
  return rows.map(({ name, role, created_at_ms }) => ({ name, role, createdAtMs: created_at_ms }));
}

/** A new password ends the user's sessions. */
export async function changePassword(db: Db, name: string, hash: string): Promise<void> {
  await db.updateTable('users').set({ password_hash: checked(hash, passwordHash), failed_logins: 0, locked_until_ms: null }).where('name', '=', name).execute();
  await db.deleteFrom('sessions').where('user_name', '=', name).execute();
}

export async function removeUser(db: Db, name: string): Promise<void> {
  await db.deleteFrom('users').where('name', '=', name).execute();
}

/** Counts failed logins, from the number that was read: two that fail at once, or one that is written twice, count once. */
export async function setFailedLogins(db: Db, { name, failed_logins: before }: UserRow, failedLogins: number, lockedUntilMs: number | undefined): Promise<void> {
  await db
    .updateTable('users')
    .set({ failed_logins: failedLogins, locked_until_ms: lockedUntilMs === undefined ? null : wholeMs(lockedUntilMs) })
    .where('name', '=', name)
    .where('failed_logins', '=', before)
    .execute();
}

export async function addSession(db: Db, session: SessionRow): Promise<void> {
  await db.insertInto('sessions').values({ ...session, secret_hash: checked(session.secret_hash, secretHash) }).onConflict((conflict) => conflict.column('secret_hash').doNothing()).execute();
}

export async function sessionByHash(db: Db, hash: string, nowMs: number): Promise<SessionRow | undefined> {
  return db.selectFrom('sessions').selectAll().where('secret_hash', '=', checked(hash, secretHash)).where('expires_at_ms', '>', nowMs).executeTakeFirst();
}

export async function endSession(db: Db, hash: string): Promise<void> {
  await db.deleteFrom('sessions').where('secret_hash', '=', hash).execute();
}

/** Sessions and tokens that nobody can use any more. */
export async function removeExpired(db: Db, nowMs: number): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at_ms', '<=', nowMs).execute();
  await db.deleteFrom('tokens').where('expires_at_ms', '<=', nowMs).execute();
}

export interface TokenEntry {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs?: number;
}

export async function addToken(db: Db, hash: string, { name, scopes, createdBy, createdAtMs, expiresAtMs }: TokenEntry): Promise<void> {
  const row = {
    secret_hash: checked(hash, secretHash),
    name: idText(name),
    scopes: jsonText(scopes, 10_000),
    created_by: storable(createdBy, 300),
    created_at_ms: wholeMs(createdAtMs),
    expires_at_ms: expiresAtMs === undefined ? null : wholeMs(expiresAtMs),
  };
  await db.insertInto('tokens').values(row).onConflict((conflict) => conflict.column('secret_hash').doNothing()).execute();
}

function tokenOf({ name, scopes, created_by, created_at_ms, expires_at_ms }: TokenRow): TokenEntry {
  return { name, scopes: z.array(z.string()).parse(JSON.parse(scopes)), createdBy: created_by, createdAtMs: created_at_ms, ...(expires_at_ms === null ? {} : { expiresAtMs: expires_at_ms }) };
}

export async function tokenByHash(db: Db, hash: string, nowMs: number): Promise<TokenEntry | undefined> {
  const row = await db.selectFrom('tokens').selectAll().where('secret_hash', '=', checked(hash, secretHash)).executeTakeFirst();
  return row === undefined || (row.expires_at_ms !== null && row.expires_at_ms <= nowMs) ? undefined : tokenOf(row);
}

export async function listTokens(db: Db): Promise<TokenEntry[]> {
  return (await db.selectFrom('tokens').selectAll().orderBy('name').execute()).map(tokenOf);
}

export async function removeToken(db: Db, name: string): Promise<void> {
  await db.deleteFrom('tokens').where('name', '=', name).execute();
}

/** Settings of this installation that no file has, such as the hash of the token of the first start. */
export async function setInstanceSetting(db: Db, name: string, value: string): Promise<void> {
  const row = { name: idText(name), value: storable(value, 100_000) };
  await db.insertInto('instance_settings').values(row).onConflict((conflict) => conflict.column('name').doUpdateSet({ value: row.value })).execute();
}

export async function instanceSetting(db: Db, name: string): Promise<string | undefined> {
  return (await db.selectFrom('instance_settings').select('value').where('name', '=', name).executeTakeFirst())?.value;
}

/** Takes a setting away, and says whether it was there with this value: of two who use a one-time token at once, one gets in. Not to be repeated by itself: the second time says no. */
export async function takeInstanceSetting(db: Db, name: string, value: string): Promise<boolean> {
  const rows = await db.deleteFrom('instance_settings').where('name', '=', name).where('value', '=', value).returning('name').execute();
  return rows.length === 1;
}
