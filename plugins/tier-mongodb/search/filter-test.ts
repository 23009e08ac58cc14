import { parseTime, severityNumber } from '#event-model';
import type { Filter, FilterValue, StreamSpec } from '#plugin-kit';
import { isNumber, numberOf, orderOf, range } from './range-test.js';
import { termOf, type Term } from './term.js';
import { contains, phrase, phrases, wildcard, words, type Test } from './text-tests.js';

type FieldFilter = Exclude<Filter, { kind: 'all' | 'any' | 'not' | 'level' }>;

/** The whole meaning of a filter, for events that were read: what the server can't ask by itself is asked here. */
export function filterTest(filter: Filter, stream: StreamSpec): Test {
  switch (filter.kind) {
    case 'all': {
      const tests = filter.of.map((each) => filterTest(each, stream));
      return (view) => tests.every((test) => test(view));
    }
    case 'any': {
      const tests = filter.of.map((each) => filterTest(each, stream));
      return (view) => tests.some((test) => test(view));
    }
    case 'not': {
      const test = filterTest(filter.of, stream);
      return (view) => !test(view);
    }
    case 'level':
      return level(filter.words);
    default:
      return fieldTest(filter, termOf(filter.field ?? 'message', stream));
  }
}

function fieldTest(filter: FieldFilter, term: Term): Test {
  switch (filter.kind) {
    case 'equals':
      return equals(term, filter.values);
    case 'match':
      if (term.kind === 'text') return phrases(term, filter.text);
      return term.name === 'level' ? level([filter.text]) : equals(term, [filter.text]);
    case 'words':
      return words(term, filter.words);
    case 'phrase':
      return term.kind === 'text' ? phrase(term, filter.text) : equals(term, [filter.text]);
    case 'contains':
      return contains(term, filter.text);
    case 'wildcard':
      return wildcard(term, filter.pattern);
    case 'range':
      return range(term, filter);
    case 'exists':
      return (view) => term.text(view) !== undefined;
  }
}

/** Known words fit every spelling of the same severity; an unknown one fits itself, letter case ignored. */
function level(wanted: readonly string[]): Test {
  const numbers = new Set(wanted.map(severityNumber).filter((number) => number > 0));
  const others = new Set(
    wanted.filter((word) => severityNumber(word) === 0).map((word) => word.toLowerCase()),
  );
  return ({ event }) =>
    numbers.has(event.severity_number) || others.has(String(event.fields.get('level') ?? '').toLowerCase());
}

function equals(term: Term, values: readonly FilterValue[]): Test {
  const texts = values.map(String);
  if (term.kind === 'number') return equalsAny(term, texts.filter(isNumber).map(numberOf));
  if (term.kind === 'time')
    return equalsAny(
      term,
      texts.flatMap((text) => parseTime(text) ?? []),
    );
  const wanted = new Set(texts);
  return (view) => {
    const text = term.text(view);
    return text !== undefined && wanted.has(text);
  };
}

/** A number and a bigint of one value are equal here. */
function equalsAny({ value }: Term, wanted: readonly (number | bigint)[]): Test {
  return (view) => {
    const found = value?.(view);
    return found !== undefined && wanted.some((each) => orderOf(found, each) === 0);
  };
}
