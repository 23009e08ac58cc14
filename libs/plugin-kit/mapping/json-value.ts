/** What a JSON value is. */
export type JsonKind = 'string' | 'number' | 'bool' | 'null' | 'object' | 'array';

/** A JSON value as it was read. */
export interface JsonValue {
  readonly kind: JsonKind;
  /** A string's content; of all else its JSON without spaces, numbers as {@link numberText} writes them. */
  readonly text: string;
  /** Where it begins in the text that was read. */
  readonly start: number;
}

/** A key of an object with its value. */
export interface JsonMember extends JsonValue {
  readonly key: string;
}

/** Why a text is no JSON, or none that can be kept, and where: counted in UTF-16 units from 0. */
export class JsonFault extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
    this.name = 'JsonFault';
  }
}

const ESCAPED = /[\u0000-\u001f"\\\u2028\u2029]/g;
const SHORT: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** The text as a JSON string, escaped as the engine does it. */
export function quoteJson(text: string): string {
  return `"${text.replace(ESCAPED, escapeOf)}"`;
}

function escapeOf(character: string): string {
  const hex = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return SHORT.get(character) ?? `\\u${hex}`;
}

/** A value as JSON without spaces. */
export function jsonOf(value: JsonValue): string {
  return value.kind === 'string' ? quoteJson(value.text) : value.text;
}
