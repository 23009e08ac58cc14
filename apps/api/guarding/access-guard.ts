import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Access, AccessError, type Principal, type Scope } from '#access';
import { Refusals } from '../audit/refusals.js';
import { Problem } from '../problems/problem.js';
import type { RouteAccess } from './access-metadata.js';
import { isLoopbackPeer } from './loopback.js';
import { RouteTable } from './route-table.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends the request; absent on public routes. */
    principal?: Principal;
  }
}

/**
 * Denies every request that its route's rules don't allow. It runs before a body is read, so that strangers can't make
 * the server hold bytes; hence a hook of the HTTP server and no guard of the framework, which runs behind the body.
 */
@Injectable()
export class AccessGuard {
  constructor(
    @Inject(Access) private readonly access: Access,
    @Inject(Refusals) private readonly refusals: Refusals,
  ) {}

  /** @throws Problem `unauthenticated` or `forbidden`. */
  async check(request: FastifyRequest): Promise<void> {
    const rules = request.routeOptions.config.rules;
    if (request.is404 || (!rules && RouteTable.isDocs(request.routeOptions.url ?? ''))) return;
    if (!rules) throw new Problem('forbidden', 'This route says not who may call it.');
    if (rules.access.kind === 'scope') await this.#checkScope(request, rules.access);
  }

  /** Who sends a request to a public route; undefined without a valid key. */
  async visitor(request: FastifyRequest): Promise<Principal | undefined> {
    const found = await this.access.authenticate(request.headers.authorization);
    return found instanceof AccessError ? undefined : found;
  }

  async #checkScope(request: FastifyRequest, rules: RouteAccess & { kind: 'scope' }): Promise<void> {
    const { authorization } = request.headers;
    if (rules.orLoopback && authorization === undefined && isLoopbackPeer(request)) return;
    const found = await this.access.authenticate(authorization);
    if (found instanceof AccessError) {
      this.refusals.count(request, found.code, undefined);
      throw found;
    }
    if (!rules.anyOf.some((scope) => found.scopes.has(scope))) {
      this.refusals.count(request, 'forbidden', found);
      throw lacks(rules.anyOf);
    }
    request.principal = found;
  }
}

function lacks(anyOf: readonly Scope[]): Problem {
  return new Problem('forbidden', `The key lacks the scope ${anyOf.join(' or ')}.`);
}
