import { Inject, Injectable } from '@nestjs/common';
import type { Principal, Scope } from '#access';
import type { EventTypeDeclaration } from '#event-model';
import { StreamRegistry } from '#storage-tier';
import { Problem } from '../problems/problem.js';
import { QuarantineSelection } from '../quarantine/quarantine-selection.js';
import { EventSearcher } from '../search/event-searcher.js';
import { SelectionReader } from '../search/selection-reader.js';
import type { DryRunRequest } from './parsers.schema.js';
import { lineOfEvent, lineOfRefused, type StoredLine } from './stored-line.js';

/** Nothing before it is stored, and nothing that is further ahead than a day. */
const ALL_TIME = { start_time: '1980-01-01T00:00:00Z', end_time: 'now+1d' };

type StreamSource = NonNullable<DryRunRequest['stream']>;
type QuarantineSource = NonNullable<DryRunRequest['quarantine']>;

/** Gives lines back that are stored, within what the caller's key may read. */
@Injectable()
export class StoredLines {
  constructor(
    @Inject(SelectionReader) private readonly selections: SelectionReader,
    @Inject(EventSearcher) private readonly searcher: EventSearcher,
    @Inject(QuarantineSelection) private readonly quarantine: QuarantineSelection,
    @Inject(StreamRegistry) private readonly streams: StreamRegistry,
  ) {}

  /** The newest events of a stream. @throws Problem `forbidden`, `stream_unknown`, `query_invalid`, `too_many_searches` */
  async newest(caller: Principal, source: StreamSource, signal: AbortSignal): Promise<readonly StoredLine[]> {
    requireScope(caller, 'logs:read');
    const { name, limit, query, start_time, end_time } = source;
    const selection = await this.selections.read(caller, {
      stream: name,
      start_time: start_time ?? ALL_TIME.start_time,
      end_time: end_time ?? ALL_TIME.end_time,
      ...(query !== undefined && { query }),
    });
    const asked = { ...selection, order: 'desc', limit, total: 'none' } as const;
    const { events } = await this.searcher.ask(caller, asked, signal);
    return events.map(lineOfEvent);
  }

  /** The newest refused events. @throws Problem `forbidden`, `stream_unknown` */
  async refused(caller: Principal, { filter, limit }: QuarantineSource): Promise<readonly StoredLine[]> {
    requireScope(caller, 'quarantine:read');
    const selected = await this.quarantine.filter(caller, filter);
    const { events } = await this.quarantine.page({ ...selected, limit });
    return events.map(lineOfRefused);
  }

  /** The event types of the streams that the lines are of, by the streams' names. */
  async typesOf(
    { tenant }: Principal,
    lines: readonly StoredLine[],
  ): Promise<ReadonlyMap<string, EventTypeDeclaration>> {
    const types = new Map<string, EventTypeDeclaration>();
    for (const name of new Set(lines.map(({ stream }) => stream))) {
      const found = await this.streams.find(tenant, name);
      if (found) types.set(name, found.eventType);
    }
    return types;
  }
}

/** @throws Problem `forbidden`; a route may be called with several scopes, what it reads needs one of its own. */
export function requireScope({ scopes }: Principal, scope: Scope): void {
  if (scopes.has(scope)) return;
  throw new Problem('forbidden', `This needs a key with the scope ${scope}.`);
}
