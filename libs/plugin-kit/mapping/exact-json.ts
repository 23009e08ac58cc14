/** Strings with the colon that makes them keys, ends of objects, and numbers. */
const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]|-?\d[\d.eE+-]*/g;
const BYTE_ORDER_MARK = '\ufeff';
/** A low surrogate: well-formed text, and nothing else is stored, never begins with one. */
const REPEATED = '\udc00';

/**
 * Parses JSON as the engine reads it: of equal keys in one object the first counts, where `JSON.parse` would take the last;
 * integers beyond what a JavaScript number holds become strings of their digits; a byte order mark before it is ignored.
 * Keys such as `__proto__` stay plain keys.
 */
export function parseExactJson(line: string): unknown {
  const text = line.startsWith(BYTE_ORDER_MARK) ? line.slice(1) : line;
  if (!text.includes('{') && !/\d{16}/.test(text)) return JSON.parse(text);
  const prepared = prepare(text);
  return prepared.repeats ? JSON.parse(prepared.text, withoutRepeated) : JSON.parse(prepared.text);
}

/** The text with long integers quoted and repeated keys marked. */
function prepare(text: string): { readonly text: string; readonly repeats: boolean } {
  const open: Set<string>[] = [];
  let repeats = 0;
  const mark = (token: string, colon: string | undefined): string => {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (!token.startsWith('"')) return quoteUnsafe(token);
    else if (colon !== undefined && isRepeated(open.at(-1), token.slice(0, -colon.length))) {
      repeats += 1;
      return `"\\udc00${repeats}":`;
    }
    return token;
  };
  return { text: text.replace(TOKEN, mark), repeats: repeats > 0 };
}

function isRepeated(keys: Set<string> | undefined, quoted: string): boolean {
  const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  if (!keys || keys.has(key)) return true;
  keys.add(key);
  return false;
}

function withoutRepeated(key: string, value: unknown): unknown {
  return key.startsWith(REPEATED) ? undefined : value;
}

function quoteUnsafe(token: string): string {
  const isInteger = /^-?\d+$/.test(token);
  return isInteger && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}
