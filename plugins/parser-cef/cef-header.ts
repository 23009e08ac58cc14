/** The fields of a CEF header behind the version, in order. */
export const HEADER_FIELDS = [
  'cef.device_vendor',
  'cef.device_product',
  'cef.device_version',
  'cef.device_event_class_id',
  'cef.name',
  'cef.severity',
] as const;

/** A header as far as it goes. */
export interface CefHeader {
  /** Index at which `CEF:` stands; before it may stand a syslog header. */
  readonly begin: number;
  /** As written: `0`, `1`, `26`. */
  readonly version: string;
  /** Values of {@link HEADER_FIELDS}, escapes undone; fewer where the line was cut. */
  readonly fields: readonly string[];
  /** Index after the header's last bar. */
  readonly end: number;
}

/** A syslog header is no longer. */
const LONGEST_PREFIX = 4_096;
const HEAD = /(?<![A-Za-z0-9_])CEF: ?(\d{1,4}(?:\.\d{1,4})?) ?\|/;
const ESCAPE = /\\([\\|])/g;
/** A severity that ends the line without a bar. */
const SHORT = 20;

/** Finds and reads the header; undefined where `CEF:`, a version and a bar aren't there. */
export function scanCefHeader(text: string): CefHeader | undefined {
  const head = HEAD.exec(text.length > LONGEST_PREFIX ? text.slice(0, LONGEST_PREFIX) : text);
  if (!head) return undefined;
  const fields: string[] = [];
  let end = head.index + head[0].length;
  while (fields.length < HEADER_FIELDS.length) {
    const bar = nextBar(text, end);
    if (bar < 0) break;
    fields.push(unescapeHeader(text.slice(end, bar)));
    end = bar + 1;
  }
  return { begin: head.index, version: head[1] ?? '', fields, end };
}

/** Reads the severity that ends a line whose last bar is missing; the header as it is where none does. */
export function withLastSeverity(text: string, header: CefHeader): CefHeader {
  const { fields, end } = header;
  if (fields.length !== HEADER_FIELDS.length - 1) return header;
  const rest = text.slice(end, end + SHORT + 1).trim();
  const isSeverity = rest !== '' && rest.length <= SHORT && !rest.includes('=');
  return isSeverity ? { ...header, fields: [...fields, rest], end: text.length } : header;
}

/** The next bar with an even number of backslashes before it. */
function nextBar(text: string, from: number): number {
  let bar = text.indexOf('|', from);
  while (bar >= 0 && isEscaped(text, bar)) bar = text.indexOf('|', bar + 1);
  return bar;
}

/** Whether an odd number of backslashes stands before `at`. */
export function isEscaped(text: string, at: number): boolean {
  let begin = at;
  while (text.charCodeAt(begin - 1) === BACKSLASH) begin -= 1;
  return (at - begin) % 2 === 1;
}

const BACKSLASH = 0x5c;

function unescapeHeader(field: string): string {
  return field.includes('\\') ? field.replace(ESCAPE, '$1') : field;
}
