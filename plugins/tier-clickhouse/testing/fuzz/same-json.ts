/**
 * Where two JSON values differ, as a path with both; undefined where they are equal: key order and prototypes ignored, -0
 * is 0, an integer beyond 2^53 may be a number or its digits.
 */
export function difference(expected: unknown, actual: unknown, path = '$'): string | undefined {
  if (isObject(expected) && isObject(actual)) return objectDifference(expected, actual, path);
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length)
    return first(expected, (item, n) => difference(item, actual[n], `${path}[${n}]`));
  if (isSame(expected, actual)) return undefined;
  return `${path}: sent ${show(expected)}, found ${show(actual)}`;
}

function objectDifference(
  expected: Readonly<Record<string, unknown>>,
  actual: Readonly<Record<string, unknown>>,
  path: string,
): string | undefined {
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
  return first(keys, (key) => {
    const place = `${path}[${JSON.stringify(key)}]`;
    if (!Object.hasOwn(actual, key)) return `${place}: sent ${show(expected[key])}, not found`;
    if (!Object.hasOwn(expected, key)) return `${place}: not sent, found ${show(actual[key])}`;
    return difference(expected[key], actual[key], place);
  });
}

function isSame(expected: unknown, actual: unknown): boolean {
  if (expected === actual) return true;
  const [a, b] = [large(expected), large(actual)];
  return a !== undefined && a === b;
}

/** The double of a number, or of the digits that stand for a large one. */
function large(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d{16,20}$/.test(value) ? Number(value) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function first<T>(items: readonly T[], find: (item: T, n: number) => string | undefined): string | undefined {
  for (const [n, item] of items.entries()) {
    const found = find(item, n);
    if (found !== undefined) return found;
  }
  return undefined;
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 200);
}
