/** Draws that are the same on every machine for the same seed. */
export interface SeededRandom {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  below(below: number): number;
  /** One of these. */
  pick<T>(of: readonly [T, ...T[]]): T;
  /** This many lower-case hex digits. */
  hex(digits: number): string;
}

/** Draws from any number of whole numbers, so that the draws for (seed, producer, sequence) need no history. */
export function createSeededRandom(...seeds: readonly number[]): SeededRandom {
  let state =
    seeds.reduce((hash, seed) => scramble(hash ^ scramble(seed >>> 0)) + 0x9e3779b9, 0x2545f491) >>> 0;
  const word = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    return scramble(state);
  };
  const next = (): number => word() / 4_294_967_296;
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: <T>(of: readonly [T, ...T[]]): T => of[below(of.length)] ?? of[0],
    hex: (digits) => {
      let text = '';
      while (text.length < digits) text += word().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
  };
}

/** The finaliser of a 32-bit hash: every bit of the input reaches every bit of the output. */
function scramble(value: number): number {
  let word = value >>> 0;
  word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
  return (word ^ (word >>> 15)) >>> 0;
}
