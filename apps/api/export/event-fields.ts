type Json = Readonly<Record<string, unknown>>;

/**
 * A field of an event as the API shows it: at its top, or an attribute, or inside one (`a.b`), in this order. Undefined
 * where it has none.
 */
export function fieldOf(event: Json, name: string): unknown {
  if (Object.hasOwn(event, name)) return event[name];
  const attributes = event['attributes'];
  if (!isObject(attributes)) return undefined;
  if (Object.hasOwn(attributes, name)) return attributes[name];
  const path = name.split('.');
  if (path.length === 1) return undefined;
  // `attributes.a` names the attribute where a declared field has its name.
  return path[0] === 'attributes'
    ? fieldOf({ attributes }, path.slice(1).join('.'))
    : inside(attributes, path);
}

/** The JSON text of an event that has only these fields. */
export function pickFields(event: Json, names: readonly string[]): string {
  const members = names.flatMap((name) => {
    const value = fieldOf(event, name);
    return value === undefined ? [] : [`${JSON.stringify(name)}:${JSON.stringify(value)}`];
  });
  return `{${members.join(',')}}`;
}

function inside(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, step) => (isObject(found) && Object.hasOwn(found, step) ? found[step] : undefined),
    value,
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
