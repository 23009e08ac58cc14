import type { Draw } from './draw.js';

/** Where something stands in the file: keys and indices from its root. */
export type Path = readonly (string | number)[];

/** What is wrong at one place, and how to mend it; both are sentences. */
export interface Mistake {
  readonly what: string;
  readonly mend: string;
}

/** What the maker of a field may use. */
export interface FieldScope {
  readonly path: Path;
  /** Names of the fields above, which this one may refer to. */
  readonly above: ReadonlySet<string>;
  /** Makes a field within this one; `path` is relative to this one's. */
  readonly inner: (spec: unknown, path: Path) => Draw;
  /** Reports what is wrong with this field; `path` is relative to it. */
  readonly report: (path: Path, mistake: Mistake) => void;
}

/** A kind of field, as it is written in a file of categories: `{ name: parameters }`. */
export interface FieldKind {
  readonly name: string;
  /** As a person would write it. */
  readonly example: string;
  /** Reports what is wrong with the parameters; the draw is not used then. Maps come as Map, keys as they are in YAML. */
  readonly make: (parameters: unknown, scope: FieldScope) => Draw;
}

/** Draws nothing; stands for a field that could not be made. */
export const NOTHING: Draw = () => undefined;
