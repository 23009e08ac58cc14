/**
 * Whether an event of a sample goes on: one in `oneIn`, spread evenly and unlike any pattern that events come in. The same
 * seed and row always give the same answer.
 */
export function isKept(seed: number, row: number, oneIn: number): boolean {
  return mix(seed ^ Math.imul(row + 1, 0x9e3779b1)) % oneIn === 0;
}

/** Another seed for each rule, so that two samples of the same events are not the same ones. */
export function seedFor(seed: number, rule: number): number {
  return mix(seed + rule);
}

/** The finalizer of MurmurHash3: every bit of the input changes half of the output's. */
function mix(input: number): number {
  let mixed = input >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
