/** Edits that a slip of the finger may take. */
const MAX_EDITS = 3;
/** What stands between the words of a name. */
const BETWEEN_WORDS = /[_.-]/;

/** The known name that is meant, as a sentence to append; empty where none is near. */
export function didYouMean(given: string, known: readonly string[]): string {
  const meant = withWordsBetween(given, known) ?? nearest(given, known);
  return meant ? `Did you mean ${meant}?` : '';
}

/** The name that has all words of `given`, in their order, and fewest others between them: `HTTP_PORT` for `PORT`. */
function withWordsBetween(given: string, known: readonly string[]): string | undefined {
  const words = given.split(BETWEEN_WORDS);
  if (words.length < 2) return undefined;
  return known
    .map((name) => ({ name, words: name.split(BETWEEN_WORDS) }))
    .filter((longer) => hasInOrder(longer.words, words))
    .sort((a, b) => a.words.length - b.words.length)[0]?.name;
}

function hasInOrder(words: readonly string[], wanted: readonly string[]): boolean {
  let at = 0;
  for (const word of words) if (word === wanted[at]) at += 1;
  return at === wanted.length;
}

function nearest(given: string, known: readonly string[]): string | undefined {
  return known
    .map((name) => ({ name, edits: editDistance(given, name) }))
    .filter(({ name, edits }) => edits <= Math.min(MAX_EDITS, Math.ceil(ownLength(given, name) / 2)))
    .sort((a, b) => a.edits - b.edits)[0]?.name;
}

/** How long a name is without the first word, where both have that: most names have it. */
function ownLength(given: string, name: string): number {
  const [first = ''] = name.split(BETWEEN_WORDS);
  const isShared = given.split(BETWEEN_WORDS)[0] === first && first.length < name.length;
  return isShared ? name.length - first.length - 1 : name.length;
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
