import { Problem } from '../problems/problem.js';

/** Bounds the bytes of all bodies that are in memory at once: being read, decoded, or waiting to be written. */
export class BodyBudget {
  #held = 0;

  /** @param limit bytes, asked each time since it may change while running */
  constructor(private readonly limit: () => number) {}

  /** Bytes that are held now. */
  get held(): number {
    return this.#held;
  }

  /**
   * Lets a body in, which holds nothing yet. A body that is alone is let in whatever its size: its own limits bound it.
   *
   * @param declared bytes that it says it will have
   * @throws Problem `busy`
   */
  open(declared: number): BodyHold {
    if (this.#held > 0 && this.#held + declared > this.limit()) throw this.#busy();
    return new BodyHold((bytes, mine) => this.#change(bytes, mine));
  }

  #change(bytes: number, mine: number): void {
    const othersHold = this.#held > mine;
    if (bytes > 0 && othersHold && this.#held + bytes > this.limit()) throw this.#busy();
    this.#held += bytes;
  }

  #busy(): Problem {
    return new Problem('busy', `Bodies of more than ${this.limit()} bytes are being read at this moment.`);
  }
}

/** What one body holds of the budget. */
export class BodyHold {
  #bytes = 0;
  #released = false;

  constructor(private readonly change: (bytes: number, mine: number) => void) {}

  /** @throws Problem `busy`: the body has to be given up. */
  grow(bytes: number): void {
    if (this.#released) return;
    this.change(bytes, this.#bytes);
    this.#bytes += bytes;
  }

  /** Gives bytes back, at most those that are held. */
  shrink(bytes: number): void {
    const back = Math.min(bytes, this.#bytes);
    this.#bytes -= back;
    this.change(-back, this.#bytes);
  }

  /** Gives all back; nothing is held any more from then on. Idempotent. */
  release(): void {
    this.#released = true;
    this.shrink(this.#bytes);
  }
}
