/** What is wrong with a frame. */
export type FrameFault =
  /** Longer than allowed: these are its first bytes. */
  | 'too_long'
  /** The stream ended before the line's end; its bytes may be all of it. */
  | 'unterminated'
  /** The stream ended before the bytes that were announced. */
  | 'cut';

/** A message of a byte stream, without its end. Its bytes may be a part of the chunk that was pushed. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly fault?: FrameFault;
}

/** Finds the messages of one byte stream, chunk by chunk. */
export interface MessageFramer {
  /** The messages that end in this chunk. */
  push(chunk: Uint8Array): readonly Frame[];
  /** What is left when the stream has ended: one message at most, with its fault. */
  finish(): readonly Frame[];
  /** Why the stream can't be read on: 1 to 64 of a-z, 0-9 and _. Undefined while it can. */
  readonly broken: string | undefined;
}
