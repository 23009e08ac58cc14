import type { EventSource } from '../event-source.js';

/** Events of one stream, as one request sends them. */
export interface Delivery {
  /** Undefined: the default stream of the key. */
  readonly stream: string | undefined;
  readonly events: number;
  readonly body: Buffer;
}

/** Requests a second that a paced run should not exceed, so that its load is even and its requests few. */
const REQUESTS_A_SECOND = 20;
/** Events of a request that make one block of the server full, more or less. */
const MAX_EVENTS = 1_000;

/** How many events go together: a twentieth of a second's worth, at most what fills a block. */
export function batchSize(rate: number | undefined): number {
  if (rate === undefined) return MAX_EVENTS;
  return Math.min(MAX_EVENTS, Math.max(1, Math.round(rate / REQUESTS_A_SECOND)));
}

/**
 * Makes the next events and puts them together by stream.
 *
 * @param streamOf where an event of a category goes
 */
export function makeDeliveries(
  source: EventSource,
  count: number,
  streamOf: (category: { readonly stream: string }) => string | undefined,
): readonly Delivery[] {
  const lines = new Map<string | undefined, string[]>();
  for (let made = 0; made < count; made += 1) {
    const { category, line } = source.next();
    const stream = streamOf(category);
    const list = lines.get(stream);
    if (list) list.push(line);
    else lines.set(stream, [line]);
  }
  return [...lines].map(([stream, list]) => ({
    stream,
    events: list.length,
    body: Buffer.from(`${list.join('\n')}\n`),
  }));
}
