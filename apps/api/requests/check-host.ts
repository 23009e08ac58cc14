import type { FastifyRequest } from 'fastify';
import { Problem } from '../problems/problem.js';

/** HTTP/1.1 asks for a Host (RFC 9112, 3.2). @throws Problem `bad_request` */
export function checkHost({ raw, headers }: FastifyRequest): void {
  if (raw.httpVersion === '1.1' && headers.host === undefined)
    throw new Problem('bad_request', 'The request has no header Host.');
}
