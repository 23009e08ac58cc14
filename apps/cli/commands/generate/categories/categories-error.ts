import { CliError } from '../../../cli-error.js';
import { EXIT } from '../../../exit-codes.js';
import type { Mistake } from '../fields/field-scope.js';

/** A mistake and where it is: `categories.web.fields.level`, line and column from 1. */
export interface PlacedMistake extends Mistake {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** Everything that is wrong with a file of categories, at once, in the order of its lines. */
export class CategoriesError extends CliError {
  constructor(
    readonly file: string,
    readonly mistakes: readonly PlacedMistake[],
  ) {
    const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`;
    super(`${count} in ${file}: ${mistakes.map(sentence).join(' ')}`, EXIT.usage);
  }

  /** One line for each mistake: place, what is wrong, how to mend it. */
  get lines(): readonly string[] {
    return this.mistakes.map((mistake) => `${this.file}:${sentence(mistake)}`);
  }
}

function sentence({ line, column, path, what, mend }: PlacedMistake): string {
  return `${line}:${column}${path === '' ? '' : ` ${path}`}: ${what} ${mend}`;
}
