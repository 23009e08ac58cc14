const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Members of an object: the JSON text of each value by its key. */
export type JsonMembers = ReadonlyMap<string, string>;

/**
 * Takes the JSON text of an object apart, one level deep. The text is one that this server made, without spaces between
 * its parts. `JSON.parse` keeps short texts for the next time where only a collection of the whole heap removes them:
 * over millions of events that is a hundred MiB.
 */
export function jsonMembers(text: string): JsonMembers {
  const members = new Map<string, string>();
  for (let at = 1; text.charCodeAt(at) === QUOTE;) {
    const keyEnd = endOfString(text, at);
    const end = endOfValue(text, keyEnd + 1);
    members.set(textOfJson(text.slice(at, keyEnd)), text.slice(keyEnd + 1, end));
    at = end + 1;
  }
  return members;
}

/** What a JSON string says; of other values their JSON text. */
export function textOfJson(json: string): string {
  if (json.charCodeAt(0) !== QUOTE) return json;
  return json.includes('\\') ? (JSON.parse(json) as string) : json.slice(1, -1);
}

/** Whether the JSON text is that of an object. */
export function isObject(json: string | undefined): json is string {
  return json?.charCodeAt(0) === OPEN_OBJECT;
}

/** Behind the value that begins here. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const unit = text.charCodeAt(at);
    if (unit === OPEN_OBJECT || unit === OPEN_ARRAY) depth += 1;
    else if (unit === CLOSE_OBJECT || unit === CLOSE_ARRAY) depth -= 1;
    at = unit === QUOTE ? endOfString(text, at) : at + 1;
  } while (at < text.length && (depth > 0 || !isBetween(text.charCodeAt(at))));
  return at;
}

/** What follows a member: a comma, or the end of the object. */
function isBetween(unit: number): boolean {
  return unit === 0x2c || unit === CLOSE_OBJECT;
}

/** Behind the closing quote of the string that begins here. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end + 1;
}

/** Whether an odd number of backslashes stands before. */
function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === BACKSLASH) before -= 1;
  return (at - before) % 2 === 0;
}
