import type { BlockHeader } from './block.js';

const [MORE, LOW] = [0x80, 0x7f];
const FIRST_BYTES = 64;

/**
 * Notes where the events of a block stood in their request, where rules took them out from among others. Each run of
 * neighbours costs two bytes or a few more, so that a request of millions of lines costs no more than its own bytes.
 */
export class RequestRows {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;
  #runs = 0;
  /** First row of the run that is noted now, and its rows. */
  #from = 0;
  #run = 0;
  /** Behind the last run that was written. */
  #end = 0;
  #first = 0;

  /** @param row above all that were added before */
  add(row: number): void {
    if (this.#run > 0 && row === this.#from + this.#run) {
      this.#run += 1;
      return;
    }
    if (this.#run === 0) this.#first = row;
    else this.#write();
    this.#from = row;
    this.#run = 1;
  }

  /** As a header says it: neighbours need no more than where they begin. */
  place(): Pick<BlockHeader, 'offset' | 'indexes'> {
    if (this.#runs === 0) return this.#first === 0 ? {} : { offset: this.#first };
    this.#write();
    return { offset: this.#first, indexes: this.#bytes.toString('base64url', 0, this.#length) };
  }

  #write(): void {
    this.#put(this.#from - this.#end);
    this.#put(this.#run);
    this.#end = this.#from + this.#run;
    this.#runs += 1;
  }

  /** Seven bits a byte, the lowest first. */
  #put(value: number): void {
    if (this.#length + 5 > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2);
    let rest = value;
    for (; rest > LOW; rest >>>= 7) this.#length = this.#bytes.writeUInt8((rest & LOW) | MORE, this.#length);
    this.#length = this.#bytes.writeUInt8(rest, this.#length);
  }
}

/**
 * Where rows of a block stood in their request. All are asked for at once, since the note is read from its beginning.
 *
 * @param place what {@link RequestRows} noted of the block
 * @param rows ascending
 */
export function requestRows(
  { offset = 0, indexes }: Pick<BlockHeader, 'offset' | 'indexes'>,
  rows: readonly number[],
): readonly number[] {
  if (indexes === undefined) return rows.map((row) => offset + row);
  const runs = numbersIn(indexes);
  let [at, from, run, before] = [0, 0, 0, 0];
  return rows.map((row) => {
    for (; row >= before + run && at + 1 < runs.length; at += 2) {
      before += run;
      from += run + (runs[at] ?? 0);
      run = runs[at + 1] ?? 0;
    }
    return from + row - before;
  });
}

function numbersIn(indexes: string): readonly number[] {
  const numbers: number[] = [];
  let [value, factor] = [0, 1];
  for (const byte of Buffer.from(indexes, 'base64url')) {
    value += (byte & LOW) * factor;
    factor *= 128;
    if (byte & MORE) continue;
    numbers.push(value);
    [value, factor] = [0, 1];
  }
  return numbers;
}
