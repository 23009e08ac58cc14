/** An element of RFC 5424's structured data: `[exampleSDID@32473 iut="3"]`. */
export interface StructuredElement {
  readonly id: string;
  /** Names and values in order, escapes undone; a name may be there several times. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** What {@link scanStructuredData} read. */
export interface StructuredData {
  readonly elements: readonly StructuredElement[];
  /** Index after it. */
  readonly end: number;
}

/** Parameters of one message that are read; storage takes four times as many attributes. */
export const MAX_STRUCTURED_PARAMETERS = 500;

const NAME = '[^\\x00-\\x20="\\]\\x7f-\\uffff]{1,32}';
const ID = new RegExp(`\\[(${NAME})`, 'y');
// A string of many escapes makes one step each, and nothing is tried twice.
const PARAMETER = new RegExp(` +(${NAME})= {0,8}"((?:[^"\\\\\\]]|\\\\.)*)"`, 'sy');
const CLOSE = /[ ]*\]/y;
const ESCAPE = /\\(["\\\]])/g;

/**
 * Reads the structured data at `at`: one element or more, or `-`. Undefined where it isn't as RFC 5424 6.3 says: a name
 * that is too long, an unescaped quote, backslash or bracket in a value, the same id twice. Spaces behind an `=`, which
 * the line breaks of the RFC's own examples have brought about, are passed over, as rsyslog and Vector do.
 */
export function scanStructuredData(text: string, at = 0): StructuredData | undefined {
  if (text[at] === '-') return { elements: [], end: at + 1 };
  const elements: StructuredElement[] = [];
  let end = at;
  for (let left = MAX_STRUCTURED_PARAMETERS; text[end] === '[';) {
    const element = scanElement(text, end, left);
    if (!element || elements.some(({ id }) => id === element.id)) return undefined;
    elements.push({ id: element.id, parameters: element.parameters });
    end = element.end;
    left -= element.parameters.length + 1;
  }
  return elements.length > 0 ? { elements, end } : undefined;
}

function scanElement(
  text: string,
  at: number,
  most: number,
): (StructuredElement & { readonly end: number }) | undefined {
  const id = matchAt(ID, text, at)?.[1];
  if (id === undefined) return undefined;
  const parameters: (readonly [string, string])[] = [];
  let end = at + 1 + id.length;
  for (let match = matchAt(PARAMETER, text, end); match; match = matchAt(PARAMETER, text, end)) {
    const value = match[2] ?? '';
    parameters.push([match[1] ?? '', value.includes('\\') ? value.replace(ESCAPE, '$1') : value]);
    end += match[0].length;
    if (parameters.length >= most) return undefined;
  }
  const close = matchAt(CLOSE, text, end);
  return close ? { id, parameters, end: end + close[0].length } : undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
