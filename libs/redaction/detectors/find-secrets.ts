import type { DetectorName, Span } from '../rule.js';
import { ipv4End, ipv6Around } from './addresses.js';
import { DIGIT, isAt } from './bytes.js';
import { cardEnd } from './cards.js';
import { emailAround } from './emails.js';
import { TOKEN_STARTS, tokenAt } from './tokens.js';

const AT = 64;
const PERCENT = 37;
const COLON = 58;

/** What is looked for. */
export class Detectors {
  /** What each byte may be the sign of. */
  readonly #signs = new Uint8Array(256);
  readonly #names: ReadonlySet<DetectorName>;

  constructor(names: Iterable<DetectorName>) {
    this.#names = new Set(names);
    const has = (name: DetectorName): boolean => this.#names.has(name);
    if (has('card') || has('address')) this.#signs.fill(1, 48, 58);
    if (has('email')) this.#signs[AT] = this.#signs[PERCENT] = 1;
    if (has('address')) this.#signs[COLON] = 1;
    if (has('token')) for (const [byte, starts] of TOKEN_STARTS.entries()) if (starts) this.#signs[byte] = 1;
  }

  get isEmpty(): boolean {
    return this.#names.size === 0;
  }

  /** Whether anything is found. */
  finds(bytes: Uint8Array): boolean {
    const bounds = { from: 0, to: bytes.length };
    for (let at = 0; at < bytes.length; at += 1)
      if (this.#signs[bytes[at] as number] !== 0 && this.#spanAt(bytes, at, bounds)) return true;
    return false;
  }

  /**
   * What is found in a part of some bytes, in order, none over another. One pass: work at each byte is bounded.
   *
   * @param from and `to`: bytes outside of them are never part of what is found
   */
  find(bytes: Uint8Array, from: number, to: number): readonly Span[] {
    const spans: Span[] = [];
    for (let at = from, done = from; at < to; at += 1) {
      if (this.#signs[bytes[at] as number] === 0) continue;
      const span = this.#spanAt(bytes, at, { from: done, to });
      if (!span) continue;
      spans.push(span);
      done = span.to;
      at = span.to - 1;
    }
    return spans;
  }

  #spanAt(bytes: Uint8Array, at: number, bounds: { readonly from: number; readonly to: number }) {
    const byte = bytes[at] as number;
    if (isAt(bytes, at, DIGIT)) return this.#numberAt(bytes, at, bounds);
    if (byte === COLON) return spanOf('address', ipv6Around(bytes, at, bounds));
    if (byte === AT) return spanOf('email', emailAround(bytes, at, 1, bounds));
    if (byte === PERCENT && bytes[at + 1] === 52 && bytes[at + 2] === 48)
      return spanOf('email', emailAround(bytes, at, 3, bounds));
    if (TOKEN_STARTS[byte] === 0 || !this.#names.has('token')) return undefined;
    return spanOf('token', tokenAt(bytes, at, bounds.to));
  }

  #numberAt(bytes: Uint8Array, at: number, { from, to }: { readonly from: number; readonly to: number }) {
    if (at > from && isAt(bytes, at - 1, DIGIT)) return undefined;
    const card = this.#names.has('card') ? cardEnd(bytes, at, to) : undefined;
    if (card !== undefined) return spanOf('card', [at, card]);
    const address = this.#names.has('address') ? ipv4End(bytes, at, to) : undefined;
    return address === undefined ? undefined : spanOf('address', [at, address]);
  }
}

function spanOf(kind: DetectorName, ends: readonly [number, number] | undefined): Span | undefined {
  return ends && { kind, from: ends[0], to: ends[1] };
}
