/**
 * Pieces of a pattern in RE2's syntax: what stands for one character, what opens and closes a group, what repeats. What has no
 * end goes on to that of the pattern, so that nothing is looked at twice.
 */
const PIECE =
  /\\[pPx]\{[^}]*(?:\}|$)|\\[pP][^]|\\Q[^]*?(?:\\E|$)|\\[^]|\[\^?\]?(?:\[:\^?\w+:\]|\\[^]|[^\]\\])*(?:\]|$)|(?<open>\((?:\?P?<\w*>|\?[A-Za-z-]*:?)?)|(?<close>\))|(?<either>\|)|\{(?<least>\d+)(?:,(?<most>\d*))?\}|(?<free>[*+?^$])|[^]/gu;

/** A group, or the whole pattern, as far as it is read. */
interface Part {
  /** Of what stands before the last `|`, and of what stands behind it. */
  before: number;
  size: number;
  /** Of the last piece, which a repetition stands behind. */
  last: number;
  /** Whether each of several is one character: together they are a set. */
  isSet: boolean;
}

/**
 * About how many characters a pattern stands for, each counted as often as it is repeated: what its machine has to be made
 * of. A pattern that is none has some number too.
 */
export function repeatedSize(source: string): number {
  const within: Part[] = [];
  let part = newPart();
  for (const { 0: text, groups = {} } of source.matchAll(PIECE)) {
    const { open, close, either, least, most, free } = groups;
    if (free !== undefined) continue;
    if (open !== undefined) {
      within.push(part);
      part = newPart();
    } else if (close !== undefined) {
      const inner = sizeOf(part);
      part = within.pop() ?? newPart();
      addPiece(part, inner, inner);
    } else if (either !== undefined) {
      part = { ...newPart(), before: part.before + part.size, isSet: part.isSet && part.size <= 1 };
    } else if (least !== undefined) {
      const times = Math.max(Number(least), Number(most ?? 0));
      addPiece(part, part.last * (times - 1), part.last * times);
    } else if (text.startsWith('\\Q')) addPiece(part, text.length, 1);
    else addPiece(part, 1, 1);
  }
  return [...within, part].reduce((sum, one) => sum + sizeOf(one), 0);
}

function newPart(): Part {
  return { before: 0, size: 0, last: 0, isSet: true };
}

function addPiece(part: Part, size: number, last: number): void {
  part.size += size;
  part.last = last;
}

function sizeOf({ before, size, isSet }: Part): number {
  return isSet && size <= 1 ? Math.min(1, before + size) : before + size;
}
