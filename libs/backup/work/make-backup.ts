import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { BackupError } from '../backup.errors.js';
import { BACKUP_FORMAT, backupId, type BackupHead } from '../format/backup-head.js';
import { writeFolder, type Piece } from '../format/saved-folder.js';
import type { BackupStore } from '../store/backup-store.js';
import { foldersOf, type FoundFolder, type SavedTree } from './folders.js';
import { PieceCutter } from './piece-cutter.js';

/** What is backed up, and what is said of it. */
export interface BackupOrder {
  readonly trees: readonly SavedTree[];
  readonly beganAt: Date;
  readonly about: Pick<BackupHead, 'written_by' | 'data_format' | 'rest_ms' | 'not_held'>;
  readonly signal: AbortSignal;
  /** Told now and then of the bytes that are done, of all. */
  readonly progress: (done: number, all: number) => Promise<void>;
  /** Passes a fault point. */
  readonly reach: (faultPoint: string) => void;
}

/** Bytes between two words about the progress. */
const TOLD_EVERY_BYTES = 64 * 2 ** 20;

/**
 * Puts the pieces of all files that are not there yet, each read back; then the index, and the head last: whatever ends it
 * before leaves earlier backups as they are, and pieces that the next one uses or tidies away.
 *
 * @throws BackupError `backup_changed`, `backup_damaged`; ArchiveStorageError
 */
export function makeBackup(store: BackupStore, order: BackupOrder): Promise<BackupHead> {
  return new BackupRun(store, order).run();
}

class BackupRun {
  readonly #added = { pieces: 0, bytes: 0 };
  #there: Map<string, number> = new Map();
  #bytes = 0;
  #files = 0;
  #toldAt = 0;

  constructor(
    private readonly store: BackupStore,
    private readonly order: BackupOrder,
  ) {}

  async run(): Promise<BackupHead> {
    const { trees, beganAt, about } = this.order;
    this.#there = new Map(await this.store.pieces());
    const found: FoundFolder[] = [];
    for await (const folder of foldersOf(trees)) found.push(folder);
    const all = found.reduce((sum, { bytes }) => sum + bytes, 0);
    const index: Piece[] = [];
    const lines = new PieceCutter(async (piece) => void index.push(await this.#keep(piece)));
    for (const folder of found) {
      await lines.add(Buffer.from(await this.#save(folder)));
      await this.#tell(all);
    }
    await lines.end();
    const head: BackupHead = {
      ...{ format: BACKUP_FORMAT, id: backupId(beganAt, randomBytes(4).toString('hex')) },
      ...{ began_at: beganAt.toISOString(), ended_at: new Date().toISOString() },
      ...{ ...about, key_id: this.store.keyId ?? null, files: this.#files, bytes: this.#bytes },
      ...{ new_pieces: this.#added.pieces, new_bytes: this.#added.bytes, index },
    };
    this.order.signal.throwIfAborted();
    this.order.reach('backup.before-head');
    await this.store.putHead(head);
    this.order.reach('backup.head');
    return this.store.head(head.id);
  }

  /** The line of the index about a folder whose pieces are kept. */
  async #save({ folder, path, files: names, whenGone }: FoundFolder): Promise<string> {
    const files: [string, number][] = [];
    const pieces: Piece[] = [];
    const cutter = new PieceCutter(async (piece) => void pieces.push(await this.#keep(piece)));
    for (const name of names) {
      const bytes = await this.#read(join(path, name), whenGone, cutter);
      if (bytes !== undefined) files.push([name, bytes]);
    }
    await cutter.end();
    this.#files += files.length;
    return writeFolder({ folder, files, pieces });
  }

  /** Bytes of a file, which goes to the cutter; undefined where it is gone and may be. */
  async #read(
    path: string,
    whenGone: SavedTree['whenGone'],
    cutter: PieceCutter,
  ): Promise<number | undefined> {
    let bytes = 0;
    try {
      for await (const chunk of createReadStream(path)) {
        await cutter.add(chunk as Buffer);
        bytes += (chunk as Buffer).length;
      }
    } catch (error) {
      if (!isGone(error)) throw error;
      if (whenGone === 'skip') return undefined;
      throw new BackupError(
        'backup_changed',
        `${path} was taken away while it was backed up: make the backup again.`,
        error,
      );
    }
    this.#bytes += bytes;
    return bytes;
  }

  async #keep(content: Uint8Array): Promise<Piece> {
    this.order.signal.throwIfAborted();
    const name = this.store.nameOf(content);
    const there = this.#there.get(name);
    if (!this.store.isWhole(content, there)) {
      if (there !== undefined) await this.store.removePiece(name);
      await this.store.putPiece(name, content);
      this.order.reach('backup.piece');
      this.#there.set(name, content.length);
      this.#added.pieces += 1;
      this.#added.bytes += content.length;
    }
    return [name, content.length];
  }

  async #tell(all: number): Promise<void> {
    if (this.#bytes - this.#toldAt < TOLD_EVERY_BYTES) return;
    this.#toldAt = this.#bytes;
    await this.order.progress(this.#bytes, all);
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
