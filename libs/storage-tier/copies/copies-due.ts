import type { Catalogue, Change, Stored } from '#catalogue';
import type { BlockId } from '#event-model';
import type { StreamSpec } from '#plugin-kit';

const COLLECTION = 'copies-due';
/** How long a day that is about to be replaced waits for it, should its process be killed in between: milliseconds. */
const LONGEST_REPLACEMENT_MS = 3_600_000;

/** What of a stream has changed in its tables: these blocks, or the events of a day (`YYYYMMDD`). */
export type CopyWork = { readonly blocks: readonly BlockId[] } | { readonly day: number };

/** What of a stream is to be copied again, since its tables are otherwise now. */
export interface DueCopy {
  readonly tenant: string;
  readonly stream: string;
  /** When it came to be due: milliseconds since the epoch. */
  readonly at: number;
  /** Not before: milliseconds since the epoch. */
  readonly from?: number;
  readonly work: CopyWork;
}

/**
 * What the copies of streams that are stored in both stores still lack. It is written with the change of the tables, before that
 * counts as done, and taken away when the copy has it: so nothing is forgotten, whoever is killed in between.
 */
export class CopiesDue {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly now: () => number = Date.now,
  ) {}

  /** What to write with a change of these blocks; nothing for a stream without a copy. @param change the same for every try */
  changesFor(stream: StreamSpec, change: string, blocks: readonly BlockId[]): readonly Change[] {
    return blocks.length === 0 ? [] : this.#changes(stream, change, { work: { blocks } });
  }

  /** What to write when events of a day were removed or replaced. */
  changesForDay(stream: StreamSpec, day: number): readonly Change[] {
    return this.#changes(stream, `day-${day}`, { work: { day } });
  }

  /** Runs what replaces events of days, and says so before and after it. */
  async whileReplaced(
    stream: StreamSpec,
    days: readonly number[],
    replace: () => Promise<void>,
  ): Promise<void> {
    const from = this.now() + LONGEST_REPLACEMENT_MS;
    const before = days.flatMap((day) => this.#changes(stream, `day-${day}`, { work: { day }, from }));
    if (before.length > 0) await this.catalogue.write(before);
    await replace();
    const after = days.flatMap((day) => this.changesForDay(stream, day));
    if (after.length > 0) await this.catalogue.write(after);
  }

  /** What is due of all streams, by stream, page by page behind an id. */
  page(after?: string): Promise<readonly Stored<DueCopy>[]> {
    return this.catalogue.scan<DueCopy>(COLLECTION, after === undefined ? {} : { after });
  }

  /** What is due of a stream; the first `limit`. */
  of({ tenant, name }: Pick<StreamSpec, 'tenant' | 'name'>, limit: number) {
    return this.catalogue.scan<DueCopy>(COLLECTION, { prefix: `${tenant}/${name}/`, limit });
  }

  /** Says that the copy has it. What came to be due again meanwhile stays. */
  async done({ id, version }: Stored<DueCopy>): Promise<void> {
    await this.catalogue.write([{ collection: COLLECTION, id, value: undefined, ifVersion: version }]);
  }

  #changes(stream: StreamSpec, change: string, due: Pick<DueCopy, 'work' | 'from'>): readonly Change[] {
    if (stream.storedIn !== 'both') return [];
    const { tenant, name } = stream;
    const value: DueCopy = { tenant, stream: name, at: this.now(), ...due };
    return [{ collection: COLLECTION, id: `${tenant}/${name}/${change}`, value }];
  }
}
