import { Inject, Injectable } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { Problem } from '../problems/problem.js';

/** Seconds after which a search under way has most likely ended. */
const RETRY_AFTER = 2;

/** Counts the searches that run or wait for the engine, so that one key can't keep it from all others. */
@Injectable()
export class SearchSlots {
  readonly #byKey = new Map<string, number>();
  #all = 0;

  constructor(@Inject(RunTimeSettings) private readonly settings: RunTimeSettings) {}

  /** Runs a search of this key. @throws Problem `too_many_searches` */
  async run<T>(keyId: string, search: () => Promise<T>): Promise<T> {
    const { searchesAtOnce, searchesAtOncePerKey } = this.settings.current;
    const ofKey = this.#byKey.get(keyId) ?? 0;
    if (ofKey >= searchesAtOncePerKey)
      throw tooMany(`The key has ${ofKey} searches under way, the most it may have.`);
    if (this.#all >= searchesAtOnce)
      throw tooMany(`The server has ${this.#all} searches under way, the most it may have.`);
    this.#change(keyId, 1);
    try {
      return await search();
    } finally {
      this.#change(keyId, -1);
    }
  }

  #change(keyId: string, by: 1 | -1): void {
    this.#all += by;
    const ofKey = (this.#byKey.get(keyId) ?? 0) + by;
    if (ofKey === 0) this.#byKey.delete(keyId);
    else this.#byKey.set(keyId, ofKey);
  }
}

function tooMany(detail: string): Problem {
  return new Problem('too_many_searches', detail, { retryAfter: RETRY_AFTER });
}
