import { Problem } from '../problems/problem.js';

const ETAG = /^"(\d{1,15})"$/;

/** The entity tag of a version. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/**
 * The version that a change is meant for; undefined where any will do.
 *
 * @throws Problem `invalid_request`
 */
export function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const version = ETAG.exec(ifMatch.trim())?.[1];
  if (version !== undefined) return Number(version);
  const mistake = {
    path: 'If-Match',
    message: 'is no ETag of this path',
    mend: 'Send the ETag that GET answered with, such as "3", or leave the header out.',
  };
  throw new Problem('invalid_request', 'If-Match can not be read.', { errors: [mistake] });
}
