const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/** Is told what stands in a JSON text, in order. Places are bytes; ends are exclusive. */
export interface JsonVisitor {
  open(from: number, isArray: boolean): void;
  close(from: number): void;
  /** Answers whether the value needs no visit; `value.to` looks for its end. */
  member(
    key: { readonly from: number; readonly to: number },
    value: { readonly from: number; to(): number },
  ): boolean;
  /** The end of a member of an object whose value was visited. */
  memberEnd(end: number): void;
  /** A string, number, truth or null. */
  scalar(from: number, to: number): void;
}

/**
 * Walks over a text that is JSON, however deep, in one pass.
 *
 * @param json found good before
 */
export function readJsonTokens(json: Buffer, visitor: JsonVisitor): void {
  /** Whether each open bracket is an array's. */
  const open: boolean[] = [];
  let at = skipSpace(json, 0);
  while (at < json.length) {
    const byte = json[at];
    if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      open.pop();
      visitor.close(at);
      at += 1;
      if (open.at(-1) === false) visitor.memberEnd(at);
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      open.push(byte === OPEN_ARRAY);
      visitor.open(at, byte === OPEN_ARRAY);
      at += 1;
    } else if (byte === COMMA) at += 1;
    else if (open.at(-1) === false && byte === QUOTE && isKey(json, at)) at = readMember(json, at, visitor);
    else {
      const end = scalarEnd(json, at);
      visitor.scalar(at, end);
      at = end;
      if (open.at(-1) === false) visitor.memberEnd(at);
    }
    at = skipSpace(json, at);
  }
}

/** In an object a string before a colon is a key. */
function isKey(json: Buffer, at: number): boolean {
  return json[skipSpace(json, stringEnd(json, at))] === COLON;
}

/** Where to go on: at the value, or behind it. */
function readMember(json: Buffer, at: number, visitor: JsonVisitor): number {
  const keyEnd = stringEnd(json, at);
  const from = skipSpace(json, skipSpace(json, keyEnd) + 1);
  const value = { from, to: () => valueEnd(json, from) };
  return visitor.member({ from: at, to: keyEnd }, value) ? valueEnd(json, from) : from;
}

function valueEnd(json: Buffer, from: number): number {
  let depth = 0;
  let at = from;
  do {
    const byte = json[at];
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1;
    at = isMark(byte) ? at + 1 : scalarEnd(json, at);
    if (depth > 0) at = skipSpace(json, at);
  } while (depth > 0 && at < json.length);
  return at;
}

/** Of the structure: neither a scalar nor a part of one. */
function isMark(byte: number | undefined): boolean {
  const isBracket =
    byte === OPEN_OBJECT || byte === CLOSE_OBJECT || byte === OPEN_ARRAY || byte === CLOSE_ARRAY;
  return isBracket || byte === COMMA || byte === COLON;
}

function scalarEnd(json: Buffer, from: number): number {
  if (json[from] === QUOTE) return stringEnd(json, from);
  let at = from;
  while (at < json.length && (json[at] as number) > 0x20 && !isMark(json[at])) at += 1;
  return at;
}

function stringEnd(json: Buffer, from: number): number {
  for (let at = from + 1; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === BACKSLASH) at += 1;
    else if (byte === QUOTE) return at + 1;
  }
  return json.length;
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  while (at < json.length && (json[at] as number) <= 0x20) at += 1;
  return at;
}
