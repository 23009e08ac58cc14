import { parseEventId, severityNumber, type FieldDeclaration } from '#event-model';
import type { Document } from 'mongodb';
import type { Filter, FilterValue, StreamSpec } from '#plugin-kit';
import { USER_FIELD } from '../documents/event-document.js';
import { termOf, type Term } from './term.js';

/** What of a filter the server can be asked. */
export interface Condition {
  /** Every event that fits the filter fits it. */
  readonly match: Document;
  /** Whether the other way round is true too. */
  readonly isExact: boolean;
}

const EVERYTHING: Condition = { match: {}, isExact: true };
const NOTHING: Condition = { match: { _id: { $in: [] } }, isExact: true };
/** Which may or may not fit: each event is to be looked at. */
const UNKNOWN: Condition = { match: {}, isExact: false };

const KEPT: readonly string[] = ['source', 'event_type', 'id'];
const TEXTS: readonly FieldDeclaration['type'][] = ['keyword', 'string'];

/** The part of a filter that indexes may answer. Values stand behind `$in` or `$eq`, where none is taken for an operator. */
export function conditionOf(filter: Filter, stream: StreamSpec): Condition {
  switch (filter.kind) {
    case 'all':
      return all(filter.of.map((each) => conditionOf(each, stream)));
    case 'any':
      return any(filter.of.map((each) => conditionOf(each, stream)));
    case 'not': {
      const { match, isExact } = conditionOf(filter.of, stream);
      return isExact ? { match: { $nor: [match] }, isExact } : UNKNOWN;
    }
    case 'level':
      return level(filter.words);
    case 'equals':
      return equals(filter.field, filter.values, stream);
    case 'match':
      return filter.field === 'level' ? level([filter.text]) : equals(filter.field, [filter.text], stream);
    case 'phrase':
      return equals(filter.field, [filter.text], stream);
    case 'exists':
      return exists(filter.field, stream);
    default:
      return UNKNOWN;
  }
}

function all(parts: readonly Condition[]): Condition {
  const matches = parts.map(({ match }) => match).filter((match) => Object.keys(match).length > 0);
  return {
    match: matches.length === 0 ? {} : { $and: matches },
    isExact: parts.every(({ isExact }) => isExact),
  };
}

function any(parts: readonly Condition[]): Condition {
  if (parts.length === 0) return NOTHING;
  const isExact = parts.every((part) => part.isExact);
  if (parts.some(({ match }) => Object.keys(match).length === 0)) return isExact ? EVERYTHING : UNKNOWN;
  return { match: { $or: parts.map(({ match }) => match) }, isExact };
}

function level(words: readonly string[]): Condition {
  const numbers = words.map(severityNumber);
  return numbers.every((number) => number > 0)
    ? { match: { severity_number: { $in: numbers } }, isExact: true }
    : UNKNOWN;
}

function equals(name: string, values: readonly FilterValue[], stream: StreamSpec): Condition {
  const texts = values.map(String);
  if (name === 'event_id') return { match: { _id: { $in: texts.filter(parseEventId) } }, isExact: true };
  const key = keptText(termOf(name, stream));
  return key === undefined ? UNKNOWN : { match: { [key]: { $in: texts } }, isExact: true };
}

function exists(name: string, stream: StreamSpec): Condition {
  const { field } = termOf(name, stream);
  if (!field || field.since !== undefined || field.type.startsWith('hex')) return UNKNOWN;
  return { match: { [field.name]: { $exists: true } }, isExact: true };
}

/**
 * The key under which documents have the text that a field's values are compared by. None of a field that a later version of the
 * type added: documents of before have it among the attributes of their line.
 */
export function keptText({ name, kind, field }: Term): string | undefined {
  if (KEPT.includes(name)) return name;
  if (kind === 'attribute') return name === USER_FIELD ? name : undefined;
  return field && field.since === undefined && TEXTS.includes(field.type) ? field.name : undefined;
}
