import type { Catalogue } from '#catalogue';
import { isDeepStrictEqual } from 'node:util';
import type { ArchivedStream, UnitOfDay } from './archived-unit.js';

const COLLECTION = 'archive-damage';

/** An object of the archive that is not what was put there, not there at all, or encrypted with a key that is not set. */
export interface DamagedObject extends UnitOfDay {
  readonly key: string;
  readonly what: 'missing' | 'changed' | 'locked';
  /** When that was seen first, RFC 3339. */
  readonly since: string;
}

/** What the last looks found wrong with a stream's archive. One writer: the job that looks. */
export class DamagedObjects {
  constructor(private readonly catalogue: Pick<Catalogue, 'read' | 'write'>) {}

  /** By day and generation. */
  async of({ tenant, stream }: ArchivedStream): Promise<readonly DamagedObject[]> {
    const stored = await this.catalogue.read<readonly DamagedObject[]>(COLLECTION, `${tenant}/${stream}`);
    return stored?.value ?? [];
  }

  /** Writes what is damaged now in the place of what was. */
  async keep(of: ArchivedStream, damaged: readonly DamagedObject[]): Promise<void> {
    if (isDeepStrictEqual(await this.of(of), damaged)) return;
    const value = damaged.length > 0 ? damaged : undefined;
    await this.catalogue.write([{ collection: COLLECTION, id: `${of.tenant}/${of.stream}`, value }]);
  }
}
