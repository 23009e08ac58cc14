import { ArchiveStorageError, contentOfBytes, type ArchiveStorage } from '#archive-storage';
import { BackupError } from '../backup.errors.js';
import { isBackupId, readHead, writeHead, type BackupHead } from '../format/backup-head.js';
import type { PieceCodec } from '../format/piece-codec.js';
import type { Piece } from '../format/saved-folder.js';

const HEADS = 'backups/';
const PIECES = 'objects/';
const LISTED_AT_ONCE = 1_000;
/** Far more than a head has. */
const MAX_HEAD_BYTES = 64 * 2 ** 20;

const headKey = (id: string): string => `${HEADS}${id}.json`;
const pieceKey = (name: string): string => `${PIECES}${name.slice(0, 2)}/${name}.piece`;

/** The backups of one place: their heads, and the pieces that they share. */
export class BackupStore {
  constructor(
    private readonly storage: ArchiveStorage,
    private readonly codec: PieceCodec,
  ) {}

  get keyId(): string | undefined {
    return this.codec.keyId;
  }

  nameOf(content: Uint8Array): string {
    return this.codec.nameOf(content);
  }

  /** Ids of all backups, the oldest first. */
  async ids(): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const { key } of this.#list(HEADS)) {
      const id = key.slice(HEADS.length, -'.json'.length);
      if (isBackupId(id) && key === headKey(id)) ids.push(id);
    }
    return ids;
  }

  /** @throws BackupError `backup_not_found`, and as `readHead` */
  async head(id: string): Promise<BackupHead> {
    const bytes = await this.#read(headKey(id), MAX_HEAD_BYTES).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
      throw new BackupError(
        'backup_not_found',
        `There is no backup ${id} here: see which there are with alluvium backup list.`,
      );
    });
    return readHead(Buffer.from(bytes).toString(), id, this.codec);
  }

  /** Says durably that a backup is there. */
  async putHead(head: BackupHead): Promise<void> {
    await this.storage.put(headKey(head.id), contentOfBytes(Buffer.from(writeHead(head, this.codec))));
  }

  async removeHead(id: string): Promise<void> {
    await this.storage.delete(headKey(id));
  }

  /** Names of the pieces that are there, with the bytes that each has there. */
  async pieces(): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    for await (const { key, bytes } of this.#list(PIECES)) {
      const name = key.slice(key.lastIndexOf('/') + 1, -'.piece'.length);
      if (key === pieceKey(name)) found.set(name, bytes);
    }
    return found;
  }

  /** Whether a piece of so many bytes there can be this content's: a torn one has fewer. */
  isWhole(content: Uint8Array, bytesThere: number | undefined): boolean {
    return bytesThere === content.length + this.codec.overhead;
  }

  /**
   * Keeps a piece that is not there, durably, and reads it back.
   *
   * @throws BackupError `backup_damaged` where what is read back is not what was put
   */
  async putPiece(name: string, content: Uint8Array): Promise<void> {
    await this.storage.put(pieceKey(name), contentOfBytes(this.codec.seal(name, content)));
    await this.piece([name, content.length]);
  }

  /** @throws BackupError `backup_damaged` where it is missing or not as it was put */
  async piece([name, bytes]: Piece): Promise<Uint8Array> {
    const kept = await this.#read(pieceKey(name), bytes + this.codec.overhead).catch((error: unknown) => {
      if (isMissing(error)) throw damaged(name, 'is missing');
      throw error;
    });
    const content = this.codec.open(name, kept);
    if (content?.length !== bytes) throw damaged(name, 'is not what was put there');
    return content;
  }

  async removePiece(name: string): Promise<void> {
    await this.storage.delete(pieceKey(name));
  }

  stop(): Promise<void> {
    return this.storage.stop();
  }

  async *#list(prefix: string): AsyncGenerator<{ readonly key: string; readonly bytes: number }> {
    for (let after: string | undefined = ''; after !== undefined;) {
      const page: Awaited<ReturnType<ArchiveStorage['list']>> = await this.storage.list(prefix, {
        limit: LISTED_AT_ONCE,
        ...(after !== '' && { after }),
      });
      yield* page;
      after = page.length < LISTED_AT_ONCE ? undefined : page.at(-1)?.key;
    }
  }

  /** Reads an object, but never more than it may have. */
  async #read(key: string, mostBytes: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of await this.storage.get(key)) {
      bytes += chunk.length;
      if (bytes > mostBytes)
        throw new BackupError('backup_damaged', `${key} has more than ${mostBytes} bytes. ${MEND}`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}

const MEND =
  'Remove it and make a backup: what it holds is put again if it is there still. Else restore an older backup.';

function damaged(name: string, how: string): BackupError {
  return new BackupError('backup_damaged', `${pieceKey(name)} ${how}. ${MEND}`);
}

function isMissing(error: unknown): boolean {
  return error instanceof ArchiveStorageError && error.code === 'archive_object_missing';
}
