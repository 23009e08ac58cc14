import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { ArchiveStorageError } from '../archive-storage.errors.js';
import type { ByteRange, ListedObject, ObjectHead, PutOptions } from '../archive-storage.port.js';
import type { ObjectContent } from '../object-content.js';
import type { ObjectStore, OpenObject } from '../object-store.js';
import type { BucketPlace, ObjectLock } from '../storage-place.js';
import { removeAbandoned, showFitness } from './fitness.js';
import { deleteUnlocked, lockFrom, setLegalHold, showLock } from './object-lock.js';
import { s3Client, type Patience } from './s3-client.js';
import { s3Fault } from './s3-faults.js';
import { upload } from './upload.js';

const SUM = /^[0-9a-f]{64}$/;
/** Of parts, the store's own sum is one of sums, and says how many. */
const WHOLE_SUM = /^[A-Za-z0-9+/]{43}=$/;

/** An object of a bucket for each. */
export class S3Store implements ObjectStore {
  readonly #client: S3Client;
  readonly #where: { readonly Bucket: string; readonly prefix: string };
  readonly #lock: ObjectLock | undefined;
  #shown: Promise<void> | undefined;

  constructor({ bucket, prefix, ...place }: BucketPlace, patience?: Patience) {
    this.#where = { Bucket: bucket, prefix };
    this.#lock = place.lock;
    this.#client = s3Client({ bucket, prefix, ...place }, patience);
  }

  get locks(): boolean {
    return this.#lock !== undefined;
  }

  async putNew(
    key: string,
    content: ObjectContent,
    { lockedUntil }: PutOptions = {},
  ): Promise<'stored' | 'exists'> {
    await this.#beFit();
    const lock = this.#lock && lockFrom(Date.now(), this.#lock, lockedUntil);
    return upload(this.#client, { ...this.#target(key), ...lock }, content);
  }

  async open(key: string, range?: ByteRange): Promise<OpenObject> {
    const what = `read ${key}`;
    const Range = range && `bytes=${range.offset}-${range.offset + range.length - 1}`;
    const get = new GetObjectCommand({ ...this.#target(key), ...(Range && { Range }) });
    const { Body, ContentLength } = await this.#do(what, () => this.#client.send(get));
    if (!Body || ContentLength === undefined)
      throw new ArchiveStorageError(
        'archive_storage_unavailable',
        `Could not ${what}: an answer without a length.`,
      );
    return { bytes: ContentLength, body: readFrom(Body as AsyncIterable<Uint8Array>, what) };
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    const head = new HeadObjectCommand({ ...this.#target(key), ChecksumMode: 'ENABLED' });
    try {
      const answer = await this.#do(`look at ${key}`, () => this.#client.send(head));
      const sha256 = sumOf(answer);
      return { bytes: answer.ContentLength ?? 0, ...(sha256 !== undefined && { sha256 }) };
    } catch (error) {
      if (error instanceof ArchiveStorageError && error.code === 'archive_object_missing') return undefined;
      throw error;
    }
  }

  async list(
    prefix: string,
    { limit, after }: { readonly limit: number; readonly after: string },
  ): Promise<readonly ListedObject[]> {
    const { Bucket, prefix: above } = this.#where;
    const found: ListedObject[] = [];
    for (let StartAfter = after && above + after; ;) {
      const page = new ListObjectsV2Command({
        ...{ Bucket, Prefix: above + prefix, MaxKeys: limit - found.length },
        ...(StartAfter && { StartAfter }),
      });
      const { Contents = [], IsTruncated } = await this.#do(`list ${prefix}`, () => this.#client.send(page));
      for (const { Key = '', Size = 0 } of Contents)
        if (!Key.endsWith('/')) found.push({ key: Key.slice(above.length), bytes: Size });
      const last = Contents.at(-1)?.Key;
      if (!IsTruncated || found.length >= limit || last === undefined) return found;
      StartAfter = last;
    }
  }

  async delete(key: string): Promise<void> {
    if (this.#lock) return deleteUnlocked(this.#client, this.#target(key));
    await this.#do(`remove ${key}`, () => this.#client.send(new DeleteObjectCommand(this.#target(key))));
  }

  async setHold(key: string, isHeld: boolean): Promise<boolean> {
    if (!this.#lock) return false;
    await setLegalHold(this.#client, this.#target(key), isHeld);
    return true;
  }

  async check(): Promise<void> {
    const { Bucket, prefix } = this.#where;
    // Not the question whether the bucket is there: its answer has no word for what is wrong.
    const look = new ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: 1 });
    await this.#do('reach the bucket', () => this.#client.send(look));
    await this.#beFit();
  }

  async close(): Promise<void> {
    this.#client.destroy();
  }

  /** Asked once; again where the answer was none. */
  #beFit(): Promise<void> {
    this.#shown ??= this.#show().catch((error: unknown) => {
      this.#shown = undefined;
      throw error;
    });
    return this.#shown;
  }

  async #show(): Promise<void> {
    if (this.#lock) await showLock(this.#client, this.#where.Bucket);
    await showFitness(this.#client, this.#where);
    await removeAbandoned(this.#client, this.#where);
  }

  #target(key: string): { Bucket: string; Key: string } {
    const { Bucket, prefix } = this.#where;
    return { Bucket, Key: prefix + key };
  }

  async #do<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw s3Fault(error, what);
    }
  }
}

/** The store's own sum, else the one that was given to it. */
function sumOf({ ChecksumSHA256 = '', Metadata }: HeadObjectCommandOutput): string | undefined {
  if (WHOLE_SUM.test(ChecksumSHA256)) return Buffer.from(ChecksumSHA256, 'base64').toString('hex');
  const given = Metadata?.['sha256'] ?? '';
  return SUM.test(given) ? given : undefined;
}

async function* readFrom(body: AsyncIterable<Uint8Array>, what: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw s3Fault(error, what);
  }
}
