import { joinLines, type LineGrouping, type LineJoiner } from '#plugin-kit';

const HASH = 0x23;
/** Bytes that an LF takes in a joined line. */
const LF_WRITTEN = 4;
/** Blank lines within an event that are kept. */
const MOST_BLANK = 10;
const EMPTY = new Uint8Array();

/** Gathers lines that are one event; each group becomes a line. */
export class LineGrouper {
  readonly #goesOn: LineJoiner;
  #lines: Uint8Array[] = [];
  #bytes = 0;
  /** Blank lines behind the last one: kept where the event goes on below them. */
  #blank = 0;

  /** @param maxBytes of an event; what goes on behind them is an event of its own */
  constructor(
    private readonly grouping: LineGrouping,
    private readonly maxBytes: number,
  ) {
    this.#goesOn = grouping.open();
  }

  /**
   * Takes the next line of the text. Answers with the event before, where this one begins another.
   *
   * @param line without its end, not blank
   */
  add(line: Uint8Array): Uint8Array | undefined {
    const bytes = lengthOf(line) + LF_WRITTEN * (1 + this.#blank);
    // Asked in any case: it follows the text.
    const goesOn = this.#goesOn(line) && this.#lines.length > 0 && this.#hasRoom(bytes);
    const before = goesOn ? undefined : this.end();
    if (goesOn) for (let left = this.#blank; left > 0; left -= 1) this.#lines.push(EMPTY);
    this.#blank = 0;
    this.#lines.push(line);
    this.#bytes += bytes;
    return before;
  }

  /** Takes a line that is blank. */
  addBlank(): void {
    if (this.#blank < MOST_BLANK) this.#blank += 1;
  }

  /** The event that is not given yet; undefined where there is none. */
  end(): Uint8Array | undefined {
    const lines = this.#lines;
    [this.#lines, this.#bytes] = [[], 0];
    return lines.length === 0 ? undefined : joinLines(lines);
  }

  #hasRoom(bytes: number): boolean {
    const { maxLines } = this.grouping;
    return this.#lines.length + this.#blank < maxLines && this.#bytes + bytes <= this.maxBytes;
  }
}

/** What it takes at most in a joined line, where a `#` may be written with three digits behind it. */
function lengthOf(line: Uint8Array): number {
  return line.includes(HASH) ? joinLines([line]).byteLength : line.byteLength;
}
