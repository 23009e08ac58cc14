import { OutsideObject, type OutsideObjectParts } from './outside-object.js';
import type { LivePlugin } from './plugin-watch.js';

/** What is the same for all objects of a plugin. */
type SharedParts = Omit<OutsideObjectParts, 'options' | 'answer' | 'closed'>;

/** The objects of one version of an outside plugin, each in a process of its own. */
export class OutsideObjects implements LivePlugin {
  readonly #objects = new Set<OutsideObject>();
  #restartsBefore = 0;
  #retired = false;

  /** @param ended called once when it is retired and the last object has gone */
  constructor(
    readonly parts: SharedParts,
    private readonly ended: () => Promise<void>,
  ) {}

  /** Makes one; nothing runs until it is opened. */
  make(
    own: Pick<OutsideObjectParts, 'options' | 'answer'> & Partial<Pick<OutsideObjectParts, 'start'>>,
  ): OutsideObject {
    const made = new OutsideObject({ ...this.parts, ...own, closed: () => this.#forget(made) });
    this.#objects.add(made);
    return made;
  }

  /** Why one of them is out of work; undefined while all work. */
  get suspended(): string | undefined {
    for (const { suspended } of this.#objects) if (suspended !== undefined) return suspended;
    return undefined;
  }

  get restarts(): number {
    return [...this.#objects].reduce((sum, { restarts }) => sum + restarts, this.#restartsBefore);
  }

  resume(): void {
    for (const one of this.#objects) one.resume();
  }

  /** Lets go of what they share as soon as whoever made them has closed all. */
  retire(): void {
    this.#retired = true;
    this.#endIfDone();
  }

  /** Ends all now. */
  async close(): Promise<void> {
    await Promise.all([...this.#objects].map((one) => one.close()));
  }

  #forget(one: OutsideObject): void {
    this.#restartsBefore += one.restarts;
    this.#objects.delete(one);
    this.#endIfDone();
  }

  #endIfDone(): void {
    if (this.#retired && this.#objects.size === 0) void this.ended();
  }
}
