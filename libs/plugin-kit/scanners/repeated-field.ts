/** Values of one name that are kept. */
const MOST_VALUES = 100;

/**
 * Sets a field of an event in the making, whatever its name: `__proto__` is a name like any other. A name that is there
 * already gets the list of its values, equal ones once, at most a hundred. Says whether the value is kept.
 */
export function addField(event: Record<string, unknown>, name: string, value: unknown): boolean {
  const before = Object.hasOwn(event, name) ? event[name] : undefined;
  if (before === undefined) {
    setField(event, name, value);
    return true;
  }
  if (before === value) return true;
  if (!Array.isArray(before)) {
    setField(event, name, [before, value]);
    return true;
  }
  const values = before as unknown[];
  if (values.includes(value)) return true;
  if (values.length >= MOST_VALUES) return false;
  values.push(value);
  return true;
}

function setField(event: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(event, name, { value, enumerable: true, configurable: true, writable: true });
  else event[name] = value;
}
