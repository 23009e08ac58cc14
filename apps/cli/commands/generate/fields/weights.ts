import type { FieldScope } from './field-scope.js';
import type { Weighted } from './weighted.js';

const MEND = 'Write a list of values, or a map of each value to its weight, a number above 0.';

/**
 * Reads a list (all as often as each other) or a map of values to weights. Nothing is returned where something is wrong
 * with it; that has been reported.
 */
export function readWeights(given: unknown, scope: FieldScope): readonly Weighted<unknown>[] {
  const entries = entriesOf(given);
  if (entries === undefined || entries.length === 0) {
    scope.report([], { what: 'There are no values to choose from.', mend: MEND });
    return [];
  }
  const wrong = entries.filter(({ weight }) => !isWeight(weight));
  for (const { value, weight } of wrong)
    scope.report([String(value)], { what: `${JSON.stringify(weight)} is no weight.`, mend: MEND });
  return wrong.length === 0 ? (entries as readonly Weighted<unknown>[]) : [];
}

/** Whether a value can be a weight. */
export function isWeight(weight: unknown): weight is number {
  return typeof weight === 'number' && weight > 0 && Number.isFinite(weight);
}

function entriesOf(given: unknown): readonly Weighted<unknown>[] | undefined {
  if (Array.isArray(given)) return given.map((value: unknown) => ({ value, weight: 1 }));
  if (!(given instanceof Map)) return undefined;
  return [...given].map(([value, weight]) => ({ value, weight: weight as number }));
}
