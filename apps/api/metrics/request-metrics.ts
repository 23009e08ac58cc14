import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Counter, type Registry } from 'prom-client';
import { METRICS } from '#observability';

/** Counts requests by route, method and class of status, and problems by code. */
@Injectable()
export class RequestMetrics {
  readonly #requests: Counter;
  readonly #problems: Counter;

  constructor(@Inject(METRICS) registry: Registry) {
    this.#requests = new Counter({
      name: 'alluvium_http_requests_total',
      help: 'Requests answered, by route, method and status.',
      labelNames: ['route', 'method', 'status'],
      registers: [registry],
    });
    this.#problems = new Counter({
      name: 'alluvium_http_problems_total',
      help: 'Requests answered with a problem, by its code.',
      labelNames: ['code'],
      registers: [registry],
    });
  }

  countRequest(request: FastifyRequest, reply: FastifyReply): void {
    const route = request.routeOptions.url ?? 'unknown';
    this.#requests.inc({ route, method: request.method, status: reply.statusCode });
  }

  countProblem(code: string): void {
    this.#problems.inc({ code });
  }
}
