import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CliError } from '../../cli-error.js';
import { EXIT } from '../../exit-codes.js';
import { chooseForm, type Form } from './choose-form.js';
import { jsonLines } from './json-lines.js';
import { unzstd } from './unzstd.js';

type Bytes = AsyncIterable<Uint8Array>;

/** A file, or what comes through standard input, as the lines to send. */
export interface Source {
  /** For people. */
  readonly name: string;
  readonly form: Form;
  /** Bytes of the file that were read, as they lie on disk; never less than what {@link lines} was made of. */
  readonly bytesRead: () => number;
  /** UTF-8 without a mark at its beginning; lines end in LF. May be read once. */
  readonly lines: Bytes;
}

const READ_BYTES = 1024 * 1024;
/** Enough to know a compression by; more could keep the lines of a quiet pipe waiting. */
const PEEK_BYTES = 4;
const GZIP = [0x1f, 0x8b] as const;
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd] as const;
const MARK = [0xef, 0xbb, 0xbf] as const;

/** What is asked of a source besides its name. */
export interface SourceOptions {
  /** Default: told from its first bytes. */
  readonly form?: Form;
  /** For `-`. Default: standard input. */
  readonly stdin?: Readable;
}

/**
 * Opens a file, or standard input for `-`. gzip and zstd are known by their first bytes.
 *
 * @throws CliError, also from `lines`, where it can't be read or is damaged
 */
export async function openSource(path: string, options: SourceOptions = {}): Promise<Source> {
  const name = path === '-' ? 'standard input' : path;
  const input =
    path === '-' ? (options.stdin ?? process.stdin) : createReadStream(path, { highWaterMark: READ_BYTES });
  let bytesRead = 0;
  const raw = await peek(
    counted(input, (bytes) => (bytesRead += bytes)),
    name,
  );
  const text = await peek(decompressed(raw), name);
  const form = options.form ?? chooseForm(text.head, name);
  const lines = withoutMark(text.bytes, beginsWith(text.head, MARK));
  return {
    name,
    form,
    bytesRead: () => bytesRead,
    lines: explained(form === 'json' ? jsonLines(lines, name) : lines, name),
  };
}

/** The first bytes, at least {@link PEEK_BYTES} where there are as many, and all bytes, they included. */
interface Peeked {
  readonly head: Buffer;
  readonly bytes: Bytes;
}

async function peek(bytes: Bytes, name: string): Promise<Peeked> {
  const iterator = explained(bytes, name);
  let head = Buffer.alloc(0);
  while (head.length < PEEK_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield head;
    yield* iterator;
  }
  return { head, bytes: all() };
}

async function* counted(input: Readable, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const piece of input as AsyncIterable<Buffer>) {
    count(piece.length);
    yield piece;
  }
}

function decompressed({ head, bytes }: Peeked): Bytes {
  if (beginsWith(head, GZIP)) return gunzip(bytes);
  return beginsWith(head, ZSTD) ? unzstd(bytes) : bytes;
}

async function* gunzip(bytes: Bytes): AsyncGenerator<Uint8Array> {
  const source = Readable.from(bytes);
  const gzip = createGunzip({ chunkSize: READ_BYTES });
  source.on('error', (error) => gzip.destroy(error));
  try {
    yield* source.pipe(gzip) as AsyncIterable<Uint8Array>;
  } finally {
    source.destroy();
    gzip.destroy();
  }
}

async function* withoutMark(bytes: Bytes, hasMark: boolean): AsyncGenerator<Uint8Array> {
  let skip = hasMark ? MARK.length : 0;
  for await (const piece of bytes) {
    yield piece.subarray(skip);
    skip = 0;
  }
}

/** Errors of the file and of its compression in words. */
async function* explained(bytes: Bytes, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code.startsWith('Z_'))
      throw new CliError(
        `${name} is damaged: ${message}.`,
        EXIT.partly,
        'What could be read of it was sent.',
      );
    throw new CliError(`${name} can not be read (${code || message}).`, EXIT.failed, undefined, {
      cause: error,
    });
  }
}

function beginsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, at) => head[at] === byte);
}
