import type { Category } from './categories/category.js';
import { weightedPicker } from './fields/weighted.js';
import { createRandom } from './random.js';

/** Gives each event its time; the number counts the events of a run from 0. Milliseconds since the epoch. */
export type EventClock = (number: number) => number;

/** One event as a line of NDJSON without its end. */
export interface GeneratedEvent {
  readonly category: Category;
  readonly line: string;
}

/** The time of the machine. */
export const presentTime: EventClock = () => Date.now();

/** Times at even steps, the same in each run; both in milliseconds. */
export function steadyTime(startMs: number, stepMs: number): EventClock {
  return (number) => startMs + number * stepMs;
}

/** Makes events of categories by their weights, one after the other. The same seed and times make the same bytes. */
export class EventSource {
  readonly #random;
  readonly #pick;
  #made = 0;

  /** @param categories one at least. */
  constructor(
    categories: readonly Category[],
    private readonly options: { readonly seed: string; readonly clock: EventClock },
  ) {
    this.#random = createRandom(options.seed);
    this.#pick = weightedPicker(categories.map((category) => ({ value: category, weight: category.weight })));
  }

  /** The next event. */
  next(): GeneratedEvent {
    const category = this.#pick(this.#random);
    const values = new Map<string, unknown>();
    const context = { random: this.#random, timeMs: this.options.clock(this.#made), values };
    const event: Record<string, unknown> = {};
    this.#made += 1;
    for (const { name, draw, hidden } of category.fields) {
      const value = draw(context);
      values.set(name, value);
      if (!hidden) event[name] = value;
    }
    return { category, line: JSON.stringify(event) };
  }
}
