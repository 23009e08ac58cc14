const [ZERO, NINE, SPACE] = [0x30, 0x39, 0x20];
/** Digits of a count that is believed; more claim a message that nobody sends (CVE-2022-24903). */
const MAX_COUNT_DIGITS = 7;
/** Digits that are looked at: a line of more begins with a number. */
const MAX_DIGITS = 20;
/** What may stand behind a count: a priority, JSON, a byte order mark, CEF or LEEF without a syslog header. */
const MESSAGE_STARTS = ['<', '{', '\u00ef\u00bb\u00bf', 'CEF:', 'LEEF:'].map((text) =>
  Buffer.from(text, 'latin1'),
);

/** How the message that begins here is framed (RFC 6587). */
export type FrameStart =
  /** Octet counting, 3.4.1: `bytes` from index `from` on. */
  | { readonly kind: 'counted'; readonly from: number; readonly bytes: number }
  /** Non-transparent framing, 3.4.2: up to an LF or a NUL. */
  | { readonly kind: 'line' }
  /** More bytes are needed to tell. */
  | { readonly kind: 'open' }
  /** A count that no message has. */
  | { readonly kind: 'broken' };

const LINE: FrameStart = { kind: 'line' };
const OPEN: FrameStart = { kind: 'open' };
const BROKEN: FrameStart = { kind: 'broken' };

/**
 * Tells by its first bytes how a message is framed. A count is digits without a leading zero, a space, and then what
 * begins a message: a line that happens to begin with a number (`12 files changed`) isn't taken for one.
 */
export function findFrameStart(bytes: Uint8Array, at: number): FrameStart {
  const first = bytes[at];
  if (first === undefined) return OPEN;
  if (first <= ZERO || first > NINE) return LINE;
  let end = at;
  while (end - at <= MAX_DIGITS && isDigit(bytes[end])) end += 1;
  const digits = end - at;
  if (digits > MAX_DIGITS) return LINE;
  if (end === bytes.length) return OPEN;
  if (bytes[end] !== SPACE) return LINE;
  const begins = beginsMessage(bytes, end + 1);
  if (begins === undefined) return OPEN;
  if (!begins) return LINE;
  if (digits > MAX_COUNT_DIGITS) return BROKEN;
  return { kind: 'counted', from: end + 1, bytes: numberOf(bytes, at, end) };
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function numberOf(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + (bytes[at] ?? ZERO) - ZERO;
  return value;
}

/** Undefined where more bytes are needed to tell. */
function beginsMessage(bytes: Uint8Array, at: number): boolean | undefined {
  let open = false;
  for (const start of MESSAGE_STARTS) {
    let same = 0;
    while (same < start.length && bytes[at + same] === start[same]) same += 1;
    if (same === start.length) return true;
    open ||= at + same >= bytes.length;
  }
  return open ? undefined : false;
}
