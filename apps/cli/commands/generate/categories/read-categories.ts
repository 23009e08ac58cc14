import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../cli-error.js';
import type { Category } from './category.js';
import { parseCategories } from './parse-categories.js';

/** The file that is taken where none is given; it comes with the program. */
export const DEFAULT_CATEGORIES = join(import.meta.dirname, 'default.yaml');

/**
 * Reads the categories of a file.
 *
 * @param file default: the one that comes with the program
 * @throws UsageError where it can't be read; CategoriesError with every mistake in it.
 */
export function readCategories(file: string = DEFAULT_CATEGORIES): readonly Category[] {
  return parseCategories(readCategoriesText(file), file);
}

/** The text of a file of categories. @throws UsageError where it can't be read. */
export function readCategoriesText(file: string = DEFAULT_CATEGORIES): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UsageError(
      `The file of categories can not be read: ${file} (${code}).`,
      'Correct --categories, or leave it out for the one that comes with the program.',
    );
  }
}
