import { Long } from 'mongodb';
import type { BlockId } from '#event-model';
import { blockOf, type EventDocument } from '../documents/event-document.js';
import { momentOf } from '../documents/moments.js';
import type { HourCount } from './block-counts.js';

const HOUR_MS = 3_600_000;

/** The counts of documents that were all stored just now, by block: what a question to the server would come to. */
export function hoursOf(documents: readonly EventDocument[]): ReadonlyMap<BlockId, readonly HourCount[]> {
  const blocks = new Map<BlockId, Map<string, HourCount>>();
  for (const document of documents) {
    const block = blockOf(document.block);
    const hours = blocks.get(block) ?? new Map<string, HourCount>();
    blocks.set(block, hours);
    const ms = document.timestamp.getTime();
    const hour = new Date(ms - (ms % HOUR_MS));
    const generation = document._generation ?? 0;
    const key = `${hour.getTime()} ${generation} ${document.event_type}`;
    const at = Long.fromBigInt(momentOf(document));
    const known = hours.get(key);
    if (!known) {
      hours.set(key, {
        hour,
        event_type: document.event_type,
        generation,
        events: 1,
        oldest: at,
        newest: at,
      });
      continue;
    }
    const oldest = at.lessThan(known.oldest) ? at : known.oldest;
    const newest = at.greaterThan(known.newest) ? at : known.newest;
    hours.set(key, { ...known, events: known.events + 1, oldest, newest });
  }
  return new Map([...blocks].map(([block, hours]) => [block, [...hours.values()]]));
}
