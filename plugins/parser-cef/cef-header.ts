import { scanBarHeader, type BarHeader } from '#plugin-kit';

/** The fields of a CEF header behind the version, in order. */
export const HEADER_FIELDS = [
  'cef.device_vendor',
  'cef.device_product',
  'cef.device_version',
  'cef.device_event_class_id',
  'cef.name',
  'cef.severity',
] as const;

/** A severity that ends the line without a bar. */
const SHORT = 20;

/** Finds and reads the header as far as it goes; undefined where `CEF:`, a version and a bar aren't there. */
export function scanCefHeader(text: string): BarHeader | undefined {
  return scanBarHeader(text, 'CEF', HEADER_FIELDS.length);
}

/** Reads the severity that ends a line whose last bar is missing; the header as it is where none does. */
export function withLastSeverity(text: string, header: BarHeader): BarHeader {
  const { fields, end } = header;
  if (fields.length !== HEADER_FIELDS.length - 1) return header;
  const rest = text.slice(end, end + SHORT + 1).trim();
  const isSeverity = rest !== '' && rest.length <= SHORT && !rest.includes('=');
  return isSeverity ? { ...header, fields: [...fields, rest], end: text.length } : header;
}
