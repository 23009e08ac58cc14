import type { Catalogue, Change, Stored } from '#catalogue';
import type { BlockId } from '#event-model';
import type { SourceMinuteCount } from '#plugin-kit';

const REMOVALS = 'unit-removals';
const COUNTS = 'unit-removal-counts';
const REMOVED = 'removed-units';
/** Counts in one document. */
const COUNTS_AT_ONCE = 2_000;

/** A day of a stream, of one generation, that is to be removed by an order. */
export interface UnitPlace {
  readonly tenant: string;
  readonly stream: string;
  /** `YYYYMMDD`. */
  readonly day: number;
  readonly generation: number;
}

/** A removal that is under way; one of a stream at a time. */
export interface UnitRemoval extends UnitPlace {
  /** Whose it is: a plan. */
  readonly order: string;
  /** The same for every repeat: the ledger's accounts are written under it. */
  readonly batch: string;
  /**
   * `asked`: nothing is removed yet, and nothing is where the process ends. `going`: it is brought to its end, whatever
   * comes between.
   */
  readonly phase: 'asked' | 'going';
  readonly through: BlockId;
  readonly events: number;
  /** Where its events are from then on; absent where they are deleted. */
  readonly kept_in?: string;
  /** Documents that have the counts of its events. */
  readonly pages: number;
  /** The last minute (milliseconds since the epoch) in the ledger's totals, once the accounts are about to be written. */
  readonly foldedThrough?: number;
}

/** What is kept of a removal that is done. */
export interface RemovedUnit {
  readonly events: number;
}

/**
 * The removals that are under way and, by their order, those that are done: so that each is done once, whatever ends the
 * process. Written while the stream's writer rests.
 */
export class UnitRemovals {
  constructor(private readonly catalogue: Catalogue) {}

  async find(tenant: string, stream: string): Promise<Stored<UnitRemoval> | undefined> {
    return this.catalogue.read<UnitRemoval>(REMOVALS, idOf({ tenant, stream }));
  }

  /** Removals of the tenant, or of all tenants, that are under way. */
  async underWay(tenant?: string): Promise<readonly UnitRemoval[]> {
    const all = await this.catalogue.scan<UnitRemoval>(REMOVALS, {
      ...(tenant !== undefined && { prefix: `${tenant}/` }),
      limit: Number.MAX_SAFE_INTEGER,
    });
    return all.map(({ value }) => value);
  }

  /** What an order has done with a unit; undefined where it hasn't. */
  async done(order: string, place: UnitPlace): Promise<RemovedUnit | undefined> {
    return (await this.catalogue.read<RemovedUnit>(REMOVED, doneId(order, place)))?.value;
  }

  /** Forgets what an order has done, once that is kept elsewhere. */
  async forget(tenant: string, order: string): Promise<void> {
    const prefix = `${tenant}/${order}/`;
    const done = await this.catalogue.scan(REMOVED, { prefix, limit: Number.MAX_SAFE_INTEGER });
    await this.catalogue.write(done.map(({ id }) => ({ collection: REMOVED, id, value: undefined })));
  }

  /** The changes that begin a removal: its counts first. */
  changesToBegin(
    removal: Omit<UnitRemoval, 'phase' | 'pages'>,
    counts: readonly SourceMinuteCount[],
  ): readonly Change[] {
    const pages = Math.ceil(counts.length / COUNTS_AT_ONCE);
    const value: UnitRemoval = { ...removal, phase: 'asked', pages };
    return [
      ...Array.from({ length: pages }, (_, page) => ({
        collection: COUNTS,
        id: pageId(value, page),
        value: counts.slice(page * COUNTS_AT_ONCE, (page + 1) * COUNTS_AT_ONCE),
      })),
      { collection: REMOVALS, id: idOf(value), value },
    ];
  }

  /** Writes the removal as it is now. */
  async keep(removal: UnitRemoval): Promise<void> {
    await this.catalogue.write([{ collection: REMOVALS, id: idOf(removal), value: removal }]);
  }

  async counts(removal: UnitRemoval): Promise<readonly SourceMinuteCount[]> {
    const pages = await Promise.all(
      Array.from({ length: removal.pages }, (_, page) =>
        this.catalogue.read<readonly SourceMinuteCount[]>(COUNTS, pageId(removal, page)),
      ),
    );
    return pages.flatMap((page) => page?.value ?? []);
  }

  /**
   * The changes that end a removal, in their order.
   *
   * @param isDone its events are gone
   * @param close what ends its move in the ledger
   */
  changesToEnd(removal: UnitRemoval, isDone: boolean, close: Change): readonly Change[] {
    const { order, events } = removal;
    const done: RemovedUnit = { events };
    return [
      ...(isDone ? [{ collection: REMOVED, id: doneId(order, removal), value: done }] : []),
      ...Array.from({ length: removal.pages }, (_, page) => ({
        collection: COUNTS,
        id: pageId(removal, page),
        value: undefined,
      })),
      close,
      { collection: REMOVALS, id: idOf(removal), value: undefined },
    ];
  }
}

function idOf({ tenant, stream }: Pick<UnitPlace, 'tenant' | 'stream'>): string {
  return `${tenant}/${stream}`;
}

function pageId(removal: UnitPlace, page: number): string {
  return `${idOf(removal)}/${page}`;
}

function doneId(order: string, { tenant, stream, day, generation }: UnitPlace): string {
  return `${tenant}/${order}/${stream}/${day}-${generation}`;
}
