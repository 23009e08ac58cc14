import { isDeepStrictEqual } from 'node:util';
import type { Catalogue, Stored } from '#catalogue';
import { allArchives, COLLECTION } from './all-archives.js';
import { idOf } from './archive-changes.js';
import type { ArchivedStream, StreamArchive } from './archived-unit.js';
import { ArchivedUnitsError } from './archived-units.errors.js';

/** Tries of a step, where others change the same stream. */
const TRIES = 5;
const NOTHING: StreamArchive = { schemas: [], units: [], discarded: [] };

type Step = (archive: StreamArchive) => StreamArchive;

/** The documents of archives, one of a stream, `<tenant>/<stream>`, changed by compare-and-set alone. */
export class StreamArchives {
  readonly #read = new Map<string, Promise<StreamArchive>>();
  /** Streams that may have a document, once it is known which have. */
  readonly #documents = new Set<string>();
  #isLoaded = false;

  constructor(private readonly catalogue: Pick<Catalogue, 'read' | 'write' | 'watch' | 'scan'>) {
    this.catalogue.watch(COLLECTION, (ids) => ids.forEach((id) => this.#forget(id)));
  }

  /** Reads which streams have archives: from then on questions about all others need no catalogue, which may be out. */
  async load(): Promise<void> {
    for await (const { id } of allArchives(this.catalogue)) this.#documents.add(id);
    this.#isLoaded = true;
  }

  /**
   * What a question goes by: read and parsed once, and again after a change. Of another process' change it may hear 5 s
   * late, which the time between `answering` and `evicted` has to be longer than.
   */
  of(tenant: string, stream: string): Promise<StreamArchive> {
    const id = idOf({ tenant, stream });
    const known = this.#read.get(id);
    if (known) return known;
    if (this.#isLoaded && !this.#documents.has(id)) return Promise.resolve(NOTHING);
    const reading = this.#stored(id).then((stored) => stored?.value ?? NOTHING);
    this.#read.set(id, reading);
    // What couldn't be read is asked for anew.
    reading.catch(() => this.#read.get(id) === reading && this.#read.delete(id));
    return reading;
  }

  /** As it is now, whoever changed it. For who changes it. */
  async now({ tenant, stream }: ArchivedStream): Promise<StreamArchive> {
    return (await this.#stored(idOf({ tenant, stream })))?.value ?? NOTHING;
  }

  /** It may be another one by now. */
  #forget(id: string): void {
    this.#documents.add(id);
    this.#read.delete(id);
  }

  #stored(id: string): Promise<Stored<StreamArchive> | undefined> {
    return this.catalogue.read<StreamArchive>(COLLECTION, id);
  }

  /** @throws ArchivedUnitsError */
  protected async step(of: ArchivedStream, step: Step): Promise<void> {
    const id = idOf(of);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const stored = await this.#stored(id);
      const archive = stored?.value ?? NOTHING;
      const value = step(archive);
      if (isDeepStrictEqual(value, archive)) return;
      const change = { collection: COLLECTION, id, value, ifVersion: stored?.version ?? 0 };
      const [outcome] = await this.catalogue.write([change]);
      if (outcome?.kind === 'written') return this.#forget(id);
    }
    throw new ArchivedUnitsError(
      'archived_units_conflict',
      `What the archive has of ${id} was changed by others ${TRIES} times meanwhile: try again.`,
    );
  }
}
