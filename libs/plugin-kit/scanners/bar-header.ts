/** A format that puts its name, a version and fields between bars, and may stand behind a syslog header: CEF and LEEF. */
export interface BarHeader {
  /** Index at which the format's name stands. */
  readonly begin: number;
  /** As written: `0`, `1.0`. */
  readonly version: string;
  /** The fields behind the version, each ended by a bar, escapes undone; fewer where the line was cut. */
  readonly fields: readonly string[];
  /** Index after the last bar. */
  readonly end: number;
}

/** A syslog header is no longer. */
const LONGEST_PREFIX = 4_096;
const BACKSLASH = 0x5c;
const ESCAPE = /\\([\\|])/g;
const NAMED = {
  CEF: /(?<![A-Za-z0-9_])CEF: ?(\d{1,4}(?:\.\d{1,4})?) ?\|/,
  LEEF: /(?<![A-Za-z0-9_])LEEF: ?(\d{1,4}(?:\.\d{1,4})?) ?\|/,
} as const;

/** The formats with such a header. */
export type BarFormat = keyof typeof NAMED;

/**
 * Finds `CEF:0|` or `LEEF:1.0|`, at the beginning or behind a syslog header, and reads as many fields as are wanted. In a
 * field `\|` is a bar and `\\` a backslash. Undefined where name, version and bar aren't there.
 */
export function scanBarHeader(text: string, format: BarFormat, wanted: number): BarHeader | undefined {
  const head = plainHead(text, format) ?? findHead(text, format);
  if (!head) return undefined;
  const fields: string[] = [];
  let { end } = head;
  while (fields.length < wanted) {
    const bar = nextBar(text, end);
    if (bar < 0) break;
    fields.push(unescapeField(text.slice(end, bar)));
    end = bar + 1;
  }
  return { begin: head.begin, version: head.version, fields, end };
}

/** Name, version and bar. */
type Head = Pick<BarHeader, 'begin' | 'version' | 'end'>;

const PLAIN_VERSIONS: Readonly<Record<BarFormat, string>> = { CEF: '0', LEEF: '1.0' };

/** What most lines begin with. */
function plainHead(text: string, format: BarFormat): Head | undefined {
  const version = PLAIN_VERSIONS[format];
  const end = format.length + version.length + 2;
  return text.startsWith(`${format}:${version}|`) ? { begin: 0, version, end } : undefined;
}

function findHead(text: string, format: BarFormat): Head | undefined {
  const head = NAMED[format].exec(text.length > LONGEST_PREFIX ? text.slice(0, LONGEST_PREFIX) : text);
  return head ? { begin: head.index, version: head[1] ?? '', end: head.index + head[0].length } : undefined;
}

/** The next bar that is not escaped; -1 where there is none. */
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

function unescapeField(field: string): string {
  return field.includes('\\') ? field.replace(ESCAPE, '$1') : field;
}

/** Behind a syslog header with long names; structured data may be longer, and is rare before these formats. */
const LOOKED_AT = 512;
/** A line of JSON or of quoted fields may hold such a text; it is another parser's. */
const OTHERS: ReadonlySet<number> = new Set([0x7b, 0x5b, 0x22]);
/** Sure, and a little less so behind a header. */
const [BARE, BEHIND_HEADER] = [1, 0.98];
/** `LEEF: 2.0 |` with long numbers. */
const LONGEST_HEAD = 18;

/** How sure one may be, from 0 to 1, by the beginning of a line that it is of the format, bare or behind a syslog header. */
export function sniffBarHeader(line: Uint8Array, format: BarFormat): number {
  const bytes = Buffer.from(line.buffer, line.byteOffset, Math.min(line.byteLength, LOOKED_AT));
  const at = bytes.indexOf(`${format}:`, 0, 'latin1');
  if (at < 0 || (at > 0 && OTHERS.has(bytes[0] ?? 0))) return 0;
  const from = Math.max(0, at - 1);
  const found = NAMED[format].exec(bytes.toString('latin1', from, at + LONGEST_HEAD));
  if (found?.index !== at - from) return 0;
  return at === 0 ? BARE : BEHIND_HEADER;
}
