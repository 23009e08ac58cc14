import type { Random } from '../random.js';

/** What is known while one event is made. */
export interface DrawContext {
  readonly random: Random;
  /** The event's own time: milliseconds since the epoch. */
  readonly timeMs: number;
  /** Values of the fields above, hidden ones too. */
  readonly values: ReadonlyMap<string, unknown>;
}

/** Makes a field's value; undefined leaves the field out. */
export type Draw = (context: DrawContext) => unknown;
