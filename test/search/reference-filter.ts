import type { Filter } from '#plugin-kit';

/** An event as sent, all of its fields texts. */
export type TextEvent = Readonly<Record<string, string>>;

const SEPARATORS = /[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+/;

const tokensOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(SEPARATORS)
    .filter((token) => token !== '');

/** Whether an event fits a filter, told without an engine; for the kinds that text has. */
export function fits(filter: Filter, event: TextEvent): boolean {
  switch (filter.kind) {
    case 'all':
      return filter.of.every((part) => fits(part, event));
    case 'any':
      return filter.of.some((part) => fits(part, event));
    case 'not':
      return !fits(filter.of, event);
    case 'equals':
      return filter.values.some((value) => valueOf(event, filter.field) === String(value));
    case 'words':
      return filter.words.every((word) => hasWord(valueOf(event, filter.field ?? 'message') ?? '', word));
    case 'match':
    case 'phrase':
      return fitsText(filter, valueOf(event, filter.field));
    case 'contains':
      return has(valueOf(event, filter.field), filter.text);
    default:
      throw new Error(`The reference does not know ${filter.kind}`);
  }
}

function fitsText(
  { kind, field, text }: Extract<Filter, { text: string }>,
  value: string | undefined,
): boolean {
  if (field !== 'message') return value === text;
  const parts = kind === 'match' ? text.split(/\s+/).filter((part) => part !== '') : [text];
  return parts.every((part) => hasWords(value ?? '', part) && has(value, part));
}

function hasWord(value: string, word: string): boolean {
  return tokensOf(word).length === 0 ? has(value, word) : hasWords(value, word);
}

function hasWords(value: string, text: string): boolean {
  const there = new Set(tokensOf(value));
  return tokensOf(text).every((token) => there.has(token));
}

function has(value: string | undefined, piece: string): boolean {
  return value !== undefined && value.toLowerCase().includes(piece.toLowerCase());
}

function valueOf(event: TextEvent, field: string): string | undefined {
  return Object.hasOwn(event, field) ? event[field] : undefined;
}
