import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { Mistake, Path } from '../fields/field-scope.js';
import type { PlacedMistake } from './categories-error.js';

/** A YAML file as values, which still knows where each of them stood. */
export class YamlTree {
  /** Maps are Map, so that a key stays the number or word that it was. Undefined where the text is no YAML. */
  readonly root: unknown;
  /** What is wrong with the YAML itself. */
  readonly mistakes: readonly PlacedMistake[];
  readonly #document: Document;
  readonly #lines = new LineCounter();

  constructor(text: string) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    this.mistakes = this.#document.errors.map(({ message, pos }) => ({
      ...this.#place(pos[0]),
      path: '',
      what: `This is no YAML: ${message}${/[.!?]$/.test(message) ? '' : '.'}`,
      mend: 'Correct it at that place.',
    }));
    if (this.mistakes.length === 0) this.root = this.#document.toJS({ mapAsMap: true });
  }

  /** A mistake with the place of the nearest value that is there. */
  place(path: Path, mistake: Mistake): PlacedMistake {
    return { ...mistake, path: path.join('.'), ...this.#place(this.#offset(path)) };
  }

  #offset(path: Path): number {
    for (let length = path.length; length > 0; length -= 1) {
      const node = this.#find(path.slice(0, length));
      if (node !== undefined) return node;
    }
    return 0;
  }

  /** Keys that are numbers in the file may come as text. */
  #find(path: Path): number | undefined {
    const asNumbers = path.map((part) => (/^-?\d+(\.\d+)?$/.test(String(part)) ? Number(part) : part));
    const node = this.#document.getIn(path, true) ?? this.#document.getIn(asNumbers, true);
    return isNode(node) ? node.range?.[0] : undefined;
  }

  #place(offset: number): { readonly line: number; readonly column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}
