import { didYouMean } from '#app-config';
import { isStreamName, NAME_RULE } from '#event-model';
import type { Mistake, Path } from '../fields/field-scope.js';
import { makeField } from '../fields/make-field.js';
import { isWeight } from '../fields/weights.js';
import { CategoriesError, type PlacedMistake } from './categories-error.js';
import type { Category, CategoryField } from './category.js';
import { YamlTree } from './yaml-tree.js';

type Parts = ReadonlyMap<unknown, unknown>;
type Report = (path: Path, mistake: Mistake) => void;

const KNOWN = ['weight', 'stream', 'event_type', 'fields'];

/**
 * Reads a file of categories.
 *
 * @param file its name, for mistakes
 * @throws CategoriesError with every mistake at once.
 */
export function parseCategories(text: string, file: string): readonly Category[] {
  const tree = new YamlTree(text);
  const mistakes: PlacedMistake[] = [...tree.mistakes];
  const report: Report = (path, mistake) => void mistakes.push(tree.place(path, mistake));
  const categories = mistakes.length === 0 ? readRoot(tree.root, report) : [];
  if (mistakes.length > 0)
    throw new CategoriesError(
      file,
      mistakes.sort((a, b) => a.line - b.line || a.column - b.column),
    );
  return categories;
}

function readRoot(root: unknown, report: Report): readonly Category[] {
  if (!isParts(root) || !isParts(root.get('categories')) || sizeOf(root.get('categories')) === 0) {
    report([], {
      what: 'There are no categories.',
      mend: 'Write a map "categories" of names to { weight, fields }; alluvium generate --print-categories shows one.',
    });
    return [];
  }
  reportUnknown(root, ['categories'], { path: [], report });
  const categories = root.get('categories') as Parts;
  return [...categories].flatMap(([name, spec]) => readCategory(String(name), spec, report));
}

function readCategory(name: string, spec: unknown, report: Report): readonly Category[] {
  const path = ['categories', name];
  if (!isParts(spec)) {
    report(path, { what: 'A category is a map.', mend: `It takes ${KNOWN.join(', ')}.` });
    return [];
  }
  reportUnknown(spec, KNOWN, { path, report });
  const weight = spec.get('weight') ?? 1;
  if (!isWeight(weight))
    report([...path, 'weight'], {
      what: `${JSON.stringify(weight)} is no weight.`,
      mend: 'Write a number above 0.',
    });
  const stream = nameOf(spec.get('stream') ?? name, [...path, 'stream'], report);
  const eventType = nameOf(spec.get('event_type') ?? 'log', [...path, 'event_type'], report);
  return [
    { name, weight: Number(weight), stream, eventType, fields: readFields(spec.get('fields'), path, report) },
  ];
}

function readFields(spec: unknown, path: Path, report: Report): readonly CategoryField[] {
  if (!isParts(spec) || spec.size === 0) {
    report([...path, 'fields'], {
      what: 'The category has no fields.',
      mend: 'Write a map "fields" of names to values, such as { message: hello }.',
    });
    return [];
  }
  const above = new Set<string>();
  const fields = [...spec].map(([key, field]) => {
    const name = String(key);
    const draw = makeField(field, { path: [...path, 'fields', name], above: new Set(above), report });
    above.add(name);
    return { name, draw, hidden: name.startsWith('_') };
  });
  if (fields.every(({ hidden }) => hidden))
    report([...path, 'fields'], {
      what: 'All fields begin with "_" and are not sent.',
      mend: 'Name one without it.',
    });
  return fields;
}

function nameOf(given: unknown, path: Path, report: Report): string {
  const name = String(given);
  if (!isStreamName(name))
    report(path, { what: `${JSON.stringify(name)} can not be a name here.`, mend: `Write ${NAME_RULE}.` });
  return name;
}

function reportUnknown(
  parts: Parts,
  known: readonly string[],
  { path, report }: { readonly path: Path; readonly report: Report },
): void {
  const unknown = [...parts.keys()].map(String).filter((key) => !known.includes(key));
  for (const key of unknown)
    report([...path, key], {
      what: `"${key}" means nothing here.`,
      mend: didYouMean(key, known) || `Known are ${known.join(', ')}.`,
    });
}

function isParts(value: unknown): value is Parts {
  return value instanceof Map;
}

function sizeOf(value: unknown): number {
  return isParts(value) ? value.size : 0;
}
