import { Injectable } from '@nestjs/common';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { AlluviumError } from '#event-model';
import type { RouteRules } from './access-metadata.js';

/** Swagger UI brings its routes itself; they hold no data. */
const DOCS = /^\/docs(-json)?(\/.*)?$/;

export interface KnownRoute {
  readonly method: string;
  readonly url: string;
  readonly rules: RouteRules | undefined;
}

/** Methods of routes that may change something. */
const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Every route of this server with its rules; the start fails where a route has none, or changes what is not audited. */
@Injectable()
export class RouteTable {
  readonly #routes: KnownRoute[] = [];

  /** Notes every route that is registered from now on, and checks them all before the server serves. */
  watch(server: FastifyInstance): void {
    server.addHook('onRoute', (route) => this.#note(route));
    server.addHook('onReady', (done) => done(this.#unguarded() ?? this.#unaudited()));
  }

  get routes(): readonly KnownRoute[] {
    return this.#routes;
  }

  /** Whether a route of the documentation pages, which carry no rules. */
  static isDocs(url: string): boolean {
    return DOCS.test(url);
  }

  /** Methods that a requested path takes. */
  methodsOf(requested: string): readonly string[] {
    const path = requested.split('?', 1)[0] ?? '';
    const methods = this.#routes.filter(({ url }) => matches(url, path)).map(({ method }) => method);
    return [...new Set(methods)].sort();
  }

  #note(route: RouteOptions): void {
    const methods = typeof route.method === 'string' ? [route.method] : route.method;
    for (const method of methods) this.#routes.push({ method, url: route.url, rules: route.config?.rules });
  }

  #unguarded(): Error | undefined {
    const open = this.#routes.filter(({ rules, url }) => !rules && !RouteTable.isDocs(url));
    if (open.length === 0) return undefined;
    const names = open.map(({ method, url }) => `${method} ${url}`).join(', ');
    return new AlluviumError(
      `These routes say not who may call them: ${names}. Give each @RequireScope(…) or @Public().`,
      { code: 'route_unguarded', retryable: false },
    );
  }

  #unaudited(): Error | undefined {
    const open = this.#routes.filter(({ method, rules }) => CHANGING.has(method) && rules && !rules.changes);
    if (open.length === 0) return undefined;
    const names = open.map(({ method, url }) => `${method} ${url}`).join(', ');
    return new AlluviumError(
      `These routes say not what the audit record has of their changes: ${names}. Give each @Audited(…) or @ChangesNothing(…).`,
      { code: 'route_unaudited', retryable: false },
    );
  }
}

function matches(pattern: string, path: string): boolean {
  const parts = pattern.split('/');
  const given = path.split('/');
  return (
    parts.length === given.length && parts.every((part, at) => part.startsWith(':') || part === given[at])
  );
}
