import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth, ApiSecurity } from '@nestjs/swagger';
import type { Scope } from '#access';

/** Who may call a route, and what body it takes: a route without it fails the start. */
export type RouteAccess =
  | { readonly kind: 'public' }
  | { readonly kind: 'scope'; readonly anyOf: readonly Scope[]; readonly orLoopback: boolean };

export interface RouteRules {
  readonly access: RouteAccess;
  readonly body: 'json' | 'events';
}

export interface ScopeOptions {
  /** Callers on this machine need no key. Default false. */
  readonly orLoopback?: boolean;
  /** What the route reads: a JSON object (default), or events as they come. */
  readonly body?: 'json' | 'events';
}

declare module 'fastify' {
  interface FastifyContextConfig {
    rules?: RouteRules;
  }
}

/** The route needs a key that has the scope, or one of them. */
export function RequireScope(scope: Scope | readonly Scope[], options: ScopeOptions = {}): MethodDecorator {
  const anyOf = typeof scope === 'string' ? [scope] : scope;
  const access: RouteAccess = { kind: 'scope', anyOf, orLoopback: options.orLoopback ?? false };
  return applyDecorators(rulesOf({ access, body: options.body ?? 'json' }), ApiBearerAuth());
}

/** The route needs no key: it tells nothing that its callers mustn't know. */
export function Public(): MethodDecorator {
  return applyDecorators(rulesOf({ access: { kind: 'public' }, body: 'json' }), ApiSecurity({}));
}

function rulesOf(rules: RouteRules): MethodDecorator {
  return RouteConfig({ rules });
}
