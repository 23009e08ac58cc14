import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { parseEventId } from '#event-model';
import type { EventPage, StoredEvent } from '#plugin-kit';
import { TierRegistry } from '#storage-tier';
import { Problem } from '../problems/problem.js';
import type { LogsRequest } from './logs-request.schema.js';
import { SelectionReader } from './selection-reader.js';
import { StreamSelector } from './stream-selector.js';

const NOTHING: Omit<EventPage, 'scanned'> = {
  events: [],
  more: false,
  total: 0,
  totalIsExact: true,
  stats: { rowsRead: 0, bytesRead: 0, elapsedMs: 0 },
};

/** Searches events of the caller's tenant. */
@Injectable()
export class LogsService {
  constructor(
    @Inject(TierRegistry) private readonly tiers: TierRegistry,
    @Inject(StreamSelector) private readonly streams: StreamSelector,
    @Inject(SelectionReader) private readonly selections: SelectionReader,
  ) {}

  /** @throws Problem; TierError where the engine can't answer. */
  async search(caller: Principal, request: LogsRequest, signal: AbortSignal): Promise<EventPage> {
    const selection = await this.selections.read(caller, request);
    const { from, to, streams } = selection;
    if (streams.length === 0) return { ...NOTHING, scanned: { from, to } };
    const { sort: order, limit } = request;
    return this.tiers.searchable.search({ ...selection, order, limit }, signal);
  }

  /** @throws Problem `event_id_invalid`, `event_unknown` */
  async find(caller: Principal, eventId: string): Promise<StoredEvent> {
    const place = parseEventId(eventId);
    if (!place) throw new Problem('event_id_invalid', 'The path holds no id of an event.');
    const streams = await this.streams.all(caller);
    const event =
      streams.length === 0 ? undefined : await this.tiers.searchable.find(caller.tenant, streams, place);
    if (!event) throw new Problem('event_unknown', 'No stream that the key may read has this event.');
    return event;
  }
}
