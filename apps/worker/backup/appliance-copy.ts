import { mkdir, rm } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { SavedTree } from '#backup';
import type { Catalogue, SavableCatalogue } from '#catalogue';
import { isSavableCatalogue } from '#catalogue';
import { isSavableBus, type InspectableEventBus, type SavableEventBus } from '#event-bus';
import type { TierRegistry } from '#storage-tier';
import type { WriterPool } from '../writers/writer-pool.js';

/** Where copies are, in the data directory and in that of each tier, which may be a file system of its own. */
const COPIES = 'backup-copies';

/** Of the data directory: what is copied by who has it open, is made anew, or is nobody else's. */
const NOT_AS_FILES = [
  ...['bus', 'catalogue', 'tiers', 'archives', COPIES],
  ...['archive-cache', 'archive-copies', 'archive-merges', 'archive-decrypted'],
  ...['attached-cache', 'tier-cache'],
  ...['scratch', 'plugins'],
  ...['owner.lock', 'restore.unfinished', 'lost+found'],
];

export interface ApplianceCopyParts {
  readonly bus: InspectableEventBus;
  readonly catalogue: Catalogue;
  readonly tiers: TierRegistry;
  readonly writers: Pick<WriterPool, 'atRest'>;
  readonly dataDir: string;
  /** Where archives are, where they are on this machine. */
  readonly archiveDir: string | undefined;
  /** Emptied by each start. */
  readonly scratchDir: string | undefined;
}

/** The appliance as it was at one moment. */
export interface ApplianceCopy {
  readonly trees: readonly SavedTree[];
  /** Milliseconds for which nothing was stored. */
  readonly restMs: number;
}

/**
 * Copies what changes all the time, while events go on being accepted. Storing rests meanwhile, so that tables, catalogue
 * and log agree: each block is either in the tables and off the log, or on the log (ADR 0030).
 */
export class ApplianceCopier {
  constructor(private readonly parts: ApplianceCopyParts) {}

  /** Calls `use` with a copy, which is removed again then. */
  async withCopy<T>(use: (copy: ApplianceCopy) => Promise<T>): Promise<T> {
    await this.tidy();
    try {
      const restMs = await this.#copy();
      return await use({ restMs, trees: this.#trees() });
    } finally {
      await this.tidy();
    }
  }

  /** Removes copies, those of a process that was killed too: their links hold disk space. */
  async tidy(): Promise<void> {
    const { dataDir, tiers } = this.parts;
    const directories = [dataDir, ...tiers.savable.map(({ directory }) => directory)];
    for (const directory of directories) await rm(join(directory, COPIES), { recursive: true, force: true });
  }

  async #copy(): Promise<number> {
    const { bus, catalogue, tiers, writers, dataDir } = this.parts;
    const [savedBus, savedCatalogue] = [savableBus(bus), savableCatalogue(catalogue)];
    const [busCopy, catalogueCopy] = ['bus', 'catalogue'].map((name) => join(dataDir, COPIES, name));
    for (const copy of [busCopy, catalogueCopy]) await mkdir(copy ?? '', { recursive: true, mode: 0o700 });
    return writers.atRest(async () => {
      const began = performance.now();
      // The log before the catalogue: what the catalogue says of blocks and of counts is never older than the log.
      await savedBus.saveTo(busCopy ?? '');
      await savedCatalogue.saveTo(catalogueCopy ?? '');
      for (const { tier, directory } of tiers.savable) await tier.saveTo(join(directory, COPIES));
      return Math.ceil(performance.now() - began);
    });
  }

  #trees(): readonly SavedTree[] {
    const { tiers, dataDir, archiveDir, scratchDir } = this.parts;
    const copies = join(dataDir, COPIES);
    const without = [...NOT_AS_FILES, ...[archiveDir, scratchDir].flatMap((path) => within(dataDir, path))];
    return [
      { root: join(copies, 'bus'), at: 'bus', whenGone: 'fail' },
      { root: join(copies, 'catalogue'), at: 'catalogue', whenGone: 'fail' },
      ...tiers.savable.map(({ directory }) => ({
        ...{ root: join(directory, COPIES), at: `tiers/${basename(directory)}` },
        whenGone: 'fail' as const,
      })),
      ...(archiveDir === undefined
        ? []
        : [{ root: archiveDir, at: 'archives', without: ['.incoming'], whenGone: 'fail' as const }]),
      { root: dataDir, at: '', without, whenGone: 'skip' },
    ];
  }
}

/** A path as one below the directory; nothing where it is elsewhere. */
function within(directory: string, path: string | undefined): readonly string[] {
  if (path === undefined) return [];
  const below = relative(resolve(directory), resolve(path));
  return below === '' || below === '..' || below.startsWith(`..${sep}`) ? [] : [below];
}

/** Other editions are refused before, by their settings. */
function savableBus(bus: InspectableEventBus): SavableEventBus {
  if (isSavableBus(bus)) return bus;
  throw new Error('The event bus is not on this machine.');
}

function savableCatalogue(catalogue: Catalogue): SavableCatalogue {
  if (isSavableCatalogue(catalogue)) return catalogue;
  throw new Error('The catalogue is not on this machine.');
}
