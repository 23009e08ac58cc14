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
 * A row of RFC 4180. An absent value is an empty cell, an object or list its JSON text. A safe row has a `'` before texts
 * that a spreadsheet would run; numbers are none, their minus starts no formula.
 */
export function csvRow(values: readonly unknown[], rules: CsvRules): string {
  return values.map((value) => cell(value, rules)).join(',') + ROW_END;
}

function cell(value: unknown, { safe }: CsvRules): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const shown = safe && FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
