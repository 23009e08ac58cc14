/** Formats whose rows can be told apart as they come. */
export type RowFormat = 'ndjson' | 'csv';

const [LF, QUOTE] = [0x0a, 0x22] as const;

/** Tells whole rows from the beginning of one that is not whole yet. A row of CSV may have ends of lines between quotes. */
export class RowReader {
  /** Of the rows that were whole, the header of a CSV included. */
  rows = 0;
  /** Bytes of the rows that were whole. */
  bytes = 0;
  #first: Buffer | undefined;
  #last = Buffer.alloc(0);
  #rest = Buffer.alloc(0);
  /** Bytes of the rest that were looked at, and whether they end between quotes. */
  #looked = 0;
  #inQuotes = false;

  constructor(private readonly format: RowFormat) {}

  /** The first row, as text without its end; undefined before there is one. */
  get first(): string | undefined {
    return this.#first && textOf(this.#first);
  }

  /** The last whole row, as text without its end. */
  get last(): string {
    return textOf(this.#last);
  }

  /** The rows that are whole with these bytes, whose last one it remembers. */
  feed(bytes: Uint8Array): Buffer {
    const all = this.#rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#rest, bytes]);
    let start = 0;
    for (let end = this.#endOfRow(all); end > 0; end = this.#endOfRow(all)) {
      const row = all.subarray(start, end);
      this.#first ??= Buffer.from(row);
      this.#last = row;
      this.rows += 1;
      start = end;
    }
    // A copy: the last row must not hold the memory of all others.
    this.#last = Buffer.from(this.#last);
    this.#rest = all.subarray(start);
    this.#looked -= start;
    this.bytes += start;
    return all.subarray(0, start);
  }

  /** Forgets the beginning of a row: it comes anew. */
  dropRest(): void {
    this.#rest = Buffer.alloc(0);
    this.#looked = 0;
    this.#inQuotes = false;
  }

  /** Place behind the next row's end; 0 where it isn't there. */
  #endOfRow(all: Buffer): number {
    if (this.format === 'ndjson') {
      const at = all.indexOf(LF, this.#looked);
      this.#looked = at < 0 ? all.length : at + 1;
      return at + 1;
    }
    while (this.#looked < all.length) {
      const byte = all[this.#looked++];
      if (byte === QUOTE) this.#inQuotes = !this.#inQuotes;
      else if (byte === LF && !this.#inQuotes) return this.#looked;
    }
    return 0;
  }
}

function textOf(row: Buffer): string {
  return row.toString('utf8').replace(/\r?\n$/, '');
}
