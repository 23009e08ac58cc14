import { MAX_KEY_BYTES } from './event-limits.js';
import type { JsonMember } from './json-value.js';

const SHOWN = 80;

/** What a parser says of an object that storage would refuse for a key of more than 256 bytes; undefined for any other. */
export function longKeyMessage(members: readonly JsonMember[]): string | undefined {
  const long = members.find(
    ({ key }) => key.length * 3 > MAX_KEY_BYTES && Buffer.byteLength(key) > MAX_KEY_BYTES,
  );
  return (
    long &&
    `A key is ${Buffer.byteLength(long.key)} bytes long; ${MAX_KEY_BYTES} are the most: "${long.key.slice(0, SHOWN)}…".`
  );
}
