/** Milliseconds between two looks for room, while somebody waits. */
const LOOK_MS = 10;

/** What is waited for. */
export interface Place {
  hasRoom(): boolean;
  /** Counts bytes as in, at the moment they are let in. */
  take(bytes: number): void;
}

interface Guest {
  readonly bytes: number;
  readonly deadline: number;
  readonly resolve: (admitted: boolean) => void;
}

/** Lets requests wait for room, first come first served, while their bodies together stay within a bound. */
export class WaitingRoom {
  readonly #guests: Guest[] = [];
  #bytes = 0;
  #looking = false;

  /**
   * @param place says whether there is room, and takes it for a guest who is let in
   * @param maxBytes of all who wait; one more is sent away at once
   */
  constructor(
    private readonly place: Place,
    private readonly maxBytes: number,
  ) {}

  /** Resolves true when there is room, at once where nobody else waits; false after `waitMs` without. */
  async enter(bytes: number, waitMs: number): Promise<boolean> {
    if (this.#guests.length === 0 && this.place.hasRoom()) {
      this.place.take(bytes);
      return true;
    }
    if (waitMs === 0 || this.#bytes + bytes > this.maxBytes) return false;
    return new Promise((resolve) => {
      this.#bytes += bytes;
      this.#guests.push({ bytes, deadline: performance.now() + waitMs, resolve });
      this.#lookLater();
    });
  }

  #lookLater(): void {
    if (this.#looking || this.#guests.length === 0) return;
    this.#looking = true;
    setTimeout(() => this.#look(), LOOK_MS);
  }

  #look(): void {
    this.#looking = false;
    const now = performance.now();
    while (this.#guests.length > 0 && this.place.hasRoom()) this.#release(true);
    while (this.#guests[0] && this.#guests[0].deadline <= now) this.#release(false);
    this.#lookLater();
  }

  #release(admitted: boolean): void {
    const guest = this.#guests.shift();
    if (!guest) return;
    this.#bytes -= guest.bytes;
    if (admitted) this.place.take(guest.bytes);
    guest.resolve(admitted);
  }
}
