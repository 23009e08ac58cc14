import { severityNumber } from '#event-model';
import type { EventSelection, Filter, StreamSpec } from '#plugin-kit';
import type { BoundValues } from './bound-values.js';
import { renderEquals } from './equals-sql.js';
import { fieldTerm, type FieldTerm } from './field-term.js';
import { momentOf, renderRange } from './range-sql.js';
import { renderContains, renderPhrase, renderPhrases, renderWildcard, renderWords } from './text-sql.js';

type FieldFilter = Exclude<Filter, { kind: 'all' | 'any' | 'not' | 'level' }>;

/**
 * The one condition of a selection on the table of one stream: its time range and its filter. Every statement that
 * answers a question about events takes it from here. Never NULL in effect: a row is in or out.
 */
export function renderWhere(
  selection: Pick<EventSelection, 'from' | 'to' | 'filter'>,
  stream: StreamSpec,
  values: BoundValues,
): string {
  const start = `timestamp >= ${momentOf(selection.from, values)}`;
  const end = `timestamp < ${momentOf(selection.to, values)}`;
  return `${start} AND ${end} AND ${renderFilter(selection.filter, stream, values)}`;
}

/** The one place where a filter tree becomes a condition. Names come from the declaration, values are bound. */
export function renderFilter(filter: Filter, stream: StreamSpec, values: BoundValues): string {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return renderJoined(filter, stream, values);
    case 'not':
      // A comparison with an absent number is NULL, and so would be its negation.
      return `NOT ifNull(${renderFilter(filter.of, stream, values)}, 0)`;
    case 'level':
      return renderLevel(filter.words, values);
    default:
      return renderField(filter, fieldTerm(filter.field ?? 'message', stream, values), values);
  }
}

function renderJoined(
  { kind, of }: Extract<Filter, { kind: 'all' | 'any' }>,
  stream: StreamSpec,
  values: BoundValues,
): string {
  if (of.length === 0) return kind === 'all' ? '1' : '0';
  const parts = of.map((part) => renderFilter(part, stream, values));
  return `(${parts.join(kind === 'all' ? ' AND ' : ' OR ')})`;
}

/** Known words match every spelling of the same severity; an unknown one matches itself, letter case ignored. */
function renderLevel(words: readonly string[], values: BoundValues): string {
  const conditions = words.map((word) => {
    const number = severityNumber(word);
    if (number > 0) return `severity_number = ${values.bind('UInt8', number)}`;
    return `lowerUTF8(level) = lowerUTF8(${values.bind('String', word)})`;
  });
  return conditions.length === 0 ? '0' : `(${conditions.join(' OR ')})`;
}

function renderField(filter: FieldFilter, term: FieldTerm, values: BoundValues): string {
  switch (filter.kind) {
    case 'equals':
      return renderEquals(term, filter.values, values);
    case 'match':
      return renderMatch(term, filter.text, values);
    case 'words':
      return renderWords(term, filter.words, values);
    case 'phrase':
      return term.kind === 'text'
        ? renderPhrase(term, filter.text, values)
        : renderEquals(term, [filter.text], values);
    case 'contains':
      return renderContains(term, filter.text, values);
    case 'wildcard':
      return renderWildcard(term, filter.pattern, values);
    case 'range':
      return renderRange(term, filter, values);
    case 'exists':
      return term.present;
  }
}

function renderMatch(term: FieldTerm, text: string, values: BoundValues): string {
  if (term.kind === 'text') return renderPhrases(term, text, values);
  return term.name === 'level' ? renderLevel([text], values) : renderEquals(term, [text], values);
}
