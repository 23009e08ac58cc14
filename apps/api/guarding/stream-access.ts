import type { Principal } from '#access';
import { Problem } from '../problems/problem.js';

/** @throws Problem `forbidden` where the key is held to other streams. */
export function requireStream({ streams }: Principal, stream: string): void {
  if (streams && !streams.has(stream))
    throw new Problem('forbidden', `The key may not touch the stream "${stream}".`);
}

/** Whether the key may touch a stream. */
export function mayTouch({ streams }: Principal, stream: string): boolean {
  return streams === undefined || streams.has(stream);
}
