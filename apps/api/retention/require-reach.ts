import type { Principal } from '#access';
import { Problem } from '../problems/problem.js';

/** Retention is for all streams of a tenant. @throws Problem `forbidden` where the key is held to some of them */
export function requireReach({ streams }: Principal): void {
  if (streams)
    throw new Problem('forbidden', 'The key is held to some streams, and retention is for all of them.');
}
