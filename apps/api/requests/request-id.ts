import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const ACCEPTABLE = /^[\w.:=+/@-]{1,128}$/;

/** Takes the client's `X-Request-Id` where it is 1 to 128 harmless characters, else makes one. */
export function createRequestIds(): (request: Pick<IncomingMessage, 'headers'>) => string {
  // Unique without drawing random bytes for each of many thousand requests a second.
  const prefix = randomBytes(8).toString('hex');
  let count = 0;
  return ({ headers }) => {
    const given = headers['x-request-id'];
    return typeof given === 'string' && ACCEPTABLE.test(given)
      ? given
      : `${prefix}-${(count += 1).toString(36)}`;
  };
}
