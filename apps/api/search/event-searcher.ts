import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { RunTimeSettings } from '#app-config';
import type { EventPage, EventQuery } from '#plugin-kit';
import { ArchiveSpanningTiers, type StoreQuery } from './archive-spanning-tiers.js';
import { SearchSlots } from './search-slots.js';
import { SharedWork } from './shared-work.js';

/** Asks the tier, within the limits of the caller's key; who asks the same at the same time is answered by one search. */
@Injectable()
export class EventSearcher {
  constructor(
    @Inject(ArchiveSpanningTiers) private readonly tiers: ArchiveSpanningTiers,
    @Inject(SearchSlots) private readonly slots: SearchSlots,
    @Inject(SharedWork) private readonly shared: SharedWork,
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
  ) {}

  /** @throws Problem `too_many_searches`; TierError */
  async ask(caller: Principal, query: StoreQuery, signal: AbortSignal): Promise<EventPage> {
    if (query.streams.length === 0) return nothing(query);
    const bounded = { ...query, maxBytes: this.settings.current.searchPageBytes };
    return this.slots.run(caller.keyId, () =>
      this.shared.run(nameOf(bounded), signal, (shared) => this.tiers.search(bounded, shared)),
    );
  }
}

/** Names a question and whose it is, for sharing its answer. */
function nameOf({ streams, ...query }: StoreQuery): string {
  const names = streams.map(({ name }) => name);
  return JSON.stringify({ ...query, names }, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

function nothing({ from, to }: EventQuery): EventPage {
  const stats = { rowsRead: 0, bytesRead: 0, elapsedMs: 0 };
  return { events: [], more: false, total: 0, totalIsExact: true, scanned: { from, to }, stats };
}
