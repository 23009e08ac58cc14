import { randomUUID } from 'node:crypto';
import type { Notification } from '#plugin-kit';

/** Something that is so now. */
export type Condition = Pick<Notification, 'kind' | 'key' | 'severity' | 'title' | 'text' | 'facts'>;

/** A condition that was told of. */
export interface Alarm {
  readonly condition: Condition;
  /** RFC 3339. */
  readonly since: string;
}

/** Milliseconds for which a condition has to be over before that is told: what comes and goes is one alarm. */
const OVER_MS = 60_000;
/** Milliseconds after which what is still so is told again. */
const AGAIN_MS = 6 * 60 * 60_000;

interface Kept extends Alarm {
  toldAt: number;
  /** When it was so last: milliseconds. */
  seenAt: number;
}

/** Makes of what is so, look by look, what people are told: once when it begins, every six hours while it lasts, once when it is over. */
export class Alarms {
  readonly #kept = new Map<string, Kept>();

  /** @param now milliseconds, never going back */
  constructor(
    private readonly tell: (notification: Notification) => void,
    private readonly now: () => number,
  ) {}

  /** What is so, and what was a moment ago; the oldest first. */
  list(): readonly Alarm[] {
    return [...this.#kept.values()].map(({ condition, since }) => ({ condition, since }));
  }

  /** Takes note of all that is so now. */
  update(conditions: readonly Condition[]): void {
    const now = this.now();
    for (const condition of conditions) this.#see(condition, now);
    for (const [key, kept] of this.#kept) {
      if (now - kept.seenAt < OVER_MS) continue;
      this.#kept.delete(key);
      this.#say(kept.condition, 'cleared');
    }
  }

  #see(condition: Condition, now: number): void {
    const before = this.#kept.get(condition.key);
    const isAgain = before !== undefined && now - before.toldAt >= AGAIN_MS;
    const since = before?.since ?? new Date().toISOString();
    const toldAt = before && !isAgain ? before.toldAt : now;
    this.#kept.set(condition.key, { condition, since, toldAt, seenAt: now });
    if (!before || isAgain) this.#say(condition, 'raised');
  }

  #say(condition: Condition, status: 'raised' | 'cleared'): void {
    this.tell({ id: randomUUID(), time: new Date().toISOString(), status, ...condition });
  }
}
