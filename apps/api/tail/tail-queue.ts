import type { Problem } from '../problems/problem.js';
import { PORTION_BYTES, type TailPortion } from './tail-portion.js';

/** What a reader is told, in order. */
export type TailMessage =
  | { readonly kind: 'events'; readonly portion: TailPortion }
  /** So many events were left out here, because the reader was slow. */
  | { readonly kind: 'dropped'; readonly count: number }
  /** Nothing happened for some time. */
  | { readonly kind: 'heartbeat' }
  /** Why the tail ends before its reader left. */
  | { readonly kind: 'problem'; readonly problem: Problem };

/**
 * What waits for one reader, bounded in bytes: a portion that finds no room is left out, counted, and told in its place.
 * What is taken and what is left out add up to what was offered.
 */
export class TailQueue {
  readonly #waiting: TailMessage[] = [];
  #bytes = 0;
  #dropped = 0;
  #ended = false;
  #wake: (() => void) | undefined;
  #taken: Promise<void> | undefined;
  #tellTaken: () => void = () => undefined;

  constructor(private readonly limitBytes: number) {}

  /** Whether the next portion may find no room. */
  get isFull(): boolean {
    return this.#bytes > 0 && this.#bytes + PORTION_BYTES > this.limitBytes;
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  /** Takes a portion, or leaves it out; false where it was left out. */
  offer(portion: TailPortion): boolean {
    if (this.#bytes > 0 && this.#bytes + portion.bytes > this.limitBytes) {
      this.drop(portion.count);
      return false;
    }
    this.#tellDropped();
    this.#bytes += portion.bytes;
    this.#push({ kind: 'events', portion });
    return true;
  }

  /** Resolves when the reader takes the next events. */
  get taken(): Promise<void> {
    this.#taken ??= new Promise((resolve) => (this.#tellTaken = resolve));
    return this.#taken;
  }

  /** Counts events that were left out. */
  drop(count: number): void {
    if (this.#ended || count === 0) return;
    this.#dropped += count;
    this.#wake?.();
  }

  /** Says that all is well, where nothing else is to be said. */
  beat(): void {
    if (this.#waiting.length === 0) this.#push({ kind: 'heartbeat' });
  }

  /** Ends the messages behind those that wait. Idempotent. */
  end(problem?: Problem): void {
    if (this.#ended) return;
    this.#tellDropped();
    if (problem) this.#push({ kind: 'problem', problem });
    this.#ended = true;
    this.#wake?.();
  }

  /** The messages as they come, until the end; to be read once. */
  async *messages(): AsyncGenerator<TailMessage> {
    for (;;) {
      // Events that were left out are told when what was before them is taken, also where none follow.
      if (this.#waiting.length === 0) this.#tellDropped();
      const message = this.#waiting.shift();
      if (message) {
        if (message.kind === 'events') this.#give(message.portion);
        yield message;
      } else if (this.#ended) return;
      else await this.#somethingNew();
    }
  }

  #give({ bytes }: TailPortion): void {
    this.#bytes -= bytes;
    this.#taken = undefined;
    this.#tellTaken();
  }

  #somethingNew(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #tellDropped(): void {
    const count = this.#dropped;
    this.#dropped = 0;
    if (count > 0) this.#push({ kind: 'dropped', count });
  }

  #push(message: TailMessage): void {
    if (this.#ended) return;
    this.#waiting.push(message);
    this.#wake?.();
  }
}
