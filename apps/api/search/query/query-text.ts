import { QueryMistake } from './query-mistake.js';

/** A piece of a query as it was written, and where it began. */
export interface Piece {
  readonly raw: string;
  readonly position: number;
}

const BLANK = /\s/;
const ENDS_TERM = /[\s()"]/;
const ENDS_BOUND = /[\s\]}"]/;
const WORD_OPERATOR = /(?:AND|OR|NOT)(?=[\s()"]|$)/y;

/** Reads a query string from left to right, once. */
export class QueryText {
  #at = 0;

  constructor(readonly text: string) {}

  get position(): number {
    return this.#at;
  }

  /** Whether only blanks are left. */
  atEnd(): boolean {
    this.skipBlanks();
    return this.#at >= this.text.length;
  }

  skipBlanks(): void {
    while (BLANK.test(this.text[this.#at] ?? '')) this.#at += 1;
  }

  /** The character that comes, after blanks; empty at the end. */
  peek(): string {
    this.skipBlanks();
    return this.text[this.#at] ?? '';
  }

  /** The character that comes next to what was read, blanks included. */
  peekHere(): string {
    return this.text[this.#at] ?? '';
  }

  /** Reads the sign where it comes next. */
  take(sign: string): boolean {
    this.skipBlanks();
    return this.takeHere(sign);
  }

  /** The same, where no blank stands before it. */
  takeHere(sign: string): boolean {
    if (!this.text.startsWith(sign, this.#at)) return false;
    this.#at += sign.length;
    return true;
  }

  /** Which of AND, OR and NOT comes next, if one does; it is not read. */
  wordOperator(): string | undefined {
    this.skipBlanks();
    WORD_OPERATOR.lastIndex = this.#at;
    return WORD_OPERATOR.exec(this.text)?.[0];
  }

  /** A sign that stands before what it is about, as in `-word`. */
  takePrefix(signs: string): string | undefined {
    const sign = this.peek();
    const next = this.text[this.#at + 1] ?? ' ';
    if (sign === '' || !signs.includes(sign) || BLANK.test(next)) return undefined;
    this.#at += 1;
    return sign;
  }

  /** A run without blanks, quotes and parentheses, and without colons unless they are asked for; escapes stay. */
  readTerm(colons: 'with colons' | 'without colons'): Piece {
    return this.#read((sign) => ENDS_TERM.test(sign) || (sign === ':' && colons === 'without colons'));
  }

  /** One end of a range. */
  readBound(): Piece {
    return this.#read((sign) => ENDS_BOUND.test(sign));
  }

  /** The text between quotes, without its escapes; the opening quote comes next. @throws QueryMistake */
  readQuoted(): Piece {
    const position = this.#at;
    this.#at += 1;
    const { raw } = this.#read((sign) => sign === '"');
    if (!this.takeHere('"'))
      throw new QueryMistake(
        'a quote is not closed',
        position,
        'Close it with ", or write \\" for the sign.',
      );
    return { raw: unescape(raw), position };
  }

  #read(ends: (sign: string) => boolean): Piece {
    const position = this.#at;
    while (this.#at < this.text.length && !ends(this.text[this.#at] ?? ''))
      this.#at += this.text[this.#at] === '\\' ? 2 : 1;
    this.#at = Math.min(this.#at, this.text.length);
    return { raw: this.text.slice(position, this.#at), position };
  }
}

/** Text without the backslashes that took the meaning of what follows them. */
export function unescape(raw: string): string {
  return raw.replaceAll(/\\([^])/g, '$1');
}

/** Text in which what was escaped stands as two dots, so that only signs with a meaning are left. */
export function maskEscapes(raw: string): string {
  return raw.replaceAll(/\\[^]/g, '..');
}
