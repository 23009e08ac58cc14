import type { DetectorName, Span } from '../rule.js';
import { ipv4End, ipv6Around } from './addresses.js';
import { DIGIT, HEX, isAt } from './bytes.js';
import { cardEnd } from './cards.js';
import { emailAround } from './emails.js';
import { mayBeToken, TOKEN_STARTS, tokenAt } from './tokens.js';

const AT = 64;
const PERCENT = 37;
const COLON = 58;

/** What a byte may be the beginning of. */
const SIGN = 1;
const NUMBER = 2;
const WORD = 3;
const PAIR = 4;

/** What is looked for. */
export class Detectors {
  /** What each byte may be the sign of. */
  readonly #signs = new Uint8Array(256);
  readonly #names: ReadonlySet<DetectorName>;

  constructor(names: Iterable<DetectorName>) {
    this.#names = new Set(names);
    const has = (name: DetectorName): boolean => this.#names.has(name);
    if (has('card') || has('address')) this.#signs.fill(NUMBER, 48, 58);
    if (has('email')) this.#signs[AT] = this.#signs[PERCENT] = SIGN;
    if (has('address')) this.#signs[COLON] = PAIR;
    if (has('token')) for (const byte of TOKEN_STARTS) this.#signs[byte] = WORD;
  }

  get isEmpty(): boolean {
    return this.#names.size === 0;
  }

  /** Whether anything is found. */
  finds(bytes: Uint8Array): boolean {
    const bounds = { from: 0, to: bytes.length };
    for (let at = this.#nextSign(bytes, 0, bytes.length); at < bytes.length;) {
      if (this.#spanAt(bytes, at, bounds)) return true;
      at = this.#nextSign(bytes, at + 1, bytes.length);
    }
    return false;
  }

  /**
   * What is found in a part of some bytes, in order, none over another. One pass: work at each byte is bounded.
   *
   * @param from and `to`: bytes outside of them are never part of what is found
   */
  find(bytes: Uint8Array, from: number, to: number): readonly Span[] {
    const spans: Span[] = [];
    let done = from;
    for (let at = this.#nextSign(bytes, from, to); at < to;) {
      const span = this.#spanAt(bytes, at, { from: done, to });
      if (span) {
        spans.push(span);
        done = span.to;
      }
      at = this.#nextSign(bytes, span?.to ?? at + 1, to);
    }
    return spans;
  }

  /** The next byte that anything may begin at: most bytes are passed over here. */
  #nextSign(bytes: Uint8Array, from: number, to: number): number {
    const signs = this.#signs;
    let before = bytes[from - 1] ?? 0;
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] as number;
      const sign = signs[byte] as number;
      if (sign === SIGN) return at;
      if (sign === NUMBER && (before < 48 || before > 57)) return at;
      if (sign === WORD && mayBeToken(bytes, at)) return at;
      // Of an address the first colon has a digit before it, or a second one behind it.
      if (sign === PAIR && (isAt(bytes, at - 1, HEX) || bytes[at + 1] === COLON)) return at;
      before = byte;
    }
    return to;
  }

  #spanAt(bytes: Uint8Array, at: number, bounds: { readonly from: number; readonly to: number }) {
    const byte = bytes[at] as number;
    if (isAt(bytes, at, DIGIT)) return this.#numberAt(bytes, at, bounds);
    if (byte === COLON) return spanOf('address', ipv6Around(bytes, at, bounds));
    if (byte === AT) return spanOf('email', emailAround(bytes, at, 1, bounds));
    if (byte === PERCENT) {
      const isAtSign = bytes[at + 1] === 52 && bytes[at + 2] === 48;
      return isAtSign ? spanOf('email', emailAround(bytes, at, 3, bounds)) : undefined;
    }
    return spanOf('token', tokenAt(bytes, at, bounds.to));
  }

  #numberAt(bytes: Uint8Array, at: number, { to }: { readonly to: number }) {
    const card = this.#names.has('card') ? cardEnd(bytes, at, to) : undefined;
    if (card !== undefined) return spanOf('card', [at, card]);
    const address = this.#names.has('address') ? ipv4End(bytes, at, to) : undefined;
    return address === undefined ? undefined : spanOf('address', [at, address]);
  }
}

function spanOf(kind: DetectorName, ends: readonly [number, number] | undefined): Span | undefined {
  return ends && { kind, from: ends[0], to: ends[1] };
}
