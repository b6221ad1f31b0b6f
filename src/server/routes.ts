import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Person, Scope } from './who.ts';

/** The HTTP server with zod's types. */
export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a request needs; without one it is open to everybody. */
    readonly scope?: Scope;
  }
  interface FastifyRequest {
    person: Person | undefined;
  }
}

/** Who asked, for the routes behind the door. */
export function personOf(request: FastifyRequest): Person {
  if (request.person === undefined) throw new Error('a route without a scope asked who it is');
  return request.person;
}
