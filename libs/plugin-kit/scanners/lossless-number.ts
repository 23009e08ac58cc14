const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
/** Longer texts are no numbers that a double holds to the last digit. */
const LONGEST = 24;

/**
 * The number that a text is, where the number is written just so: `80`, `-7`, `3.14`. Undefined where writing it again
 * would give another text (`007`, `1.0`, `+5`, `1e3`, `0x1f`, digits beyond 2^53), so that nothing is lost by keeping the
 * number in place of the text.
 */
export function losslessNumber(text: string): number | undefined {
  if (text.length === 0 || text.length > LONGEST) return undefined;
  const first = text.charCodeAt(0);
  if ((first < ZERO || first > NINE) && first !== MINUS) return undefined;
  const value = Number(text);
  const isExact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return isExact && String(value) === text ? value : undefined;
}
