import type { Readable } from 'node:stream';
import { Problem } from '../problems/problem.js';

/** What reading a body needs to know of its request. */
export interface BodySource {
  readonly stream: Readable;
  /** As declared by the client. */
  readonly contentLength: string | undefined;
  /** Bytes. */
  readonly limit: number;
}

/**
 * Reads a body into one buffer, copying its bytes at most once; a body of one chunk not at all. Refused before it is
 * read where its declared length is over the limit.
 */
export function readBody(source: BodySource, done: (error: Error | null, body?: Buffer) => void): void {
  const { stream, contentLength, limit } = source;
  if (Number(contentLength ?? 0) > limit) return done(tooLarge(limit));
  const chunks: Buffer[] = [];
  let bytes = 0;
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > limit) finish(tooLarge(limit));
    else chunks.push(chunk);
  };
  const onEnd = (): void => finish(null);
  const onError = (): void => finish(new Problem('bad_request', 'The body ended before it was complete.'));
  const finish = (error: Error | null): void => {
    stream.off('data', onData).off('end', onEnd).off('error', onError);
    if (error) done(error);
    else done(null, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, bytes));
  };
  stream.on('data', onData).on('end', onEnd).on('error', onError);
}

function tooLarge(limit: number): Problem {
  return new Problem('body_too_large', `The body is larger than ${limit} bytes, the most that is taken.`);
}
