import type { ArchiveStorage } from '#archive-storage';
import type { ArchivedStream, ArchivedUnits, UnitOfDay } from '#archived-units';
import type { StreamSpec } from '#plugin-kit';
import { deleteObjects } from './delete-objects.js';

export interface UnitCopiesParts {
  readonly storage: Pick<ArchiveStorage, 'delete'>;
  readonly archived: Pick<ArchivedUnits, 'now' | 'withdraw' | 'swept'>;
}

/** Gives up copies in the archive that are not wanted any more: first nothing refers to them, then their objects go. */
export class UnitCopies {
  /** The sweep under way: one that deletes what an earlier one found could meet it being put again. */
  #sweeping: Promise<void> = Promise.resolve();

  constructor(private readonly parts: UnitCopiesParts) {}

  /** Gives up the unit's copy, where there is one, and what was given up before. Idempotent. */
  async discard(stream: StreamSpec, unit: UnitOfDay): Promise<void> {
    await this.withdraw(stream, unit);
    await this.sweep({ tenant: stream.tenant, stream: stream.name });
  }

  /** The same, but its objects go later: the place of archives is not asked. */
  async withdraw({ tenant, name: stream }: StreamSpec, { day, generation }: UnitOfDay): Promise<void> {
    await this.parts.archived.withdraw({ tenant, stream }, { day, generation });
  }

  /** Deletes objects that no unit of the stream has any more, also those that a killed process left. */
  sweep(of: ArchivedStream): Promise<void> {
    const sweep = this.#sweeping.then(() => this.#sweep(of));
    this.#sweeping = sweep.catch(() => undefined);
    return sweep;
  }

  /**
   * Once no sweep is under way. Objects that are announced from now on are taken by none; one that began before may have found
   * the same keys among those that were given up.
   */
  settled(): Promise<void> {
    return this.#sweeping;
  }

  async #sweep(of: ArchivedStream): Promise<void> {
    const { discarded } = await this.parts.archived.now(of);
    if (discarded.length === 0) return;
    await this.parts.archived.swept(of, await deleteObjects(this.parts.storage, discarded));
  }
}
