import type { Draw } from '../fields/draw.js';

/** A named field, in the order of the file. */
export interface CategoryField {
  readonly name: string;
  readonly draw: Draw;
  /** Drawn for other fields only; its name begins with `_`. */
  readonly hidden: boolean;
}

/** One kind of event that a file describes. */
export interface Category {
  readonly name: string;
  /** How often it comes, compared with the others. */
  readonly weight: number;
  /** Where its events go when each category has a stream of its own. */
  readonly stream: string;
  /** Type of that stream, where it has to be made. */
  readonly eventType: string;
  readonly fields: readonly CategoryField[];
}
