/**
 * What a terminal would act upon, or what would make a text look other than it is: controls of both sets (C0, DEL, C1),
 * marks that turn the direction of writing (Unicode's "Trojan source"), separators of lines, invisible tags and halves of
 * pairs.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]|[\ud800-\udfff]/gu;

/** Short forms that everyone knows. */
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text of others (events, answers of a server, names of files) as it may be shown: all on one line, escapes visible. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (sign) => SHORT[sign] ?? escapeSign(sign));
}

/** One line of JSON, without its line's end, that is safe to show too: equal as JSON, with more escapes. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (sign) =>
    Array.from({ length: sign.length }, (_, at) => unicodeEscape(sign.charCodeAt(at))).join(''),
  );
}

function escapeSign(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? unicodeEscape(code) : `\\u{${code.toString(16)}}`;
}

function unicodeEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
