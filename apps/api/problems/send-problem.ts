import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from './problem.js';

/** Content type of every answer that isn't a success (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Answers with a problem, unless the client has gone or an answer is under way already. */
export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): void {
  if (reply.sent || reply.raw.destroyed) return;
  void reply
    .code(problem.status)
    .headers({ ...problem.headers, 'x-request-id': request.id, 'x-content-type-options': 'nosniff' })
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problem.toBody(`urn:request:${request.id}`)));
}
