import type { ArchiveEncryption } from '#archive-encryption';
import { readManifest, type Manifest } from '#archive-format';
import {
  ArchiveStorageError,
  isDamage,
  readBack,
  requireKeys,
  type ArchiveStorage,
  type StoredObject,
} from '#archive-storage';
import type { ArchivedUnit, ArchivedUnits } from '#archived-units';
import type { CountedUnit, ExportingTier, RetainingTier, StreamPart, StreamSpec } from '#plugin-kit';
import type { RemovalSettler } from '../retention/removal-settler.js';
import { streamBusy } from '../writers/stream-busy.js';
import type { WriterPool } from '../writers/writer-pool.js';

export interface UnitMoverParts {
  readonly tier: () => Pick<ExportingTier, 'fingerprintUnit'> & Pick<RetainingTier, 'countUnit'>;
  readonly storage: Pick<ArchiveStorage, 'get'>;
  readonly archived: Pick<ArchivedUnits, 'now' | 'answer' | 'withdraw' | 'retract'>;
  readonly encryption: Pick<ArchiveEncryption, 'open' | 'require'>;
  readonly settler: Pick<RemovalSettler, 'settle'>;
  readonly writers: Pick<WriterPool, 'exclusively' | 'isAtRest'>;
  readonly reach: (faultPoint: string) => void;
}

/** A day that the archive is to answer for. */
export interface MoveTask {
  readonly part: StreamPart;
  /** Asked while the stream's writer rests, just before it happens. */
  readonly mayGo: () => Promise<boolean>;
  readonly signal?: AbortSignal;
}

/** `not_moved`: the hot table answers as before. */
export type UnitMoving =
  | { readonly outcome: 'moved' }
  | {
      readonly outcome: 'not_moved';
      readonly why: 'changed' | 'damaged' | 'held' | 'refused';
      readonly detail: string;
    };

/** Why a hot copy stays: its archive is damaged, or does not give it back now. */
export interface Staying {
  readonly why: 'damaged' | 'refused';
  readonly detail: string;
}

/**
 * Lets the archive answer for a day that it has a copy of: what the table has and what was archived have the same
 * fingerprint, and while the stream's writer rests no event came since. From then on late events of the day stand beside it.
 */
export class UnitMover {
  constructor(private readonly parts: UnitMoverParts) {}

  /**
   * @throws AlluviumError `stream_busy` (retryable) where a batch of the stream is half stored
   * @throws TierError, ArchiveStorageError where it may go through later
   */
  async move(task: MoveTask): Promise<UnitMoving> {
    try {
      return await this.#move(task);
    } catch (error) {
      return { outcome: 'not_moved', ...refusedBy(error) };
    }
  }

  async #move(task: MoveTask): Promise<UnitMoving> {
    const { part, signal } = task;
    const copy = await this.#copyOf(part);
    if (copy && copy.state !== 'copied') return { outcome: 'moved' };
    const counted = await this.parts.tier().countUnit(part);
    if (!copy || counted?.events !== copy.events) return changed(copy, counted);
    // Whoever lost the key reads the hot copy still.
    requireKeys(copy.files, this.parts.encryption);
    const manifest = await this.#manifestOf(part, copy);
    if (!manifest) return damaged(copy.manifest.key);
    const { events, sum, xor } = await this.parts
      .tier()
      .fingerprintUnit({ ...part, through: counted.through }, signal);
    const archived = manifest.fingerprint;
    if (events !== archived.events || sum !== archived.sum || xor !== archived.xor) {
      // Its events are others by now: the next run copies them.
      await this.parts.archived.withdraw(streamOf(part.stream), part);
      return changed(copy, counted);
    }
    return this.parts.writers.exclusively(part.stream, () => this.#answer(task, copy, counted));
  }

  /**
   * Reads an answering unit back from the archive, before its hot copy goes. Where it isn't what was put there, the hot table
   * answers again.
   *
   * @returns why its hot copy must stay; undefined where it may go
   * @throws ArchiveStorageError where it may go through later
   */
  async keptBy(part: StreamPart): Promise<Staying | undefined> {
    try {
      return await this.#keptBy(part);
    } catch (error) {
      return refusedBy(error);
    }
  }

  async #keptBy({ stream, day, generation }: StreamPart): Promise<Staying | undefined> {
    const unit = { day, generation };
    const copy = await this.#copyOf({ stream, ...unit });
    if (copy?.state === 'evicted') return undefined;
    if (copy?.state !== 'answering') return { why: 'damaged', detail: 'The archive does not answer for it.' };
    for (const object of [...copy.files, copy.manifest])
      if (!(await this.#isWhole(object))) {
        await this.parts.writers.exclusively(stream, async () => {
          await this.parts.settler.settle(stream);
          await this.parts.archived.retract(streamOf(stream), unit);
        });
        const detail = `${object.key} in the archive is not what was put there. The hot table answers for the day again.`;
        return { why: 'damaged', detail };
      }
    return undefined;
  }

  async #answer({ part, mayGo }: MoveTask, copy: ArchivedUnit, counted: CountedUnit): Promise<UnitMoving> {
    const { archived, reach, settler, tier, writers } = this.parts;
    const { stream, day, generation } = part;
    await settler.settle(stream);
    if (!(await writers.isAtRest(stream))) throw streamBusy(stream);
    const now = await tier().countUnit(part);
    if (now?.events !== counted.events || now.identities !== counted.identities) return changed(copy, now);
    if (!(await mayGo())) return { outcome: 'not_moved', why: 'held', detail: 'A hold keeps it.' };
    reach('archive.before-answer');
    const unit = { day, generation, manifest: copy.manifest.key };
    await archived.answer(streamOf(stream), unit, new Date().toISOString());
    reach('archive.answering');
    return { outcome: 'moved' };
  }

  async #copyOf({ stream, day, generation }: StreamPart): Promise<ArchivedUnit | undefined> {
    const { units } = await this.parts.archived.now(streamOf(stream));
    return units.find((unit) => unit.day === day && unit.generation === generation);
  }

  /** Undefined where it is not what was put there: then the copy is given up, and made again by the next run. */
  async #manifestOf(part: StreamPart, { manifest }: ArchivedUnit): Promise<Manifest | undefined> {
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of await this.parts.storage.get(manifest.key, { sha256: manifest.sha256 }))
        chunks.push(chunk);
      // Its sum is the one that was written down when it was made: that is what it is trusted for.
      return readManifest(Buffer.concat(chunks).toString(), () => true).manifest;
    } catch (error) {
      if (!isDamage(error)) throw error;
      await this.parts.archived.withdraw(streamOf(part.stream), part);
      return undefined;
    }
  }

  async #isWhole(object: StoredObject): Promise<boolean> {
    try {
      await readBack(this.parts.storage, object, this.parts.encryption);
      return true;
    } catch (error) {
      if (isDamage(error)) return false;
      throw error;
    }
  }
}

/** What its tier says, where trying again at once is of no use. @throws all else */
function refusedBy(error: unknown): Staying & { readonly why: 'refused' } {
  if (!(error instanceof ArchiveStorageError) || error.retryable) throw error;
  return { why: 'refused', detail: error.message };
}

function streamOf({ tenant, name: stream }: StreamSpec): {
  readonly tenant: string;
  readonly stream: string;
} {
  return { tenant, stream };
}

function changed(copy: ArchivedUnit | undefined, now: CountedUnit | undefined): UnitMoving {
  const detail = `The table has ${now?.events ?? 0} events of it, and the archive ${copy?.events ?? 0}, or others: they changed meanwhile. The next run copies them.`;
  return { outcome: 'not_moved', why: 'changed', detail };
}

function damaged(key: string): UnitMoving {
  const detail = `${key} in the archive is not what was put there. The next run copies the day again.`;
  return { outcome: 'not_moved', why: 'damaged', detail };
}
