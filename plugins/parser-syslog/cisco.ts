import type { LineTime, LineTimeScanner } from './line-time.js';
import { skipSpaces } from './names.js';

/** What Cisco's devices put before host and tag. */
export interface CiscoHeader {
  /** Count of messages (`logging message-counter`), which stands before a `service sequence-number`. */
  readonly counter: number | undefined;
  readonly sequence: number | undefined;
  /** `logging origin-id`. */
  readonly host: string | undefined;
  readonly time: LineTime | undefined;
  /** What could not be read, one sentence each. */
  readonly unread: readonly string[];
  /** Index after it. */
  readonly end: number;
}

const COUNTER = /(\d{1,10}):(?=[ *.%]) */y;
const ORIGIN = /([^\s<>"'()[\]{}=,;%*]{1,255}): *(?=[*.]?(?:[A-Z][a-z]{2} |(?:19|20)\d\d |%[A-Z]|\d))/y;
/** IOS XR: `router RP/0/RSP0/CPU0:Mar  1 …`. */
const NODE = /(?:([^\s:]{1,255}) )?\w{1,16}\/\d{1,4}\/\w{1,16}\/CPU\d{1,3}:/y;
/** Time since the device started, `00:00:46` or `1w2d`, where it has no clock. */
const UPTIME = /(?:\d{1,4}:\d\d:\d\d|(?:\d{1,4}[ywdhms]){1,6}): */y;
/** A zone's name that says nothing, behind the time: `NewYork: %SYS-…`. */
const ZONE_NAME = / *[A-Za-z]{2,15}: *(?=%)/y;
const CODE = /%([A-Za-z][A-Za-z0-9_-]{0,60})-([0-7])-(\w{1,60})(?=:| :|$)/y;
const COLON = 0x3a;

/**
 * Reads `[counter:] [sequence:] [origin:] [*.]time[ zone]:` of IOS, IOS XE, IOS XR and NX-OS at `at`; undefined where
 * there is neither a time nor a code, `%SYS-5-CONFIG_I`, behind what looks like it. `*` says that the clock isn't set, `.`
 * that it isn't in step; the time is taken.
 */
export function scanCiscoHeader(
  text: string,
  at: number,
  scanTime: LineTimeScanner,
): CiscoHeader | undefined {
  const begin = skipColon(text, at);
  const [counter, first] = scanCounter(text, begin);
  const [sequence, second] = scanCounter(text, first);
  const hasUptime = matchAt(UPTIME, text, second) !== null;
  const origin = hasUptime ? null : (matchAt(NODE, text, second) ?? matchAt(ORIGIN, text, second));
  const from = second + (origin?.[0].length ?? 0);
  const mark = text[from] === '*' || text[from] === '.' ? 1 : 0;
  const time = scanTime(text, from + mark);
  const behind = time ? readBehind(text, time, mark + from - at) : readUptime(text, from + mark);
  const isCisco = (time !== undefined && from + mark > at) || isCode(text, behind.end);
  return isCisco ? { counter, sequence, host: origin?.[1], time, ...behind } : undefined;
}

function scanCounter(text: string, at: number): readonly [value: number | undefined, end: number] {
  const match = matchAt(COUNTER, text, at);
  return match ? [Number(match[1]), at + match[0].length] : [undefined, at];
}

interface Behind {
  readonly unread: readonly string[];
  readonly end: number;
}

/** Without anything before the time, a name behind it is the host's. */
function readBehind(text: string, { end }: LineTime, before: number): Behind {
  const zone = before > 0 ? matchAt(ZONE_NAME, text, end)?.[0] : undefined;
  if (zone === undefined) return { unread: [], end: skipColon(text, skipSpaces(text, end)) };
  return { unread: [`The zone "${zone.trim().slice(0, -1)}" is not known.`], end: end + zone.length };
}

/** IOS XR has spaces before the colon. */
function skipColon(text: string, at: number): number {
  return text.charCodeAt(at) === COLON ? skipSpaces(text, at + 1) : at;
}

function readUptime(text: string, at: number): Behind {
  const uptime = matchAt(UPTIME, text, at)?.[0];
  if (uptime === undefined) return { unread: [], end: at };
  return {
    unread: ['It has the time since the device started, and no time of day.'],
    end: at + uptime.length,
  };
}

/** The parts of a Cisco code, as attributes; of a text that doesn't begin with one, none. */
export function ciscoAttributes(text: string): Readonly<Record<string, unknown>> | undefined {
  const match = matchAt(CODE, text, 0);
  if (!match) return undefined;
  return { 'cisco.facility': match[1], 'cisco.severity': Number(match[2]), 'cisco.mnemonic': match[3] };
}

/** Whether a Cisco code stands at `at`. */
export function isCode(text: string, at: number): boolean {
  return matchAt(CODE, text, at) !== null;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
