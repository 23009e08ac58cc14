import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import type { EventQuery, Filter, StoredEvent } from '#plugin-kit';
import { Problem } from '../problems/problem.js';
import { EventSearcher } from './event-searcher.js';
import type { ContextRequest } from './logs-request.schema.js';
import { LogsService } from './logs.service.js';
import { positionOf } from './search-cursor.js';
import { SelectionReader } from './selection-reader.js';

const ALL_TIME = { start_time: '1970-01-01T00:00:00Z', end_time: '2262-01-01T00:00:00Z' };

/** An event between those around it, all in order of time. */
export interface EventContext {
  readonly before: readonly StoredEvent[];
  readonly event: StoredEvent;
  readonly after: readonly StoredEvent[];
}

/** Shows what happened around an event, in its stream. */
@Injectable()
export class ContextService {
  constructor(
    @Inject(LogsService) private readonly logs: LogsService,
    @Inject(EventSearcher) private readonly searcher: EventSearcher,
    @Inject(SelectionReader) private readonly selections: SelectionReader,
  ) {}

  /** @throws Problem as {@link LogsService.find}; `invalid_request` where a field has no single value */
  async around(
    caller: Principal,
    eventId: string,
    ...[{ before, after, same = [] }, signal]: [request: ContextRequest, signal: AbortSignal]
  ): Promise<EventContext> {
    const { original: _, ...event } = await this.logs.find(caller, eventId);
    const found = event as StoredEvent;
    const filter: Filter = { kind: 'all', of: same.map((field) => asIn(found, field)) };
    const selection = await this.selections.read(caller, {
      ...{ ...ALL_TIME, stream: found.stream, confirm_archive_scan: true },
    });
    const position = positionOf(found);
    const list = async (order: 'desc' | 'asc', limit: number): Promise<readonly StoredEvent[]> => {
      if (limit === 0 || !position) return [];
      const query: EventQuery = { ...selection, filter, order, limit, after: position, total: 'none' };
      return (await this.searcher.ask(caller, query, signal)).events;
    };
    const [earlier, later] = await Promise.all([list('desc', before), list('asc', after)]);
    return { before: earlier.toReversed(), event: found, after: later };
  }
}

/** That a field is as it is in the event, also where it isn't there. */
function asIn(event: StoredEvent, field: string): Filter {
  const value = valueOf(event, field);
  if (value === undefined || value === null) return { kind: 'not', of: { kind: 'exists', field } };
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return { kind: 'equals', field, values: [value] };
  throw new Problem('invalid_request', 'The events around can not be compared; see errors.', {
    errors: [
      { path: 'same', message: `${field} has no single value in this event`, mend: 'Name another field.' },
    ],
  });
}

/** At the top, among the attributes under its whole name, or inside one by its path: as filters look it up. */
function valueOf(event: StoredEvent, field: string): unknown {
  const name = field.replace(/^attributes\./, '');
  if (name === field && Object.hasOwn(event, field)) return event[field];
  const attributes = event['attributes'];
  return member(attributes, name) ?? name.split('.').reduce(member, attributes);
}

function member(holder: unknown, name: string): unknown {
  if (typeof holder !== 'object' || holder === null || Array.isArray(holder)) return undefined;
  return Object.hasOwn(holder, name) ? (holder as Record<string, unknown>)[name] : undefined;
}
