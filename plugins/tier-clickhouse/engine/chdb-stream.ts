import type { Session } from 'chdb';
import type { TextPiece } from './engine.js';
import { withinTime } from './work-time.js';

export interface TextStream {
  /** Opens a session for the stream alone; takes a third of a millisecond. */
  readonly open: () => Session;
  /** A SELECT of one String column. */
  readonly statement: string;
  /** Waits for a turn and works in it. */
  readonly turn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Ends the statement where it works now. */
  readonly kill: () => void;
  readonly signal: AbortSignal;
  /** Milliseconds of work in all. */
  readonly timeoutMs: number;
}

/**
 * Reads a statement's column piece by piece. The engine stands still between two pieces, so its own time limit would count
 * a slow reader's time: the limit here is on the work. The session is closed however the reading ends, since a statement
 * that failed, or that nobody reads on, stays among the running ones until then.
 */
export async function* streamText(stream: TextStream): AsyncGenerator<TextPiece> {
  const session = stream.open();
  const clock = { leftMs: stream.timeoutMs };
  // While the reader takes its time there is no work to kill: closing ends the statement at once.
  const close = (): void => session.close();
  try {
    const pieces = session.queryStream(stream.statement, { format: 'TSVRaw' })[Symbol.asyncIterator]();
    for (;;) {
      const next = await stream.turn(() => withinTime(clock, stream.kill, () => pieces.next()));
      // A session that was closed meanwhile would pass for the end of the rows.
      stream.signal.throwIfAborted();
      if (next.done) return;
      stream.signal.addEventListener('abort', close, { once: true });
      yield { bytes: next.value.raw(), rows: next.value.numRows };
      stream.signal.removeEventListener('abort', close);
      stream.signal.throwIfAborted();
    }
  } finally {
    stream.signal.removeEventListener('abort', close);
    close();
  }
}
