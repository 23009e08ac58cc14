import { parse } from 'yaml';
import type { DrawContext } from '../fields/draw.js';
import type { Mistake, Path } from '../fields/field-scope.js';
import { makeField } from '../fields/make-field.js';
import { createRandom } from '../random.js';

/** Time of every event that is drawn here. */
export const TIME_MS = Date.UTC(2026, 10, 20, 8, 15, 30, 123);

/** A field made from YAML, with the mistakes in it. */
export function fieldOf(yaml: string, above: readonly string[] = []) {
  const mistakes: { readonly path: Path; readonly mistake: Mistake }[] = [];
  const draw = makeField(parse(yaml, { mapAsMap: true }), {
    path: [],
    above: new Set(above),
    report: (path, mistake) => mistakes.push({ path, mistake }),
  });
  return { draw, mistakes };
}

/** This many values of a field, from a seed. */
export function drawMany(
  yaml: string,
  { count = 20_000, values = {}, seed = 'test' }: DrawManyOptions = {},
): readonly unknown[] {
  const { draw, mistakes } = fieldOf(yaml, Object.keys(values));
  if (mistakes.length > 0) throw new Error(JSON.stringify(mistakes));
  const context: DrawContext = {
    random: createRandom(seed),
    timeMs: TIME_MS,
    values: new Map(Object.entries(values)),
  };
  return Array.from({ length: count }, () => draw(context));
}

interface DrawManyOptions {
  readonly count?: number;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly seed?: string;
}

/** How often each value is there. */
export function sharesOf(values: readonly unknown[]): ReadonlyMap<unknown, number> {
  const shares = new Map<unknown, number>();
  for (const value of values) shares.set(value, (shares.get(value) ?? 0) + 1 / values.length);
  return shares;
}
