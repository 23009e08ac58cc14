/** Classes of bytes, as bits, so that one look at a table answers. */
export const DIGIT = 1;
export const LETTER = 2;
/** a-f, A-F and digits. */
export const HEX = 4;
/** May stand in the part of an e-mail address before its `@`; what parts URLs and pairs of name and value is left out. */
export const LOCAL = 8;
/** May stand in a token. */
export const TOKEN = 16;

const CLASSES = new Uint8Array(256);
const mark = (characters: string, bit: number): void => {
  for (const character of characters) {
    const code = character.charCodeAt(0);
    CLASSES[code] = (CLASSES[code] ?? 0) | bit;
  }
};
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const LETTERS = LOWER + LOWER.toUpperCase();
const DIGITS = '0123456789';
mark(DIGITS, DIGIT);
mark(LETTERS, LETTER);
mark(`${DIGITS}abcdefABCDEF`, HEX);
mark(`${LETTERS + DIGITS}.!#$%'*+_~-`, LOCAL);
mark(`${LETTERS + DIGITS}-._~+/=`, TOKEN);
// Letters of other scripts, as UTF-8.
for (let code = 0x80; code < 0x100; code += 1) CLASSES[code] = LOCAL;

/** The classes of the byte at a place; none beyond the ends. */
export function classAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  return byte === undefined ? 0 : (CLASSES[byte] as number);
}

export function isAt(bytes: Uint8Array, at: number, bits: number): boolean {
  return (classAt(bytes, at) & bits) !== 0;
}
