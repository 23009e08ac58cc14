import type { FastifyRequest } from 'fastify';
import { Problem } from '../problems/problem.js';

/** Bytes of UTF-8 that a part of a path may have: with its tenant's name before it, still a name of the catalogue. */
const MAX_PART_BYTES = 900;

/** Refuses a path that names what no route could know or keep. @throws Problem `route_unknown` */
export function checkPath({ params }: FastifyRequest): void {
  for (const [name, value] of Object.entries(params as Record<string, string>)) {
    if (value.includes('\0')) throw unfit(name, 'contains NUL, which no name has');
    if (Buffer.byteLength(value) > MAX_PART_BYTES)
      throw unfit(name, `is longer than ${MAX_PART_BYTES} bytes, as no name is`);
  }
}

function unfit(name: string, why: string): Problem {
  return new Problem('route_unknown', `The part "${name}" of the path ${why}.`);
}
