import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth, ApiSecurity } from '@nestjs/swagger';
import type { Scope } from '#access';
import type { AuditAction } from '#audit';

/** Who may call a route, and what body it takes: a route without it fails the start. */
export type RouteAccess =
  | { readonly kind: 'public' }
  | { readonly kind: 'scope'; readonly anyOf: readonly Scope[]; readonly orLoopback: boolean };

export interface RouteRules {
  readonly access: RouteAccess;
  readonly body: 'json' | 'events';
  /** What the audit record calls its change; `nothing` where it changes nothing. A route that writes must say so. */
  readonly changes?: AuditAction | 'nothing';
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
  return applyDecorators(addRules({ access, body: options.body ?? 'json' }), ApiBearerAuth());
}

/** The route needs no key: it tells nothing that its callers mustn't know. */
export function Public(): MethodDecorator {
  return applyDecorators(addRules({ access: { kind: 'public' }, body: 'json' }), ApiSecurity({}));
}

/**
 * The route changes nothing that is administered, although its method could.
 *
 * @param _because what it does instead, for whoever reads the code
 */
export function ChangesNothing(_because: string): MethodDecorator {
  return addRules({ changes: 'nothing' });
}

const RULES = Symbol('RouteRules');

/** Adds to the rules that other decorators gave the route. */
export function addRules(rules: Partial<RouteRules>): MethodDecorator {
  return (target, name, descriptor) => {
    const handler = descriptor.value as object;
    const all = { ...(Reflect.getMetadata(RULES, handler) as Partial<RouteRules> | undefined), ...rules };
    Reflect.defineMetadata(RULES, all, handler);
    RouteConfig({ rules: all })(target, name, descriptor);
  };
}
