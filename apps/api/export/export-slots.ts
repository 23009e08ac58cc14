import { Inject, Injectable } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { Problem } from '../problems/problem.js';

/** Seconds after which one of the exports under way may have ended. */
const RETRY_AFTER = 30;

/** Counts the exports under way: each holds memory, and a statement of the engine. */
@Injectable()
export class ExportSlots {
  readonly #byKey = new Map<string, number>();
  #all = 0;

  constructor(@Inject(RunTimeSettings) private readonly settings: RunTimeSettings) {}

  /** Takes a slot for a key and answers with how to give it back; idempotent. @throws Problem `too_many_exports` */
  take(keyId: string): () => void {
    const { exportsAtOnce, exportsAtOncePerKey } = this.settings.current;
    const ofKey = this.#byKey.get(keyId) ?? 0;
    if (ofKey >= exportsAtOncePerKey)
      throw tooMany(`The key has ${ofKey} exports under way, the most it may have.`);
    if (this.#all >= exportsAtOnce)
      throw tooMany(`The server has ${this.#all} exports under way, the most it may have.`);
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
  return new Problem('too_many_exports', detail, { retryAfter: RETRY_AFTER });
}
