import { textOfJson } from './json-members.js';

/** What ends a row (RFC 4180). */
const ROW_END = '\r\n';
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;
/** What a spreadsheet takes for the start of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

export interface CsvRules {
  /** Whether texts that look like formulas are marked as text. */
  readonly safe: boolean;
}

/**
 * A row of RFC 4180 of the JSON texts of values. An absent value is an empty cell, an object or list its JSON text. A safe row
 * has a `'` before texts that a spreadsheet would run; numbers are none, their minus starts no formula.
 */
export function csvRow(values: readonly (string | undefined)[], rules: CsvRules): string {
  return values.map((json) => cell(json, rules)).join(',') + ROW_END;
}

function cell(json: string | undefined, { safe }: CsvRules): string {
  if (json === undefined || json === 'null') return '';
  const text = textOfJson(json);
  const isText = json.startsWith('"');
  const shown = safe && isText && FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
