import { z } from 'zod';
import { addSession, addUser, endSession, instanceSetting, setFailedLogins, takeInstanceSetting, userByName } from '../../store/people.ts';
import type { App } from '../routes.ts';
import type { ServerContext } from '../context.ts';
import { firstStartSetting } from '../first-start.ts';
import { fitsPassword, hashPassword, newSecret, secretHash } from '../passwords.ts';
import { scopes, sessionCookie, whoAsks } from '../who.ts';
import { errorAnswer } from './errors.ts';

const sessionMs = 12 * 3_600_000;
/** From the fifth failure on a name is locked, twice as long each time, up to an hour. */
const freeFailures = 5;
const firstLockMs = 60_000;
const longestLockMs = 3_600_000;

export const newPassword = z.string().min(12, 'at least 12 characters').max(1_000);
export const personName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$/, 'letters, digits, point, dash, underscore and @');
const login = z.object({ name: z.string().max(300), password: z.string().max(1_000) });
const me = z.object({ name: z.string(), scopes: z.array(z.enum(scopes)), csrfToken: z.string().optional() });

/** Takes as long as a real look, so that names cannot be told by time. */
const nobodysHash = hashPassword(newSecret());

/** Logging in and out, and the first start. */
export function sessionRoutes(app: App, { store, clock, settings, log }: ServerContext): void {
  const secure = settings.http.publicUrl?.startsWith('https:') === true;
  const cookieOptions = { httpOnly: true, sameSite: 'strict', secure, path: '/', maxAge: sessionMs / 1_000 } as const;
  app.post('/api/v1/session', { schema: { tags: ['session'], summary: 'Log in', body: login, response: { 200: z.object({ name: z.string() }), 401: errorAnswer, 429: errorAnswer } } }, async ({ body: { name, password } }, reply) => {
    const nowMs = clock.nowMs();
    const user = await store.read((db) => userByName(db, name));
    if (user !== undefined && user.locked_until_ms !== null && user.locked_until_ms > nowMs) {
      return reply.code(429).send({ error: 'locked', message: `Too many wrong passwords. Try again in ${Math.ceil((user.locked_until_ms - nowMs) / 60_000)} min.` });
    }
    const fits = await fitsPassword(password, user?.password_hash ?? (await nobodysHash));
    if (user === undefined || !fits) {
      if (user !== undefined) {
        const failures = user.failed_logins + 1;
        const lockedUntilMs = failures < freeFailures ? undefined : nowMs + Math.min(longestLockMs, firstLockMs * 2 ** Math.min(failures - freeFailures, 10));
        await store.write((db) => setFailedLogins(db, user, failures, lockedUntilMs));
        if (lockedUntilMs !== undefined) log('warn', `The login of ${user.name} is locked after ${failures} wrong passwords.`);
      }
      return reply.code(401).send({ error: 'unauthorized', message: 'Name or password are wrong.' });
    }
    const secret = newSecret();
    await store.write(async (db) => {
      if (user.failed_logins > 0) await setFailedLogins(db, user, 0, undefined);
      await addSession(db, { secret_hash: secretHash(secret), user_name: user.name, created_at_ms: nowMs, expires_at_ms: nowMs + sessionMs });
    });
    return reply.setCookie(sessionCookie, secret, cookieOptions).send({ name: user.name });
  });
  app.get('/api/v1/session', { schema: { tags: ['session'], summary: 'Who asks', response: { 200: me, 401: errorAnswer } } }, async (request, reply) => {
    const person = await whoAsks(request, store, clock.nowMs());
    if (person === undefined) return reply.code(401).send({ error: 'unauthorized', message: 'Nobody is logged in.' });
    return { name: person.name, scopes: [...person.scopes], ...(person.csrfToken === undefined ? {} : { csrfToken: person.csrfToken }) };
  });
  app.delete('/api/v1/session', { config: { scope: 'read' }, schema: { tags: ['session'], summary: 'Log out', response: { 204: z.null() } } }, async (request, reply) => {
    const secret = request.cookies[sessionCookie];
    if (secret !== undefined) await store.write((db) => endSession(db, secretHash(secret)));
    return reply.clearCookie(sessionCookie, { path: '/' }).code(204).send(null);
  });
  app.post('/api/v1/first-start', { schema: { tags: ['session'], summary: 'Make the first admin, with the token that the log showed', body: z.object({ token: z.string().max(200), name: personName, password: newPassword }), response: { 201: z.object({ name: z.string() }), 403: errorAnswer } } }, async ({ body: { token, name, password } }, reply) => {
    const hash = secretHash(token);
    const refused = { error: 'forbidden', message: 'The token is wrong, or has been used.' } as const;
    if ((await store.read((db) => instanceSetting(db, firstStartSetting))) !== hash) return reply.code(403).send(refused);
    const passwordHash = await hashPassword(password);
    if (!(await store.write((db) => takeInstanceSetting(db, firstStartSetting, hash)))) return reply.code(403).send(refused);
    await store.write((db) => addUser(db, { name, role: 'admin', passwordHash, createdAtMs: clock.nowMs() }));
    log('info', `${name} is the first admin.`);
    return reply.code(201).send({ name });
  });
}
