import type { ParseContext } from '../kinds/parser.js';
import { createDeviceTimeScanner, readDeviceTime, type DeviceTimeScanner } from '../scanners/device-time.js';
import { losslessNumber } from '../scanners/lossless-number.js';
import { readPatternedTime } from '../scanners/time-pattern.js';

/** What the text of a group may be read as. */
export const CAPTURE_TYPES = ['text', 'int', 'float', 'bool', 'number', 'time'] as const;

export type CaptureType = (typeof CAPTURE_TYPES)[number];

/** What a captured text is, as an event holds it. */
export interface CapturedValue {
  readonly value: string | number | boolean;
  /** What was assumed, one sentence each. */
  readonly warnings?: readonly string[];
}

/** Reads the text of a group; undefined where it is none of the type. */
export type ReadCaptured = (text: string, times: TimeReader) => CapturedValue | undefined;

/** Reads times for the lines of one call. */
export interface TimeReader {
  readonly context: ParseContext;
  readonly scan: DeviceTimeScanner;
}

/** @param zone of times without one, in place of the context's */
export function timeReaderOf(context: ParseContext, zone: string | undefined): TimeReader {
  const own = zone === undefined ? context : { ...context, zone };
  return { context: own, scan: createDeviceTimeScanner(own) };
}

const INT = /^[+-]?\d{1,30}$/;
const FLOAT = /^[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,3})?$/;
/** `10/Oct/2000:13:55:36 -0700`, as web servers write it. */
const ACCESS_LOG_TIME = 'dd/MMM/yyyy:HH:mm:ss Z';
const TRUE = new Set(['true', 'yes', 'on', '1', 't', 'y']);
const FALSE = new Set(['false', 'no', 'off', '0', 'f', 'n']);

const READERS: Readonly<Record<Exclude<CaptureType, 'time'>, ReadCaptured>> = {
  text: (text) => ({ value: text }),
  // As an event in JSON would have it: digits beyond 2^53 stay text, which a column of integers takes all the same.
  int: (text) => {
    if (!INT.test(text)) return undefined;
    const value = Number(text);
    return { value: Number.isSafeInteger(value) ? value + 0 : text.replace(/^\+/, '') };
  },
  float: (text) => {
    const value = FLOAT.test(text) ? Number(text) : Number.NaN;
    return Number.isFinite(value) ? { value: value + 0 } : undefined;
  },
  number: (text) => ({ value: losslessNumber(text) ?? text }),
  bool: (text) => {
    const word = text.toLowerCase();
    if (TRUE.has(word)) return { value: true };
    return FALSE.has(word) ? { value: false } : undefined;
  },
};

/**
 * What reads a group of this type.
 *
 * @param format of a time, as the letters of Java's SimpleDateFormat; without one its form is told by its looks
 */
export function captureReader(type: CaptureType, format?: string): ReadCaptured {
  if (type !== 'time') return READERS[type];
  return (text, { context, scan }) => {
    const time =
      format === undefined
        ? (readDeviceTime(text, scan) ?? readPatternedTime(text, ACCESS_LOG_TIME, context))
        : readPatternedTime(text, format, context);
    return time && { value: time.timestamp, warnings: time.warnings };
  };
}
