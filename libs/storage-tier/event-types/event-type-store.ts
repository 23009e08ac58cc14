import type { Catalogue } from '#catalogue';
import { typeConflict } from './event-type-error.js';
import type { EventTypeRecord } from './event-type-record.js';

const COLLECTION = 'event_types';

/** Records of event types by `<owner>/<name>`: in the catalogue, and all of them in memory. */
export class EventTypeStore {
  #records: ReadonlyMap<string, EventTypeRecord> = new Map();

  constructor(private readonly catalogue: Catalogue) {}

  get(id: string): EventTypeRecord | undefined {
    return this.#records.get(id);
  }

  /** Ids of an owner's records. */
  idsOf(owner: string): readonly string[] {
    return [...this.#records.keys()].filter((id) => id.startsWith(`${owner}/`));
  }

  /** Reads all that is in the catalogue. */
  async read(): Promise<void> {
    const found = new Map<string, EventTypeRecord>();
    for (let after: string | undefined; ;) {
      const range = after === undefined ? {} : { after };
      const page = await this.catalogue.scan<EventTypeRecord>(COLLECTION, range);
      for (const { id, value } of page) found.set(id, value);
      after = page.at(-1)?.id;
      if (after === undefined) break;
    }
    this.#records = found;
  }

  /** Writes a record over the one that is known here. @throws EventTypeError `event_type_conflict` where another is kept */
  async write(id: string, record: EventTypeRecord): Promise<void> {
    const stored = await this.catalogue.read<EventTypeRecord>(COLLECTION, id);
    const isKnown = stateOf(stored?.value) === stateOf(this.#records.get(id));
    const change = { collection: COLLECTION, id, value: record, ifVersion: stored?.version ?? 0 };
    const [outcome] = isKnown ? await this.catalogue.write([change]) : [];
    if (outcome?.kind === 'written') return this.#put(id, record);
    await this.read();
    throw typeConflict();
  }

  /** Takes a record away that `check` lets go; nobody finds it from the moment that it is asked. */
  async remove(id: string, record: EventTypeRecord, check: () => Promise<void>): Promise<void> {
    this.#records = new Map([...this.#records].filter(([other]) => other !== id));
    try {
      await check();
      await this.catalogue.write([{ collection: COLLECTION, id, value: undefined }]);
    } catch (error) {
      this.#put(id, record);
      throw error;
    }
  }

  /** Calls back after records changed, in this process or another. */
  watch(changed: () => void): () => void {
    return this.catalogue.watch(COLLECTION, changed);
  }

  #put(id: string, record: EventTypeRecord): void {
    this.#records = new Map(this.#records).set(id, record);
  }
}

/** Tells a record from its later ones, and from another that was declared when it was gone. */
function stateOf(record: EventTypeRecord | undefined): string | undefined {
  return record && `${record.versions.length} ${record.versions.at(-1)?.changed_at}`;
}
