const SAFE_DIGITS = 15;
const LOWEST = -(2n ** 63n);
const HIGHEST = 2n ** 64n - 1n;

/**
 * A JSON number as the engine writes it: integers digit by digit, all else as the shortest text of its double. Undefined
 * where neither a 64-bit integer nor a double holds it.
 */
export function numberText(sent: string, isInteger: boolean): string | undefined {
  if (!isInteger) {
    const value = Number(sent);
    return Number.isFinite(value) ? doubleText(value) : undefined;
  }
  if (sent === '-0') return '0';
  if (sent.length <= SAFE_DIGITS) return sent;
  const value = BigInt(sent);
  return value < LOWEST || value > HIGHEST ? undefined : sent;
}

/** The shortest text that reads as this double. */
export function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value).replace('e+', 'e');
}
