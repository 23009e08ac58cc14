import type { ScanPiece } from '#plugin-kit';

const LINE_FEED = 0x0a;
/** Bytes of a portion; a longer line is a portion of its own. */
export const PORTION_BYTES = 64 * 1024;

/** Some events that a reader gets together or not at all; its forms for the wire are made once for all readers. */
export class TailPortion {
  readonly #forms = new Map<string, unknown>();

  /** @param lines events as JSON texts, each with a line feed behind it */
  constructor(
    readonly lines: Uint8Array,
    readonly count: number,
  ) {}

  get bytes(): number {
    return this.lines.byteLength;
  }

  /** The portion in a form that `make` gives it at the first call. */
  form<T>(name: string, make: (texts: readonly string[]) => T): T {
    const known = this.#forms.get(name);
    if (known !== undefined) return known as T;
    const made = make(this.#texts());
    this.#forms.set(name, made);
    return made;
  }

  #texts(): readonly string[] {
    const { buffer, byteOffset, byteLength } = this.lines;
    return Buffer.from(buffer, byteOffset, byteLength).toString().split('\n').slice(0, -1);
  }
}

/** Cuts a piece behind line feeds, so that each portion has some {@link PORTION_BYTES}. */
export function* portionsOf({ lines, count }: ScanPiece): Generator<TailPortion> {
  if (lines.byteLength <= PORTION_BYTES) return void (yield new TailPortion(lines, count));
  const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
  let [start, events] = [0, 0];
  for (let end = 0; end < bytes.length;) {
    const next = bytes.indexOf(LINE_FEED, end) + 1;
    if (events > 0 && next - start > PORTION_BYTES) {
      yield new TailPortion(bytes.subarray(start, end), events);
      [start, events] = [end, 0];
    }
    events += 1;
    end = next;
  }
  yield new TailPortion(bytes.subarray(start), events);
}
