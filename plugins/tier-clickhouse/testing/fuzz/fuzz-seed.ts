/** The same lines each time, so that a change is judged by itself; others where `ALLUVIUM_FUZZ_SEED` asks for it (`npm run fuzz`). */
export function fuzzSeed(): number {
  const asked = process.env['ALLUVIUM_FUZZ_SEED'] ?? '2026';
  return asked === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(asked);
}
