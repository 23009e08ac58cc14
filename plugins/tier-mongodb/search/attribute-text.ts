import { parseExactJson } from '#plugin-kit';

/** A free field as text: a string's value, all else as its JSON stands. */
export function attributeText(raw: string): string {
  return raw.startsWith('"') ? String(JSON.parse(raw)) : raw;
}

/** The raw JSON of a free field: the attribute of that very name or, for `a.b`, what is under `b` inside the attribute `a`. */
export function rawAttribute(attributes: ReadonlyMap<string, string>, name: string): string | undefined {
  const whole = attributes.get(name);
  if (whole !== undefined || !name.includes('.')) return whole;
  const [first = '', ...path] = name.split('.');
  const raw = attributes.get(first);
  if (raw === undefined) return undefined;
  let inner: unknown = parseExactJson(raw);
  for (const step of path) inner = memberOf(inner, step);
  return inner === undefined ? undefined : JSON.stringify(inner);
}

function memberOf(value: unknown, key: string): unknown {
  const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
  return isObject ? (value as Record<string, unknown>)[key] : undefined;
}
