import type { TailQueue } from './tail-queue.js';

/** How long a look waits for one reader that is full: milliseconds. Who only falls behind for a moment misses nothing. */
const OF_READER_MS = 100;
/** How long it waits for all of them together: meanwhile nobody else's events are looked for. */
const OF_LOOK_MS = 500;

/** What one look has left of its patience with slow readers. */
export class Patience {
  readonly #ofReader = new Map<TailQueue, number>();
  #ofLook = OF_LOOK_MS;

  /** Waits until each reader has room that it has patience left with. */
  async forRoom(queues: readonly TailQueue[]): Promise<void> {
    for (let slow = this.#waitedFor(queues); slow.length > 0; slow = this.#waitedFor(queues)) {
      const started = performance.now();
      const longest = Math.min(this.#ofLook, ...slow.map((queue) => this.#left(queue)));
      await Promise.race([pause(longest), ...slow.map((queue) => queue.taken)]);
      const waited = performance.now() - started;
      this.#ofLook -= waited;
      for (const queue of slow) this.#ofReader.set(queue, this.#left(queue) - waited);
    }
  }

  /** Whether nobody has room, nor is waited for. */
  isOut(queues: readonly TailQueue[]): boolean {
    return areFull(queues) && this.#waitedFor(queues).length === 0;
  }

  #waitedFor(queues: readonly TailQueue[]): readonly TailQueue[] {
    if (this.#ofLook <= 0) return [];
    return queues.filter((queue) => !queue.isEnded && queue.isFull && this.#left(queue) > 0);
  }

  #left(queue: TailQueue): number {
    return this.#ofReader.get(queue) ?? OF_READER_MS;
  }
}

/** Whether nobody has room. */
export function areFull(queues: readonly TailQueue[]): boolean {
  return queues.every((queue) => queue.isEnded || queue.isFull);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
