const NUMBER = /^-?\d{1,60}(\.\d{1,60})?([eE][-+]?\d{1,3})?$/;
const INTEGER = /^-?\d{1,60}$/;

/** Whether a text is a decimal number as JSON writes it (leading zeros allowed). */
export const isNumber = (text: string): boolean => NUMBER.test(text) && Number.isFinite(Number(text));

/** Whether a text is an integer that a column of this type (`UInt16`, `Int64` …) can hold. */
export function fitsInteger(type: string, text: string): boolean {
  if (!INTEGER.test(text)) return false;
  const value = BigInt(text);
  const bits = BigInt(type.replace(/\D/g, ''));
  const [low, high] = type.startsWith('U') ? [0n, 2n ** bits] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n)];
  return value >= low && value < high;
}

/** The type that a number is bound as to be compared with a column exactly, also where the column can't hold it. */
export function boundType(columnType: string, text: string): 'Float64' | 'Int256' {
  return columnType !== 'Float64' && INTEGER.test(text) ? 'Int256' : 'Float64';
}
