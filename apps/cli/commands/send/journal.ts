import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Chunk } from './chunk-cutter.js';

/** What a server said to a chunk. */
export interface Acknowledgement {
  readonly accepted: number;
  readonly receipt: string;
}

/** A chunk that was cut before; with the answer, where one came. */
interface KnownChunk {
  readonly start: number;
  readonly end: number;
  readonly answer: (Acknowledgement & { readonly sha256: string }) | undefined;
}

/** How far everything before was acknowledged. */
export interface Prefix {
  readonly bytes: number;
  /** Of these bytes. Empty where there are none. */
  readonly sha256: string;
}

type Entry =
  | { readonly begun: string; readonly salt: string }
  | { readonly cut: readonly [start: number, end: number] }
  | ({ readonly ack: readonly [start: number, end: number]; readonly sha256: string } & Acknowledgement)
  | { readonly done: string };

/**
 * Remembers what became of each chunk of one file, so that a sender that was killed goes on where it was: a line is written
 * before a chunk is sent, another when it is acknowledged. A file that only grew is gone on with, too.
 */
export class Journal {
  readonly #chunks = new Map<number, KnownChunk>();
  #salt = '';
  #file = -1;
  #begun: string | undefined;
  #done: string | undefined;
  #receipts: string[] = [];

  private constructor(private readonly path: string) {}

  /** Reads the journal, or begins one. @throws Error of the file system */
  static open(path: string): Journal {
    const journal = new Journal(path);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const text = readIfThere(path);
    for (const line of text.split('\n')) journal.#take(line);
    journal.#file = openSync(path, 'a', 0o600);
    // A line that broke off stays one that can't be read.
    if (text !== '' && !text.endsWith('\n')) writeSync(journal.#file, '\n');
    if (journal.#begun === undefined) journal.#write({ begun: new Date().toISOString(), salt: '' });
    return journal;
  }

  /** Forgets everything: what is sent from now on is sent anew, also where a server remembers it. */
  restart(): void {
    rmSync(this.path, { force: true });
    closeSync(this.#file);
    this.#chunks.clear();
    this.#receipts = [];
    this.#done = undefined;
    this.#file = openSync(this.path, 'a', 0o600);
    this.#write({ begun: new Date().toISOString(), salt: randomUUID() });
  }

  /** When the whole file was sent for the last time, RFC 3339; undefined where it never was, or more was begun since. */
  get done(): string | undefined {
    return this.#done;
  }

  /** Differs between two sendings of the same file that are both wanted. */
  get salt(): string {
    return this.#salt;
  }

  /** Receipts of what was acknowledged since the file was done the last time. */
  get receipts(): readonly string[] {
    return this.#receipts;
  }

  /** Events of all chunks that were acknowledged. */
  get accepted(): number {
    return [...this.#chunks.values()].reduce((sum, { answer }) => sum + (answer?.accepted ?? 0), 0);
  }

  get prefix(): Prefix {
    let prefix = { bytes: 0, sha256: '' };
    for (let next = this.#chunks.get(0); next?.answer; next = this.#chunks.get(prefix.bytes))
      prefix = { bytes: next.end, sha256: next.answer.sha256 };
    return prefix;
  }

  /** Chunks behind the prefix that were cut already, in order and without gaps. */
  get cutBehindPrefix(): readonly KnownChunk[] {
    const known: KnownChunk[] = [];
    let at = this.prefix.bytes;
    for (let next = this.#chunks.get(at); next; next = this.#chunks.get(at)) {
      known.push(next);
      at = next.end;
    }
    return known;
  }

  /** Written before a chunk is sent. */
  cut({ start, end }: Chunk): void {
    if (!this.#chunks.has(start)) this.#write({ cut: [start, end] });
  }

  acknowledge({ start, end, sha256 }: Chunk, { accepted, receipt }: Acknowledgement): void {
    this.#write({ ack: [start, end], sha256, accepted, receipt });
  }

  /** The whole file was sent. */
  finish(): void {
    this.#write({ done: new Date().toISOString() });
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(entry: Entry): void {
    const line = JSON.stringify(entry);
    writeSync(this.#file, `${line}\n`);
    this.#take(line);
  }

  #take(line: string): void {
    const entry = readEntry(line);
    if (!entry) return;
    if ('begun' in entry) {
      this.#begun = entry.begun;
      this.#salt = entry.salt;
    } else if ('cut' in entry) this.#keep(entry.cut, undefined);
    else if ('ack' in entry) {
      const { accepted, receipt, sha256 } = entry;
      this.#keep(entry.ack, { accepted, receipt, sha256 });
      this.#receipts.push(receipt);
    } else this.#end(entry.done);
  }

  #keep([start, end]: readonly [number, number], answer: KnownChunk['answer']): void {
    if (this.#done !== undefined) this.#receipts = [];
    this.#done = undefined;
    this.#chunks.set(start, { start, end, answer });
  }

  #end(done: string): void {
    this.#done = done;
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function readEntry(line: string): Entry | undefined {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}
