import { CliError } from '../../cli-error.js';
import { EXIT } from '../../exit-codes.js';

const [TAB, LF, CR, SPACE, QUOTE, COMMA, BACKSLASH] = [9, 10, 13, 32, 34, 44, 92] as const;
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125] as const;

type Bytes = AsyncIterable<Uint8Array>;

/**
 * Makes a line of each JSON value in a text of any length: of the elements of an array, or of values one after another. The
 * bytes of a value stay as they are; only ends of lines between its tokens become spaces. Values are not judged.
 *
 * @throws CliError where the text ends within a value, or a string runs over the end of a line
 */
export async function* jsonLines(text: Bytes, name: string): AsyncGenerator<Buffer> {
  const splitter = new JsonSplitter(name);
  for await (const piece of text) {
    const lines = splitter.feed(piece);
    if (lines.length > 0) yield lines;
  }
  yield splitter.end();
}

class JsonSplitter {
  /** Brackets that are open within a value. */
  #depth = 0;
  #inArray = false;
  #inString = false;
  #escaped = false;
  /** Whether a line was begun that has no end yet. */
  #inLine = false;
  #read = 0;
  #lines = Buffer.alloc(0);
  #length = 0;

  constructor(private readonly name: string) {}

  /** The lines, or parts of them, that this piece gives. */
  feed(piece: Uint8Array): Buffer {
    // Each byte stands for itself, and the end of a line may come before it.
    this.#lines = Buffer.allocUnsafe(2 * piece.length);
    this.#length = 0;
    for (const byte of piece) {
      this.#read += 1;
      if (this.#inString) this.#string(byte);
      else if (this.#depth > 0) this.#within(byte);
      else this.#between(byte);
    }
    return this.#lines.subarray(0, this.#length);
  }

  end(): Buffer {
    if (this.#inString || this.#depth > 0 || this.#inArray) throw this.#broken('ends within a value');
    return Buffer.from(this.#inLine ? '\n' : '');
  }

  #string(byte: number): void {
    if (byte === LF) throw this.#broken('has a string that runs over the end of a line');
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
    this.#put(byte);
  }

  #within(byte: number): void {
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#depth -= 1;
    this.#put(byte === LF || byte === CR ? SPACE : byte);
  }

  /** Outside of all brackets but those of the array whose elements are events. */
  #between(byte: number): void {
    if (byte === OPEN_OBJECT || (byte === OPEN_ARRAY && this.#inArray)) {
      this.#endLine();
      this.#within(byte);
    } else if (SEPARATORS.has(byte)) {
      this.#endLine();
      if (byte === OPEN_ARRAY) this.#inArray = true;
      if (byte === CLOSE_ARRAY) this.#inArray = false;
    } else this.#within(byte);
  }

  #put(byte: number): void {
    this.#inLine = true;
    this.#lines[this.#length++] = byte;
  }

  #endLine(): void {
    if (this.#inLine) this.#lines[this.#length++] = LF;
    this.#inLine = false;
  }

  #broken(what: string): CliError {
    return new CliError(
      `${this.name} ${what} (at byte ${this.#read}).`,
      EXIT.partly,
      'What stands before was sent. Mend the file and send the rest of it.',
    );
  }
}

/** What may stand between two values. */
const SEPARATORS: ReadonlySet<number> = new Set([TAB, LF, CR, SPACE, COMMA, OPEN_ARRAY, CLOSE_ARRAY]);
