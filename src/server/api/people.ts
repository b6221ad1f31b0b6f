import { z } from 'zod';
import { addToken, addUser, changePassword, listTokens, listUsers, removeToken, removeUser, userByName } from '../../store/people.ts';
import { personOf, type App } from '../routes.ts';
import type { ServerContext } from '../context.ts';
import { hashPassword, newSecret, secretHash } from '../passwords.ts';
import { roleNames, scopes } from '../who.ts';
import { errorAnswer } from './errors.ts';
import { newPassword, personName } from './session.ts';

const tokenName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'letters, digits, point, dash and underscore');
const nothing = z.null();
const named = z.object({ name: z.string().min(1).max(300) });

/** Users and tokens. */
export function peopleRoutes(app: App, { store, clock }: ServerContext): void {
  app.get('/api/v1/users', { config: { scope: 'admin' }, schema: { tags: ['people'], summary: 'Users', response: { 200: z.object({ users: z.array(z.object({ name: z.string(), role: z.string(), createdAtMs: z.number() })) }) } } }, async () => ({ users: await store.read(listUsers) }));
  app.post('/api/v1/users', { config: { scope: 'admin' }, schema: { tags: ['people'], summary: 'Add a user', body: z.object({ name: personName, role: z.enum(roleNames), password: newPassword }), response: { 201: z.object({ name: z.string() }), 409: errorAnswer } } }, async ({ body: { name, role, password } }, reply) => {
    const passwordHash = await hashPassword(password);
    const added = await store.write((db) => addUser(db, { name, role, passwordHash, createdAtMs: clock.nowMs() }));
    return added ? reply.code(201).send({ name }) : reply.code(409).send({ error: 'exists', message: `There is a user ${name} already.` });
  });
  app.put('/api/v1/users/:name/password', { config: { scope: 'admin' }, schema: { tags: ['people'], summary: 'Give a user another password, which ends all sessions', params: named, body: z.object({ password: newPassword }), response: { 204: nothing, 404: errorAnswer } } }, async ({ params: { name }, body: { password } }, reply) => {
    if ((await store.read((db) => userByName(db, name))) === undefined) return reply.code(404).send({ error: 'not-found', message: 'There is no such user.' });
    const hash = await hashPassword(password);
    await store.write((db) => changePassword(db, name, hash));
    return reply.code(204).send(null);
  });
  app.delete('/api/v1/users/:name', { config: { scope: 'admin' }, schema: { tags: ['people'], summary: 'Remove a user', params: named, response: { 204: nothing, 409: errorAnswer } } }, async (request, reply) => {
    const { name } = request.params;
    if (name === personOf(request).name) return reply.code(409).send({ error: 'yourself', message: 'Nobody removes themselves: another admin has to.' });
    await store.write((db) => removeUser(db, name));
    return reply.code(204).send(null);
  });
  app.get('/api/v1/tokens', { config: { scope: 'admin' }, schema: { tags: ['people'], summary: 'Tokens, without their secrets', response: { 200: z.object({ tokens: z.array(z.object({ name: z.string(), scopes: z.array(z.string()), createdBy: z.string(), createdAtMs: z.number(), expiresAtMs: z.number().optional() })) }) } } }, async () => ({
    tokens: (await store.read(listTokens)).map((token) => ({ ...token, scopes: [...token.scopes] })),
  }));
  app.post('/api/v1/tokens', { config: { scope: 'admin' }, schema: { tags: ['people'], summary: 'Make a token; its secret is shown this once', body: z.object({ name: tokenName, scopes: z.array(z.enum(scopes)).min(1), expiresAtMs: z.number().optional() }), response: { 201: z.object({ name: z.string(), secret: z.string() }), 409: errorAnswer } } }, async (request, reply) => {
    const { name, scopes: wanted, expiresAtMs } = request.body;
    if ((await store.read(listTokens)).some((token) => token.name === name)) return reply.code(409).send({ error: 'exists', message: `There is a token ${name} already.` });
    const secret = newSecret();
    await store.write((db) => addToken(db, secretHash(secret), { name, scopes: [...new Set(wanted)], createdBy: personOf(request).name, createdAtMs: clock.nowMs(), ...(expiresAtMs === undefined ? {} : { expiresAtMs }) }));
    return reply.code(201).send({ name, secret });
  });
  app.delete('/api/v1/tokens/:name', { config: { scope: 'admin' }, schema: { tags: ['people'], summary: 'Take a token back', params: named, response: { 204: nothing } } }, async ({ params: { name } }, reply) => {
    await store.write((db) => removeToken(db, name));
    return reply.code(204).send(null);
  });
}
