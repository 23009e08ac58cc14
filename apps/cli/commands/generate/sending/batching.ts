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

/** Bytes of a request, above which the next event goes into another one; the server takes 16 MiB unless set otherwise. */
const MAX_BYTES = 1024 * 1024;

/** Lines of one stream that are not yet a request. */
interface Gathered {
  readonly lines: string[];
  bytes: number;
}

/**
 * Makes the next events and puts them together by stream. Large events make more requests than one.
 *
 * @param streamOf where an event of a category goes
 */
export function makeDeliveries(
  source: EventSource,
  count: number,
  streamOf: (category: { readonly stream: string }) => string | undefined,
): readonly Delivery[] {
  const open = new Map<string | undefined, Gathered>();
  const deliveries: Delivery[] = [];
  for (let made = 0; made < count; made += 1) {
    const { category, line } = source.next();
    const stream = streamOf(category);
    const gathered = open.get(stream) ?? { lines: [], bytes: 0 };
    open.set(stream, gathered);
    gathered.lines.push(line);
    gathered.bytes += line.length;
    if (gathered.bytes < MAX_BYTES) continue;
    open.delete(stream);
    deliveries.push(close(stream, gathered));
  }
  return [...deliveries, ...[...open].map(([stream, gathered]) => close(stream, gathered))];
}

function close(stream: string | undefined, { lines }: Gathered): Delivery {
  return { stream, events: lines.length, body: Buffer.from(`${lines.join('\n')}\n`) };
}
