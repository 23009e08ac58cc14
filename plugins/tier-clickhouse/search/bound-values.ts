import type { Parameters } from '../engine/engine.js';

/** Collects values of a statement; each becomes a typed placeholder, so that no value is ever part of the text. */
export class BoundValues {
  readonly #values: Record<string, string | number | readonly string[]> = {};

  /** The placeholder that stands for the value. */
  bind(type: string, value: string | number | readonly string[]): string {
    const name = `p${Object.keys(this.#values).length}`;
    this.#values[name] = value;
    return `{${name}:${type}}`;
  }

  get parameters(): Parameters {
    return this.#values;
  }
}
