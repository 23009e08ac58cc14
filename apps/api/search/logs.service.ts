import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { parseEventId } from '#event-model';
import type { EventPage, EventQuery, StoredEvent } from '#plugin-kit';
import { Problem } from '../problems/problem.js';
import { ArchiveSpanningTiers } from './archive-spanning-tiers.js';
import { EventSearcher } from './event-searcher.js';
import type { LogsRequest } from './logs-request.schema.js';
import { positionOf, readCursor, writeCursor, type SearchProgress } from './search-cursor.js';
import { currentSecond, SelectionReader } from './selection-reader.js';
import { StreamSelector } from './stream-selector.js';

/** A page, with what the API adds to a tier's. */
export interface LogsPage extends EventPage {
  readonly streams: readonly string[];
  readonly nextCursor: string | null;
}

/** Searches events of the caller's tenant. */
@Injectable()
export class LogsService {
  constructor(
    @Inject(ArchiveSpanningTiers) private readonly tiers: ArchiveSpanningTiers,
    @Inject(StreamSelector) private readonly streams: StreamSelector,
    @Inject(SelectionReader) private readonly selections: SelectionReader,
    @Inject(EventSearcher) private readonly searcher: EventSearcher,
  ) {}

  /** @throws Problem; TierError where the engine can't answer. */
  async search(caller: Principal, request: LogsRequest, signal: AbortSignal): Promise<LogsPage> {
    const { cursor, sort, limit, total, from, ...asked } = request;
    const owner = { ...asked, ...(from && { from }), sort, tenant: caller.tenant };
    const progress = cursor === undefined ? undefined : readCursor(owner, cursor);
    const now = progress?.now ?? currentSecond();
    const selection = await this.selections.read(caller, asked, now);
    const query: EventQuery = { ...selection, order: sort, limit, total, ...continuing(progress) };
    const page = {
      ...(await this.searcher.ask(caller, { ...query, ...(from && { store: from }) }, signal)),
      ...countedBefore(progress),
    };
    const last = page.more ? page.events.at(-1) : undefined;
    const after = last && positionOf(last);
    const nextCursor = after ? writeCursor(owner, { ...query, ...page, now, after }) : null;
    return { ...page, nextCursor, streams: query.streams.map(({ name }) => name) };
  }

  /** @throws Problem `event_id_invalid`, `event_unknown` */
  async find(caller: Principal, eventId: string): Promise<StoredEvent> {
    const place = parseEventId(eventId);
    if (!place) throw new Problem('event_id_invalid', 'The path holds no id of an event.');
    const streams = await this.streams.all(caller);
    const event = streams.length === 0 ? undefined : await this.tiers.find(caller.tenant, streams, place);
    if (!event) throw new Problem('event_unknown', 'No stream that the key may read has this event.');
    return event;
  }
}

/** Later pages keep to the range of the first, and aren't counted again. */
function continuing(progress: SearchProgress | undefined): Partial<EventQuery> {
  if (!progress) return {};
  const { from, to, after } = progress;
  return { from, to, after, total: 'none' };
}

function countedBefore(progress: SearchProgress | undefined): Partial<EventPage> {
  return progress ? { total: progress.total, totalIsExact: progress.totalIsExact } : {};
}
