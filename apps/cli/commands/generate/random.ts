import { createHash } from 'node:crypto';

/** Draws that are the same on every machine for the same seed. */
export interface Random {
  /** In [0, 1), with 53 bits. */
  next(): number;
  /** A whole number in [0, below). */
  below(below: number): number;
  /** From the normal distribution around 0 with deviation 1. */
  gaussian(): number;
  /** 32 bits. */
  word(): number;
}

/** Draws for a seed, which may be any text. The generator is Doty-Humphrey's sfc32. */
export function createRandom(seed: string): Random {
  const digest = createHash('sha256').update(seed).digest();
  const state = Uint32Array.from([0, 4, 8], (at) => digest.readUInt32LE(at));
  let [a = 0, b = 0, c = 0] = state;
  let counter = 1;
  const word = (): number => {
    const drawn = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + drawn) | 0;
    return drawn >>> 0;
  };
  const next = (): number => ((word() >>> 5) * 67_108_864 + (word() >>> 6)) / 9_007_199_254_740_992;
  return {
    next,
    below: (below) => Math.floor(next() * below),
    // Box and Muller's way; 1 - next() is never 0.
    gaussian: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    word,
  };
}
