import { Transform } from 'node:stream';
import { lateError, MARK_BYTES, markOf } from './late-error.js';

/** Hands bytes on; fails where the server says behind them that the statement failed after all. */
export function untilMark(tag: string | undefined): Transform {
  let held = Buffer.alloc(0);
  let failed = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      held = Buffer.concat([held, chunk]);
      failed ||= markOf(held, tag) >= 0;
      const end = failed ? 0 : Math.max(0, held.length - MARK_BYTES);
      const safe = held.subarray(0, end);
      held = held.subarray(end);
      done(null, safe);
    },
    flush(done) {
      const mark = markOf(held, tag);
      if (mark >= 0) done(lateError(held, mark));
      else done(null, held);
    },
  });
}
