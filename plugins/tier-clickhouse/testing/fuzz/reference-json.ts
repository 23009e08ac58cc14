/** A number that a double or a 64-bit integer can't hold, by its digits. */
export class Unrepresentable {
  constructor(readonly digits: string) {}
}

export interface ReadLine {
  /** The value with the first of equal keys; objects have no prototype, integers beyond 2^53 are their digits. */
  readonly value: unknown;
  /** Keys and values of the outermost object as they came. */
  readonly entries: readonly (readonly [key: string, value: unknown])[];
  readonly depth: number;
  readonly hasLoneSurrogate: boolean;
  readonly hasUnrepresentable: boolean;
}

const LONE_SURROGATE = /\p{Surrogate}/u;
const TOKEN = /[ \t\r\n]*("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\],:]|true|false|null)/y;

/**
 * Reads a line as the design says it: UTF-8, a byte order mark ignored, JSON as `JSON.parse` takes it, of duplicate keys
 * the first. Undefined where it is none.
 */
export function readLine(line: Uint8Array): ReadLine | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(line);
    JSON.parse(text);
    return new Reader(text).read();
  } catch {
    return undefined;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #deepest = 0;
  #lone = false;
  #unrepresentable = false;
  #outermost: (readonly [string, unknown])[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  read(): ReadLine {
    const value = this.#value(this.#token());
    return {
      value,
      entries: this.#outermost,
      depth: this.#deepest,
      hasLoneSurrogate: this.#lone,
      hasUnrepresentable: this.#unrepresentable,
    };
  }

  #token(): string {
    TOKEN.lastIndex = this.#at;
    const match = TOKEN.exec(this.#text);
    this.#at = TOKEN.lastIndex;
    return match?.[1] ?? '';
  }

  #value(token: string): unknown {
    if (token === '{') return this.#nested(() => this.#object());
    if (token === '[') return this.#nested(() => this.#array());
    if (token.startsWith('"')) return this.#string(token);
    return /^[-\d]/.test(token) ? this.#number(token) : JSON.parse(token);
  }

  #nested<T>(read: () => T): T {
    this.#depth += 1;
    this.#deepest = Math.max(this.#deepest, this.#depth);
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #object(): unknown {
    const entries: [string, unknown][] = [];
    for (let token = this.#token(); token !== '}'; token = this.#token()) {
      if (token === ',') continue;
      this.#token();
      entries.push([this.#string(token), this.#value(this.#token())]);
    }
    if (this.#depth === 1) this.#outermost = entries;
    return firstOfEach(entries);
  }

  #array(): unknown[] {
    const items: unknown[] = [];
    for (let token = this.#token(); token !== ']'; token = this.#token())
      if (token !== ',') items.push(this.#value(token));
    return items;
  }

  #string(token: string): string {
    const value = JSON.parse(token) as string;
    this.#lone ||= LONE_SURROGATE.test(value);
    return value;
  }

  #number(token: string): unknown {
    const value = Number(token);
    if (!/^-?\d+$/.test(token)) return this.#within(Number.isFinite(value), value, token);
    if (Number.isSafeInteger(value)) return value;
    const digits = BigInt(token);
    return this.#within(digits >= -(2n ** 63n) && digits < 2n ** 64n, token, token);
  }

  #within(fits: boolean, value: unknown, token: string): unknown {
    this.#unrepresentable ||= !fits;
    return fits ? value : new Unrepresentable(token);
  }
}

function firstOfEach(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const object = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of entries) if (!(key in object)) object[key] = value;
  return object;
}
