import { formatEventId, type EventPlace } from '#event-model';
import type { AskedStream, StoredEvent } from '#plugin-kit';
import { eventReader, sentEvent, toStoredEvent } from '../documents/event-view.js';
import type { MongoStore } from '../store/mongo-store.js';

/** The event at a place, with what was sent, in whichever of these streams it is. */
export async function findEvent(
  store: MongoStore,
  streams: readonly AskedStream[],
  { block, row }: EventPlace,
): Promise<StoredEvent | undefined> {
  for (const stream of streams) {
    const document = await store.events(stream).findOne({ _id: formatEventId(block, row) });
    if (!document) continue;
    const view = eventReader(stream)(document);
    return { ...toStoredEvent(view), original: sentEvent(view) };
  }
  return undefined;
}
