import type { FileTable, Parameters, ParameterValue } from '../engine/engine.js';

/** Collects values of a statement; each becomes a typed placeholder, so that no value is ever part of the text. */
export class BoundValues {
  readonly #values: Record<string, ParameterValue> = {};
  readonly #files = new Map<string, string>();

  /** The placeholder that stands for the value. */
  bind(type: string, value: string | number | readonly string[]): string {
    return this.#add(type, value);
  }

  /** The placeholder that stands for a file in the place of a table; the same for the same path. */
  file(table: FileTable): string {
    const known = this.#files.get(table.path) ?? this.#add('File', table);
    this.#files.set(table.path, known);
    return known;
  }

  get parameters(): Parameters {
    return this.#values;
  }

  /** Whether files are among the values. */
  get readsFiles(): boolean {
    return this.#files.size > 0;
  }

  #add(type: string, value: ParameterValue): string {
    const name = `p${Object.keys(this.#values).length}`;
    this.#values[name] = value;
    return `{${name}:${type}}`;
  }
}

/** The setting of a statement that changes nothing; 2 is the same for one that reads files, which 1 forbids. */
export function readOnly({ readsFiles }: BoundValues): string {
  return `readonly = ${readsFiles ? 2 : 1}`;
}
