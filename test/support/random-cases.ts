/** How many of a test's random cases are asked for. */
export interface RandomCases {
  /** In `npm test`: with one seed for all runs, more of them would say again what the first run said. */
  readonly few: number;
  /** Before a release, and after a change of what they are about: `npm run fuzz:all`. */
  readonly all: number;
}

/**
 * The random cases that a test takes: few, or all where `ALLUVIUM_FUZZ_CASES` is `all`.
 *
 * @throws Error where the variable is neither, since its spelling would decide what was tested
 */
export function randomCases({ few, all }: RandomCases): number {
  return takesAllCases() ? all : few;
}

/** Whether all cases are asked for, for tests whose few are chosen by turns. */
export function takesAllCases(asked = process.env['ALLUVIUM_FUZZ_CASES'] ?? 'few'): boolean {
  if (asked === 'few' || asked === 'all') return asked === 'all';
  throw new Error(
    `ALLUVIUM_FUZZ_CASES is ${JSON.stringify(asked)}. Set it to "few" or "all", or leave it out for few.`,
  );
}
