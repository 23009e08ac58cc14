/**
 * The one text of a value: keys in the order of their UTF-16 units, no spaces, numbers as JavaScript writes them (RFC 8785).
 * What is signed is this text, so a manifest may be indented and written again and its signature still holds.
 *
 * @throws Error where the value has no JSON form
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    const sorted = members.toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${sorted.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${value} has no JSON form.`);
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new Error(`${typeof value} has no JSON form.`);
  return text;
}
