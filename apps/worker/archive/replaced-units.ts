import type { Logger } from 'pino';
import { isDamage, readBack, type ArchiveStorage, type Opening } from '#archive-storage';
import type { ArchivedStream, ArchivedUnits, ReplacedUnit, UnitOfDay } from '#archived-units';
import type { UnitCopies } from './unit-copies.js';

export interface ReplacedUnitsParts {
  readonly archived: Pick<ArchivedUnits, 'now' | 'forget' | 'unmerge'>;
  readonly copies: Pick<UnitCopies, 'sweep'>;
  readonly storage: Pick<ArchiveStorage, 'get'>;
  readonly encryption: Opening;
  readonly logger: Pick<Logger, 'error' | 'info'>;
  readonly reach: (faultPoint: string) => void;
}

/**
 * Deletes the objects of units whose events a merged one has, once no question reads them any more: not before the merged one
 * was read back once more. Where that isn't what was put there, they answer again.
 */
export class ReplacedUnits {
  constructor(private readonly parts: ReplacedUnitsParts) {}

  /**
   * @param before milliseconds since the epoch: those that were replaced later stay
   * @throws ArchiveStorageError
   */
  async forget(
    of: ArchivedStream,
    before: number,
    isHeld: (unit: UnitOfDay) => Promise<boolean>,
  ): Promise<void> {
    const { archived, copies, logger, reach } = this.parts;
    const { replaced = [] } = await archived.now(of);
    const due: ReplacedUnit[] = [];
    for (const unit of replaced)
      if (Date.parse(unit.replaced_at) <= before && !(await isHeld(unit))) due.push(unit);
    for (const by of new Set(due.map((unit) => unit.by))) {
      if (!(await this.#isWhole(of, by))) continue;
      const units = due.filter((unit) => unit.by === by);
      await archived.forget(of, units);
      reach('compact.forgotten');
      logger.info({ ...of, units: units.length, by }, 'units of the archive that were merged are deleted');
    }
    // Also what a killed process had forgotten.
    if ((await archived.now(of)).discarded.length > 0) await copies.sweep(of);
  }

  /** Whether the merged unit is what was put there, or another has taken its place since. */
  async #isWhole(of: ArchivedStream, by: string): Promise<boolean> {
    const { archived, encryption, logger, storage } = this.parts;
    const { units } = await archived.now(of);
    const merged = units.find(({ manifest }) => manifest.key === by);
    if (!merged) return true;
    try {
      for (const object of [...merged.files, merged.manifest]) await readBack(storage, object, encryption);
      return true;
    } catch (error) {
      if (!isDamage(error)) throw error;
      logger.error(
        { ...of, err: error, by },
        'a merged unit of the archive is damaged: what it was made of answers again',
      );
      await archived.unmerge(of, by);
      return false;
    }
  }
}
