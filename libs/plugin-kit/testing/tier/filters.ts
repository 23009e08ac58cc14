import type { Filter, FilterRange, FilterValue } from '#plugin-kit';

export const equals = (field: string, ...values: FilterValue[]): Filter => ({
  kind: 'equals',
  field,
  values,
});
export const match = (field: string, text: string): Filter => ({ kind: 'match', field, text });
export const phrase = (field: string, text: string): Filter => ({ kind: 'phrase', field, text });
export const contains = (field: string, text: string): Filter => ({ kind: 'contains', field, text });
export const wildcard = (field: string, pattern: string): Filter => ({ kind: 'wildcard', field, pattern });
export const range = (field: string, bounds: FilterRange): Filter => ({ kind: 'range', field, ...bounds });
export const exists = (field: string): Filter => ({ kind: 'exists', field });
export const words = (...list: string[]): Filter => ({ kind: 'words', words: list });
export const levels = (...list: string[]): Filter => ({ kind: 'level', words: list });
