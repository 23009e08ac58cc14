import { numberText } from './json-number.js';
import { JsonFault, jsonOf, quoteJson, type JsonMember, type JsonValue } from './json-value.js';

/** Levels of nesting that are read at all, empty ones not counted; fewer are taken. */
const MAX_DEPTH = 1_023;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
const NUMBER = /-?(?:0|[1-9]\d*)((?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
const HALF_PAIR = /\p{Surrogate}/u;
const WORDS = [
  ['true', 'bool'],
  ['false', 'bool'],
  ['null', 'null'],
] as const;

/**
 * Reads JSON as `JSON.parse` takes it and keeps what that loses: every one of equal keys, all digits of an integer, and
 * how a value was written. Numbers that no 64-bit integer and no double holds, lone surrogates and more than 1,023
 * levels are faults, as they are to the engine. (The libraries that keep as much either take more than JSON, call themselves again
 * without a bound, or are slower by a power of ten.)
 */
export class JsonScanner {
  readonly #text: string;
  #at: number;
  #depth = 0;
  #deepest = 0;

  constructor(text: string, at = 0) {
    this.#text = text;
    this.#at = at;
  }

  /** Levels of nesting of what was read so far. */
  get deepest(): number {
    return this.#deepest;
  }

  /**
   * The members of the object that stands here, equal keys included, in order.
   *
   * @throws JsonFault where it isn't JSON
   */
  members(): JsonMember[] {
    const members: JsonMember[] = [];
    if (this.#open(CLOSE_OBJECT))
      do members.push(this.#member());
      while (this.#goesOn(CLOSE_OBJECT));
    this.#close();
    return members;
  }

  /**
   * The value that stands here.
   *
   * @throws JsonFault where it isn't JSON
   */
  value(): JsonValue {
    const first = this.#skipSpace();
    const start = this.#at;
    if (first === QUOTE) return { kind: 'string', text: this.#string(), start };
    if (first === OPEN_OBJECT) return { kind: 'object', text: this.#object(), start };
    if (first === OPEN_ARRAY) return { kind: 'array', text: this.#array(), start };
    return this.#word(start) ?? { kind: 'number', text: this.#number(), start };
  }

  /** Whether an object stands here. */
  isAtObject(): boolean {
    return this.#skipSpace() === OPEN_OBJECT;
  }

  /** @throws JsonFault where anything but space follows */
  end(): void {
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail('something follows the end of the value');
  }

  #member(): JsonMember {
    if (this.#skipSpace() !== QUOTE) this.#fail('a key in double quotes is missing');
    const key = this.#string();
    if (this.#skipSpace() !== COLON) this.#fail('the colon after a key is missing');
    this.#at += 1;
    const { kind, text, start } = this.value();
    return { key, kind, text, start };
  }

  #object(): string {
    const members = this.members().map((member) => `${quoteJson(member.key)}:${jsonOf(member)}`);
    return `{${members.join(',')}}`;
  }

  #array(): string {
    const items: string[] = [];
    if (this.#open(CLOSE_ARRAY))
      do items.push(jsonOf(this.value()));
      while (this.#goesOn(CLOSE_ARRAY));
    this.#close();
    return `[${items.join(',')}]`;
  }

  /** Whether anything is in it. */
  #open(closing: number): boolean {
    this.#at += 1;
    this.#depth += 1;
    this.#deepest = Math.max(this.#deepest, this.#depth);
    if (this.#skipSpace() === closing) return false;
    if (this.#depth > MAX_DEPTH) this.#fail(`there are more than ${MAX_DEPTH} levels`);
    return true;
  }

  #close(): void {
    this.#at += 1;
    this.#depth -= 1;
  }

  /** Whether another member or item follows; false before the closing bracket. */
  #goesOn(closing: number): boolean {
    const next = this.#skipSpace();
    if (next === closing) return false;
    if (next !== COMMA) this.#fail('a comma or the closing bracket is missing');
    this.#at += 1;
    return true;
  }

  #string(): string {
    const start = this.#at;
    let escaped = false;
    for (let at = start + 1; ; at += 1) {
      const unit = this.#text.charCodeAt(at);
      if (unit === QUOTE) {
        this.#at = at + 1;
        return escaped ? this.#unescape(start) : this.#text.slice(start + 1, at);
      }
      if (unit === BACKSLASH) {
        escaped = true;
        at += 1;
      } else if (!(unit >= 0x20)) this.#failAt(at, 'a string has no end, or a bare control character in it');
    }
  }

  #unescape(start: number): string {
    const text = parsed(this.#text.slice(start, this.#at));
    if (text === undefined) this.#failAt(start, 'a string has an escape that JSON does not know');
    if (HALF_PAIR.test(text)) this.#failAt(start, 'a string has half of a surrogate pair');
    return text;
  }

  #word(start: number): JsonValue | undefined {
    const found = WORDS.find(([word]) => this.#text.startsWith(word, start));
    if (found === undefined) return undefined;
    this.#at += found[0].length;
    return { kind: found[1], text: found[0], start };
  }

  #number(): string {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) this.#fail('a value is missing');
    const text = numberText(match[0], match[1] === '');
    if (text === undefined) this.#fail('a number is larger than a 64-bit integer or a double holds');
    this.#at += match[0].length;
    return text;
  }

  #skipSpace(): number {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0d) return unit;
      this.#at += 1;
    }
  }

  #fail(message: string): never {
    return this.#failAt(this.#at, message);
  }

  #failAt(at: number, message: string): never {
    throw new JsonFault(message, at);
  }
}

function parsed(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
