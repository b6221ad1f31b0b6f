import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sessionByHash, tokenByHash, userByName } from '../store/people.ts';
import type { Store } from '../store/open.ts';
import { secretHash } from './passwords.ts';

/** What somebody may do: look, act (silences, what is dealt with), manage people and tokens, hand in alerts. */
export const scopes = ['read', 'write', 'admin', 'alerts'] as const;
export type Scope = (typeof scopes)[number];

export const roles = { admin: ['read', 'write', 'admin', 'alerts'], operator: ['read', 'write'], viewer: ['read'] } as const satisfies Readonly<Record<string, readonly Scope[]>>;
export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles) as [Role, ...Role[]];

/** Who asks. */
export interface Person {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Of a session: what has to come with every request that changes something. */
  readonly csrfToken?: string;
}

export const sessionCookie = 'culprit_session';
export const csrfHeader = 'x-culprit-csrf';

const rolesOf = (role: string): readonly Scope[] => (Object.hasOwn(roles, role) ? roles[role as Role] : []);

/** Follows from the session's secret, so that nothing more has to be kept. */
const csrfTokenOf = (secret: string): string => createHmac('sha256', secret).update('csrf').digest('base64url');

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function bearerOf({ headers: { authorization = '' } }: FastifyRequest): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,500})$/i.exec(authorization)?.[1];
}

/** Finds out who asks: by a token, or by the cookie of a session. Undefined: nobody that is known. */
export async function whoAsks(request: FastifyRequest, store: Store, nowMs: number): Promise<Person | undefined> {
  const token = bearerOf(request);
  if (token !== undefined) {
    const entry = await store.read((db) => tokenByHash(db, secretHash(token), nowMs));
    return entry && { name: `token ${entry.name}`, scopes: scopes.filter((scope) => entry.scopes.includes(scope)) };
  }
  const secret = request.cookies[sessionCookie];
  if (secret === undefined || secret.length > 200) return undefined;
  const session = await store.read((db) => sessionByHash(db, secretHash(secret), nowMs));
  const user = session && (await store.read((db) => userByName(db, session.user_name)));
  return user && { name: user.name, scopes: rolesOf(user.role), csrfToken: csrfTokenOf(secret) };
}

const changes = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method);

export type Refusal = { readonly status: 401 | 403; readonly says: string };

/** Why a request is turned away; undefined when it may go on. */
export function refusalOf(person: Person | undefined, scope: Scope, { method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): Refusal | undefined {
  if (person === undefined) return { status: 401, says: 'Log in, or send a token: Authorization: Bearer …' };
  if (!person.scopes.includes(scope)) return { status: 403, says: `This needs the right "${scope}", which ${person.name} does not have.` };
  const given = headers[csrfHeader];
  if (changes(method) && person.csrfToken !== undefined && (typeof given !== 'string' || !sameText(given, person.csrfToken))) {
    return { status: 403, says: `The header ${csrfHeader} is missing or wrong; GET /api/v1/session tells it.` };
  }
  return undefined;
}

export async function turnAway(reply: FastifyReply, { status, says }: Refusal): Promise<void> {
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="culprit"');
  await reply.code(status).send({ error: status === 401 ? 'unauthorized' : 'forbidden', message: says });
}
