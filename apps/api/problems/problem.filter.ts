import { Catch, Inject, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RouteTable } from '../guarding/route-table.js';
import { RequestMetrics } from '../metrics/request-metrics.js';
import { problemOf } from './problem-of.js';
import { Problem } from './problem.js';
import { sendProblem } from './send-problem.js';

/** Turns every error, of whatever layer, into the one form of answer; logs what the client isn't told. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger = new Logger('Api');

  constructor(
    @Inject(RouteTable) private readonly routes: RouteTable,
    @Inject(RequestMetrics) private readonly metrics: RequestMetrics,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  private answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = this.refine(problemOf(error), request);
    this.metrics.countProblem(problem.code);
    this.log(problem, request);
    sendProblem(problem, request, reply);
  }

  /** A path that is there for other methods is no unknown path. */
  private refine(problem: Problem, request: FastifyRequest): Problem {
    if (problem.code !== 'route_unknown') return problem;
    const allowed = this.routes.methodsOf(request.url);
    if (allowed.length === 0) return new Problem('route_unknown', `${request.method} has no such path.`);
    // A route's own answer: the path is of its form, and yet there is nothing.
    if (allowed.includes(request.method)) return problem;
    return new Problem('method_not_allowed', `This path does not take ${request.method}.`, {
      headers: { allow: allowed.join(', ') },
    });
  }

  private log(problem: Problem, request: FastifyRequest): void {
    if (problem.status < 500) return;
    const cause = problem.cause instanceof Error ? (problem.cause.stack ?? problem.cause.message) : '';
    const line = `${problem.code}: ${problem.message} request=${request.id} ${cause}`;
    if (problem.status === 500) this.#logger.error(line);
    else this.#logger.warn(line);
  }
}
