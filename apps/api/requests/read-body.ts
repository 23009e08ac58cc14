import type { Readable } from 'node:stream';
import { Problem } from '../problems/problem.js';
import type { BodyHold } from './body-budget.js';
import type { SlowSenders } from './slow-senders.js';

/** What reading a body needs to know of its request. */
export interface BodySource {
  readonly stream: Readable;
  /** Bytes. */
  readonly limit: number;
  /** What the body takes of the memory for bodies; grows with it. */
  readonly hold: Pick<BodyHold, 'grow'>;
  readonly senders: SlowSenders;
}

/**
 * Reads a body into one buffer, copying its bytes at most once; a body of one chunk not at all. Errors are Problems:
 * `body_too_large`, `busy`, `request_timeout`, `bad_request`.
 */
export function readBody(source: BodySource, done: (error: Error | null, body?: Buffer) => void): void {
  const { stream, limit, hold, senders } = source;
  const chunks: Buffer[] = [];
  let bytes = 0;
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    arrival.note(chunk.length);
    if (bytes > limit) return finish(tooLarge(limit));
    chunks.push(chunk);
    const refusal = refusalOf(() => hold.grow(chunk.length));
    if (refusal) finish(refusal);
  };
  const onEnd = (): void => finish(null);
  const onError = (): void => finish(new Problem('bad_request', 'The body ended before it was complete.'));
  const finish = (error: Error | null): void => {
    senders.forget(arrival);
    stream.off('data', onData).off('end', onEnd).off('error', onError);
    // The rest of a refused body still comes: nobody listens, and its errors are no longer of interest.
    if (error) stream.on('error', ignore);
    if (error) done(error);
    else done(null, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, bytes));
  };
  const arrival = senders.watch(() => finish(tooSlow()));
  stream.on('data', onData).on('end', onEnd).on('error', onError);
}

function ignore(): void {}

function refusalOf(act: () => void): Error | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The problem of a body over its limit in bytes, as it comes. */
export function tooLarge(limit: number): Problem {
  return new Problem('body_too_large', `The body is larger than ${limit} bytes, the most that is taken.`);
}

function tooSlow(): Problem {
  return new Problem('request_timeout', 'The body came slower than 1 KiB a second over 10 seconds.');
}
