import { Long } from 'mongodb';
import type { BlockId } from '#event-model';
import { blockIn, type EventDocument } from '../documents/event-document.js';
import { momentOf, type KeptMoment } from '../documents/moments.js';
import type { HourCount } from './block-counts.js';

const HOUR_MS = 3_600_000;

interface Hour extends Pick<HourCount, 'event_type' | 'generation'> {
  readonly start: number;
  events: number;
  oldest: KeptMoment;
  newest: KeptMoment;
}

/** The counts of documents that were all stored just now, by block: what a question to the server would come to. */
export function hoursOf(documents: readonly EventDocument[]): ReadonlyMap<BlockId, readonly HourCount[]> {
  const blocks = new Map<BlockId, Map<string, Hour>>();
  for (const document of documents) {
    const block = blockIn(document._id);
    const hours = blocks.get(block) ?? new Map<string, Hour>();
    blocks.set(block, hours);
    add(hours, document);
  }
  return new Map([...blocks].map(([block, hours]) => [block, [...hours.values()].map(toCount)]));
}

function add(hours: Map<string, Hour>, document: EventDocument): void {
  const { event_type, _generation: generation = 0, timestamp } = document;
  const ms = timestamp.getTime();
  const start = ms - (ms % HOUR_MS);
  const key = `${start} ${generation} ${event_type}`;
  const known = hours.get(key);
  if (!known) {
    hours.set(key, { start, event_type, generation, events: 1, oldest: document, newest: document });
    return;
  }
  known.events += 1;
  if (isBefore(document, known.oldest)) known.oldest = document;
  if (isBefore(known.newest, document)) known.newest = document;
}

function isBefore(a: KeptMoment, b: KeptMoment): boolean {
  const difference = a.timestamp.getTime() - b.timestamp.getTime();
  return difference < 0 || (difference === 0 && a._nanos < b._nanos);
}

function toCount({ start, event_type, generation, events, oldest, newest }: Hour): HourCount {
  return {
    ...{ hour: new Date(start), event_type, generation, events },
    oldest: Long.fromBigInt(momentOf(oldest)),
    newest: Long.fromBigInt(momentOf(newest)),
  };
}
