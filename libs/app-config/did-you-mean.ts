/** Edits that a slip of the finger may take. */
const MAX_EDITS = 3;

/** The known name nearest to `given`, as a sentence to append; empty where none is near. */
export function didYouMean(given: string, known: readonly string[]): string {
  const [best] = known
    .map((name) => ({ name, edits: editDistance(given, name) }))
    .filter(({ name, edits }) => edits <= Math.min(MAX_EDITS, name.length / 2))
    .sort((a, b) => a.edits - b.edits);
  return best ? `Did you mean ${best.name}?` : '';
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of [...a].entries()) row = nextRow(row, i + 1, left, b);
  return row[b.length] ?? Infinity;
}

function nextRow(above: readonly number[], first: number, left: string, b: string): number[] {
  const row = [first];
  for (const [j, right] of [...b].entries()) {
    const replaced = (above[j] ?? 0) + (left === right ? 0 : 1);
    row.push(Math.min(replaced, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
  }
  return row;
}
