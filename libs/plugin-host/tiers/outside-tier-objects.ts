import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Logger } from 'pino';
import { readTierKey } from '#archive-format';
import {
  ArchiveStorageError,
  contentOfFile,
  TierObjects,
  type ObjectContent,
  type WantedObject,
} from '#archive-storage';
import { UnitMissingError, type ExportingTier, type KeptUnit } from '#plugin-kit';
import type { HostedTier, HostedTierPlugin } from './hosted-tier.js';
import { wholeLines } from './whole-lines.js';

/** Characters of what a plugin says that are told on. */
const LONGEST_TEXT = 300;

export interface OutsideTierObjectsParts {
  /** By the names that policies have. */
  readonly tiers: ReadonlyMap<string, HostedTierPlugin>;
  /** What makes files of lines. */
  readonly engine: () => Pick<ExportingTier, 'fileOfLines'>;
  readonly logger: Pick<Logger, 'error'>;
}

interface Found {
  readonly tier: HostedTier;
  readonly unit: KeptUnit;
}

/** Objects of units that plugins keep: each is a unit of its tier's. */
export class OutsideTierObjects extends TierObjects {
  constructor(private readonly parts: OutsideTierObjectsParts) {
    super();
  }

  async put(key: string, content: ObjectContent): Promise<void> {
    await this.#call(key, 'keep', ({ tier, unit }) => tier.write(unit, wholeLines(content.open())));
  }

  async *get(key: string): AsyncGenerator<Uint8Array> {
    const { tier, unit } = this.#find(key);
    try {
      yield* tier.read(unit);
    } catch (error) {
      throw this.#inWords(error, key, 'give back');
    }
  }

  async delete(key: string): Promise<void> {
    await this.#call(key, 'remove', ({ tier, unit }) => tier.remove(unit));
  }

  async toFile({ key, sha256, columns = [] }: WantedObject, path: string): Promise<void> {
    const lines = `${path}.ndjson`;
    try {
      await pipeline(Readable.from(this.get(key)), createWriteStream(lines));
      const { sha256: found } = await contentOfFile(lines);
      if (found !== sha256)
        throw new ArchiveStorageError('archive_object_damaged', `${key} doesn't have the SHA-256 ${sha256}.`);
      await rm(path, { force: true });
      await this.parts.engine().fileOfLines(lines, columns, path);
    } finally {
      await rm(lines, { force: true });
    }
  }

  async #call(key: string, doing: string, work: (found: Found) => Promise<void>): Promise<void> {
    const found = this.#find(key);
    try {
      await work(found);
    } catch (error) {
      throw this.#inWords(error, key, doing);
    }
  }

  #find(key: string): Found {
    const { tier: name, ...unit } = readTierKey(key);
    const plugin = this.parts.tiers.get(name);
    if (plugin) return { tier: plugin.tier, unit };
    throw new ArchiveStorageError(
      'archive_tier_failed',
      `The storage tier "${name}", which has ${key}, is not there: put its plugin tier-${name} back and trust it.`,
    );
  }

  #inWords(error: unknown, key: string, doing: string): ArchiveStorageError {
    if (error instanceof ArchiveStorageError) return error;
    if (error instanceof UnitMissingError)
      return new ArchiveStorageError('archive_object_missing', `There is no ${key}.`, error);
    const { tier } = readTierKey(key);
    this.parts.logger.error({ err: error, tier, key }, 'a storage tier failed');
    const why = (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_TEXT);
    const message = `The storage tier "${tier}" did not ${doing} ${key}: ${why}`;
    return new ArchiveStorageError('archive_tier_failed', message, error);
  }
}
