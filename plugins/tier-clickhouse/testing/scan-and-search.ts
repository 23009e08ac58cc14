import { expect } from 'vitest';
import { parseEventId, parseTime } from '#event-model';
import type { ScanQuery, StoredEvent, StreamSpec } from '#plugin-kit';
import { scanEvents } from '../search/scan.js';
import type { TierUnderTest } from './open-tier.js';

type Sizes = Parameters<typeof scanEvents>[3];

/** A scan of everything in these streams, oldest first. */
export function makeScanQuery(streams: readonly StreamSpec[], more: Partial<ScanQuery> = {}): ScanQuery {
  return {
    tenant: 'default',
    streams,
    from: 0n,
    to: (parseTime('2026-11-20T00:00:00Z') ?? 0n) * 2n,
    filter: { kind: 'all', of: [] },
    order: 'asc',
    timeoutMs: 10_000,
    ...more,
  };
}

/** The events that a scan gives, each piece of as many lines as it says. */
export async function scanned(
  { engine }: TierUnderTest,
  query: ScanQuery,
  sizes?: Sizes,
): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const { lines, count } of scanEvents(engine, query, undefined, sizes)) {
    const texts = Buffer.from(lines).toString().split('\n');
    expect(texts.pop()).toBe('');
    expect(texts.length).toBe(count);
    events.push(...texts.map((text) => JSON.parse(text) as StoredEvent));
  }
  return events;
}

/** The events that a search finds for the same query, in the order of a scan. */
export async function searched({ tier }: TierUnderTest, query: ScanQuery): Promise<readonly StoredEvent[]> {
  const { events } = await tier.search({ ...query, limit: 10_000 });
  const direction = query.order === 'asc' ? 1 : -1;
  const inOrder = events.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -direction : direction));
  return JSON.parse(JSON.stringify(inOrder)) as StoredEvent[];
}

function keyOf({ timestamp, event_id }: StoredEvent): string {
  const place = parseEventId(event_id);
  return `${timestamp} ${place?.block} ${String(place?.row).padStart(10, '0')}`;
}
