const STRING_OR_LONG_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * Parses JSON whose integers may be beyond what a JavaScript number holds: those become strings of their digits. Keys
 * such as `__proto__` stay plain keys.
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(/\d{16}/.test(text) ? text.replace(STRING_OR_LONG_NUMBER, quoteUnsafe) : text);
}

function quoteUnsafe(token: string): string {
  const isInteger = /^-?\d+$/.test(token);
  return isInteger && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}
