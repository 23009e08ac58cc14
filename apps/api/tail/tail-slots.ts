import { Inject, Injectable } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { Problem } from '../problems/problem.js';

/** Seconds after which one of the tails may have ended. */
const RETRY_AFTER = 30;

/** Counts the tails: each holds a connection and what waits for its reader. */
@Injectable()
export class TailSlots {
  readonly #byKey = new Map<string, number>();
  #all = 0;

  constructor(@Inject(RunTimeSettings) private readonly settings: RunTimeSettings) {}

  /** Tails under way. */
  get count(): number {
    return this.#all;
  }

  /** Takes a slot for a key and answers with how to give it back; idempotent. @throws Problem `too_many_tails` */
  take(keyId: string): () => void {
    const { tailsAtOnce, tailsAtOncePerKey } = this.settings.current;
    const ofKey = this.#byKey.get(keyId) ?? 0;
    if (ofKey >= tailsAtOncePerKey)
      throw tooMany(`The key has ${ofKey} live tails open, the most it may have.`);
    if (this.#all >= tailsAtOnce)
      throw tooMany(`The server has ${this.#all} live tails open, the most it may have.`);
    this.#change(keyId, 1);
    let isHeld = true;
    return () => {
      if (isHeld) this.#change(keyId, -1);
      isHeld = false;
    };
  }

  #change(keyId: string, by: 1 | -1): void {
    this.#all += by;
    const ofKey = (this.#byKey.get(keyId) ?? 0) + by;
    if (ofKey === 0) this.#byKey.delete(keyId);
    else this.#byKey.set(keyId, ofKey);
  }
}

function tooMany(detail: string): Problem {
  return new Problem('too_many_tails', detail, { retryAfter: RETRY_AFTER });
}
