import type { FindCursor } from 'mongodb';
import { TierError, type StreamSpec } from '#plugin-kit';
import { eventReader, type EventView } from '../documents/event-view.js';
import type { EventDocument } from '../documents/event-document.js';
import { toTierError } from '../store/mongo-store.js';
import type { Test } from './text-tests.js';

/** Documents that one answer of the server has. */
export const READ_AT_ONCE = 500;

/** What reading is held to. */
export interface ReadingLimits {
  /** When it is given up: milliseconds, as `performance.now` counts. */
  readonly until?: number;
  readonly signal?: AbortSignal | undefined;
}

/** What was read, for the answer's statistics. */
export interface ReadAmount {
  rows: number;
  bytes: number;
}

/** The events of a cursor that fit, one after the other. Who stops early ends the server's work. */
export async function* readEvents(
  cursor: FindCursor<EventDocument>,
  {
    stream,
    test,
    amount,
  }: { readonly stream: StreamSpec; readonly test: Test | undefined; readonly amount: ReadAmount },
  { until, signal }: ReadingLimits,
): AsyncGenerator<EventView> {
  const read = eventReader(stream);
  try {
    for (;;) {
      signal?.throwIfAborted();
      if (until !== undefined && performance.now() > until) throw outOfTime();
      const document = await cursor.next().catch((error: unknown) => {
        throw toTierError(error);
      });
      if (document === null) return;
      amount.rows += 1;
      amount.bytes += document._line.length;
      const view = read(document);
      if (test === undefined || test(view)) yield view;
    }
  } finally {
    await cursor.close().catch(() => undefined);
  }
}

function outOfTime(): TierError {
  const why = 'No index answers all of its conditions, so that events were read one by one';
  return new TierError(
    'timeout',
    `${why}: ask about less time, or by source, event_type, user_id or another indexed field.`,
  );
}
