/** A text in double quotes. */
export interface QuotedText {
  /** As it stands there, escapes included. */
  readonly raw: string;
  /** Whether its closing quote is there. */
  readonly isClosed: boolean;
  /** Index after the closing quote. */
  readonly end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/**
 * Reads the text in quotes whose opening one is at `at`. It ends at a quote without a backslash before it that a space or
 * nothing follows: nginx with `escape=none` writes quotes as they are.
 */
export function scanQuoted(text: string, at: number): QuotedText {
  const from = at + 1;
  for (let to = from; to < text.length; to += 1) {
    const code = text.charCodeAt(to);
    if (code === BACKSLASH) to += 1;
    else if (code === QUOTE && (to + 1 >= text.length || text.charCodeAt(to + 1) === SPACE))
      return { raw: text.slice(from, to), isClosed: true, end: to + 1 };
  }
  return { raw: text.slice(from), isClosed: false, end: text.length };
}

const BYTES = /(?:\\x[0-9A-Fa-f]{2})+/g;
const LETTERS = /\\([\\"'ntrbfv])/g;
const MEANINGS: Readonly<Record<string, string>> = {
  '\\': '\\',
  '"': '"',
  "'": "'",
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
};

/**
 * Undoes the escapes of nginx (`\xHH`) and Apache (`\"`, `\\`, `\n`, `\xHH`); bytes in a row are UTF-8, U+FFFD where they
 * are none.
 */
export function unescapeText(raw: string): string {
  if (!raw.includes('\\')) return raw;
  // Split at escaped backslashes first: of `\\x41` the x begins no byte.
  return raw
    .split('\\\\')
    .map((part) =>
      part
        .replace(BYTES, (bytes) => Buffer.from(bytes.replaceAll('\\x', ''), 'hex').toString('utf8'))
        .replace(LETTERS, (_whole, letter: string) => MEANINGS[letter] ?? letter),
    )
    .join('\\');
}
