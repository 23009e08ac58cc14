import type { RawPiece } from '../support/raw-request.js';

/** A request that can't be taken as it is, and the answer that it must have. */
export interface BadRequest {
  readonly name: string;
  /** Default `POST`. */
  readonly method?: string;
  /** Default: the events of the stream `bad`. */
  readonly path?: string;
  /** Instead of and besides `content-type: application/x-ndjson` and the true `content-length`. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Made when it is sent, so that large ones don't lie about in memory. */
  readonly body?: () => Buffer | string;
  /** Instead of a body: what follows the head, byte by byte. */
  readonly pieces?: () => Iterable<RawPiece>;
  /** The client ends its side of the connection when all is sent. */
  readonly end?: boolean;
  readonly status: number;
  /** Of the problem, or of the first refused event where the status is 200. */
  readonly code: string;
  /** What the answer must say besides. */
  readonly says?: string;
}

export const json = { 'content-type': 'application/json' } as const;
export const text = { 'content-type': 'text/plain' } as const;
export const EVENTS = '/api/v1/streams/bad/events';
export const MIB = 2 ** 20;

/** Headers of a body with a compression. */
export function encoded(encoding: string): Readonly<Record<string, string>> {
  return { 'content-encoding': encoding };
}
