import type { Filter, FilterRange } from '#plugin-kit';
import { QueryMistake } from './query-mistake.js';
import { isTimeField, rangeOfTimes, timeMatch } from './query-times.js';
import { maskEscapes, unescape, type Piece } from './query-text.js';

const ALL: Filter = { kind: 'all', of: [] };
const DEFAULT_FIELD = 'message';

/** What `field:value` means; without a field it is about the message. @throws QueryMistake */
export function valueFilter(field: string | undefined, value: Piece, now: () => number): Filter {
  refuseUnsupported(value);
  const { raw, position } = value;
  const hasWildcard = /[*?]/.test(maskEscapes(raw));
  if (field === '_exists_') return exists(unescape(raw), hasWildcard, position);
  if (raw === '*') return field === undefined || field === '*' ? ALL : { kind: 'exists', field };
  const name = field ?? DEFAULT_FIELD;
  if (hasWildcard) return { kind: 'wildcard', field: name, pattern: raw };
  const text = unescape(raw);
  return isTimeField(name)
    ? timeMatch(name, { raw: text, position }, now)
    : { kind: 'match', field: name, text };
}

/** What `field:"a phrase"` means. @throws QueryMistake */
export function phraseFilter(
  field: string | undefined,
  { raw: text, position }: Piece,
  now: () => number,
): Filter {
  if (field === '_exists_') return { kind: 'exists', field: text };
  const name = field ?? DEFAULT_FIELD;
  if (isTimeField(name)) return timeMatch(name, { raw: text, position }, now);
  return { kind: name === 'level' ? 'match' : 'phrase', field: name, text };
}

/** A range or a comparison. @throws QueryMistake */
export function rangeFilter(
  field: string,
  bounds: Partial<Readonly<Record<keyof FilterRange, Piece>>>,
  now: () => number,
): Filter {
  if (isTimeField(field)) return { kind: 'range', field, ...rangeOfTimes(bounds, now) };
  const texts = Object.entries(bounds).map(([key, piece]) => [key, piece.raw] as const);
  return { kind: 'range', field, ...Object.fromEntries(texts) };
}

function exists(field: string, hasWildcard: boolean, position: number): Filter {
  if (hasWildcard) throw fieldWildcard(position);
  return { kind: 'exists', field };
}

/** That a field is named by a wildcard. */
export function fieldWildcard(position: number): QueryMistake {
  return new QueryMistake('a field name has a wildcard', position, 'Name one field, such as user_id:u1.');
}

/** Constructs of Lucene's that are not there, told by what to write in their place. */
function refuseUnsupported({ raw, position }: Piece): void {
  const masked = maskEscapes(raw);
  if (raw.length > 1 && masked.startsWith('/') && masked.endsWith('/'))
    throw new QueryMistake(
      'regular expressions are not supported',
      position,
      `Use the wildcards * and ?, or quote the text where the slashes belong to it: "${raw}".`,
    );
  const suffix = /~\d*\.?\d*$/.exec(masked) ?? /\^\d+\.?\d*$/.exec(masked);
  if (suffix) throw unsupportedSuffix(suffix[0], position + suffix.index);
}

/** `~` (fuzzy and nearness) and `^` (boost). */
export function unsupportedSuffix(suffix: string, position: number): QueryMistake {
  return suffix.startsWith('~')
    ? new QueryMistake(
        'fuzzy search and nearness (~) are not supported',
        position,
        'Use the wildcards * and ?, or several words; write \\~ for the sign.',
      )
    : new QueryMistake(
        'boosts (^) are not supported',
        position,
        'Leave it out: answers are in order of time. Write \\^ for the sign.',
      );
}
