import type { Catalogue } from '#catalogue';
import type { InspectableEventBus } from '#event-bus';
import {
  ENTRIES,
  parsePlaceId,
  placeId,
  totalId,
  type LedgerEntry,
  type Verdicts,
} from '../accounts/ledger-entry.js';
import { LedgerMoves } from './ledger-moves.js';
import { eventsById, isFoldedEntry } from '../accounts/ledger-line.js';
import { readTotals } from '../accounts/read-totals.js';
import { scanAll } from '../accounts/scan-all.js';

/** Events in the tables at one source and minute. */
export interface TableCount {
  readonly stream: string;
  readonly source: string;
  /** Start of the minute: milliseconds since the epoch. */
  readonly minute: number;
  readonly events: number;
}

/** What the ledger says, place by place, at one moment. */
export interface LedgerSnapshot {
  readonly places: ReadonlyMap<string, { readonly version: number; readonly verdicts: Verdicts }>;
  /** Last minute in the total of a stream and source. */
  readonly foldedThrough: ReadonlyMap<string, number>;
  /** Places with blocks that are not committed, or events that leave quarantine. */
  readonly waiting: ReadonlySet<string>;
  /** Streams whose events are being removed. */
  readonly leaving: ReadonlySet<string>;
}

/** Reads a tenant's ledger for comparison, of one stream where it is named. */
export class LedgerPlaces {
  readonly #moves: LedgerMoves;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly bus: Pick<InspectableEventBus, 'pending'>,
  ) {
    this.#moves = new LedgerMoves(catalogue);
  }

  async snapshot(tenant: string, stream?: string): Promise<LedgerSnapshot> {
    const prefix = `${tenant}/`;
    const totals = await readTotals(this.catalogue, tenant);
    const folded = new Map(totals.map(({ id, value }) => [id, value]));
    const entries = await scanAll<LedgerEntry>(this.catalogue, ENTRIES, { prefix });
    const waiting = eventsById((await this.bus.pending()).filter((count) => count.tenant === tenant));
    const moving = await this.#moves.places(tenant);
    const minutes = entries.filter(
      ({ id }) => parsePlaceId(id).minute !== undefined && !isFoldedEntry(folded, id),
    );
    const all = [...minutes, ...totals.map((total) => ({ ...total, id: idOfTotal(total.id) }))].filter(
      ({ id }) => stream === undefined || parsePlaceId(id).stream === stream,
    );
    return {
      places: new Map(all.map(({ id, version, value }) => [id, { version, verdicts: value }])),
      foldedThrough: new Map(totals.map(({ id, value }) => [id, value.through])),
      waiting: new Set([...waiting.keys(), ...moving.flatMap((id) => [id, totalOf(id)])]),
      leaving: new Set(await this.#moves.leaving(tenant)),
    };
  }
}

/** Sums what is in the tables under the places of the ledger. */
export function countsByPlace(
  tenant: string,
  counts: readonly TableCount[],
  foldedThrough: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const events = new Map<string, number>();
  for (const count of counts) {
    const folded = count.minute <= (foldedThrough.get(totalId(tenant, count)) ?? -1);
    const id = placeId(tenant, { ...count, minute: folded ? undefined : count.minute });
    events.set(id, (events.get(id) ?? 0) + count.events);
  }
  return events;
}

/** Whether nothing was written, and nothing under way, at a place between two snapshots. */
export function isSettled(id: string, before: LedgerSnapshot, after: LedgerSnapshot): boolean {
  const untouched = before.places.get(id)?.version === after.places.get(id)?.version;
  const isUnderWay = ({ waiting, leaving }: LedgerSnapshot): boolean =>
    waiting.has(id) || leaving.has(parsePlaceId(id).stream);
  return untouched && !isUnderWay(before) && !isUnderWay(after);
}

/** Where the entry's numbers are once its minute is folded. */
function totalOf(id: string): string {
  return placeId(id.split('/')[0] ?? '', { ...parsePlaceId(id), minute: undefined });
}

function idOfTotal(id: string): string {
  const [tenant = '', stream = '', source = ''] = id.split('/');
  return placeId(tenant, { stream, source, minute: undefined });
}
