import type { Stored } from '#catalogue';
import { MemoryCatalogue } from '#catalogue/testing';

/** A catalogue that can be slow to tell what it read. */
export class LateCatalogue extends MemoryCatalogue {
  #held: Promise<void> | undefined;

  /** Holds the answer of the next scan back. @returns gives it */
  holdScan(): () => void {
    let goOn = (): void => undefined;
    this.#held = new Promise((resolve) => (goOn = resolve));
    return goOn;
  }

  override async scan<T>(...asked: Parameters<MemoryCatalogue['scan']>): Promise<readonly Stored<T>[]> {
    const held = this.#held;
    this.#held = undefined;
    const found = await super.scan<T>(...asked);
    await held;
    return found;
  }
}
