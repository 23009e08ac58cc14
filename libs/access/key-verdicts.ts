import { hash } from 'node:crypto';
import type { AccessError } from './access.errors.js';
import { BoundedCache } from './bounded-cache.js';
import type { Principal } from './principal.js';

/** A key that was verified, and until when it holds. */
export interface KnownKey {
  readonly principal: Principal;
  /** Milliseconds since the epoch; infinite where the key does not expire. */
  readonly expiresAtMs: number;
}

export type Verdict = KnownKey | AccessError;

/** Keys remembered at once, good and bad apart, so that a flood of bad ones can't push out the good. */
const CAPACITY = 10_000;

/** What was found out about keys, under their digests: no key lies in memory longer than its request. */
export class KeyVerdicts {
  private readonly known = new BoundedCache<KnownKey>(CAPACITY);
  private readonly refused = new BoundedCache<AccessError>(CAPACITY);
  private changes = 0;

  /** Verdicts remembered; at most 20,000. */
  get size(): number {
    return this.known.size + this.refused.size;
  }

  find(digest: string): Verdict | undefined {
    return this.known.get(digest) ?? this.refused.get(digest);
  }

  /** Remembers what `judge` says, unless keys changed while it looked: it may have read the old one. */
  async judge(digest: string, judge: () => Promise<Verdict>): Promise<Verdict> {
    const before = this.changes;
    const verdict = await judge();
    if (this.changes !== before) return verdict;
    if ('principal' in verdict) this.known.set(digest, verdict);
    else this.refused.set(digest, verdict);
    return verdict;
  }

  /** Forgets everything, because keys changed; rare, and each key costs only one look-up to be known again. */
  forget(): void {
    this.changes += 1;
    this.known.clear();
    this.refused.clear();
  }
}

/** What a key is remembered under. */
export function digestOf(key: string): string {
  return hash('sha256', key, 'base64url');
}
