import { createHmac, timingSafeEqual } from 'node:crypto';

/** What an unknown key is compared with, so that an unknown id takes as long as a wrong secret. */
const NO_HASH = Buffer.alloc(32);

/** Turns keys into what is stored: HMAC-SHA-256 with a pepper that is not in the catalogue. */
export class KeyHasher {
  /** @param pepper 32 random bytes. */
  constructor(private readonly pepper: Buffer) {}

  /** 64 hex digits. */
  hash(key: string): string {
    return this.hmac(key).toString('hex');
  }

  /** Compares in constant time; an absent hash matches nothing. */
  matches(key: string, hash: string | undefined): boolean {
    const stored = hash === undefined ? NO_HASH : Buffer.from(hash, 'hex');
    const same = stored.length === NO_HASH.length && timingSafeEqual(this.hmac(key), stored);
    return same && hash !== undefined;
  }

  private hmac(key: string): Buffer {
    return createHmac('sha256', this.pepper).update(key).digest();
  }
}
