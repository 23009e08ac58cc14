import type { Catalogue, Stored } from '#catalogue';
import type { ArchivedStream, StreamArchive } from './archived-unit.js';

const COLLECTION = 'attached-archives';
const PAGE = 100;

/** An archive that was brought in as a read-only stream. It stays where it is; what is written here is all there is of it. */
export interface AttachedArchive {
  /** The place that it lies in, as settings name it. */
  readonly place: string;
  /** The stream that it is of, there. */
  readonly stream: string;
  readonly event_type: string;
  /** Names of those who signed it. */
  readonly signed_by: readonly string[];
  /** RFC 3339. */
  readonly attached_at: string;
  readonly archive: Pick<StreamArchive, 'schemas' | 'units'>;
}

/** The archives that are attached: one document of a stream, `<tenant>/<stream>`. */
export class AttachedArchives {
  readonly #read = new Map<string, Promise<AttachedArchive | undefined>>();

  constructor(private readonly catalogue: Pick<Catalogue, 'read' | 'write' | 'watch' | 'scan'>) {
    this.catalogue.watch(COLLECTION, (ids) => ids.forEach((id) => this.#read.delete(id)));
  }

  /** What a question goes by: read and parsed once, and again after a change. */
  of(tenant: string, stream: string): Promise<AttachedArchive | undefined> {
    const id = `${tenant}/${stream}`;
    const known = this.#read.get(id);
    if (known) return known;
    const reading = this.#stored(id).then((stored) => stored?.value);
    this.#read.set(id, reading);
    // What couldn't be read is asked for anew.
    reading.catch(() => this.#read.get(id) === reading && this.#read.delete(id));
    return reading;
  }

  /** All of a tenant, by the names of their streams. */
  async list(tenant: string): Promise<readonly (AttachedArchive & { readonly name: string })[]> {
    const prefix = `${tenant}/`;
    const all: (AttachedArchive & { readonly name: string })[] = [];
    for (let after: string | undefined; ;) {
      const page = await this.catalogue.scan<AttachedArchive>(COLLECTION, {
        ...{ prefix, limit: PAGE },
        ...(after !== undefined && { after }),
      });
      all.push(...page.map(({ id, value }) => ({ ...value, name: id.slice(prefix.length) })));
      after = page.at(-1)?.id;
      if (after === undefined) return all;
    }
  }

  async put({ tenant, stream }: ArchivedStream, attached: AttachedArchive): Promise<void> {
    await this.#write(`${tenant}/${stream}`, attached);
  }

  async forget({ tenant, stream }: ArchivedStream): Promise<void> {
    await this.#write(`${tenant}/${stream}`, undefined);
  }

  async #write(id: string, value: AttachedArchive | undefined): Promise<void> {
    await this.catalogue.write([{ collection: COLLECTION, id, value }]);
    this.#read.delete(id);
  }

  #stored(id: string): Promise<Stored<AttachedArchive> | undefined> {
    return this.catalogue.read<AttachedArchive>(COLLECTION, id);
  }
}
