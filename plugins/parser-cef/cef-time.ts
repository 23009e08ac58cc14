import {
  createDeviceTimeScanner,
  isZone,
  readDeviceTime,
  scanZone,
  type DeviceTimeScanner,
  type ParseContext,
} from '#plugin-kit';
import type { CefRoles } from './cef-keys.js';

/** The time of an event, and what was assumed about it. */
export interface CefTime {
  readonly timestamp: string | undefined;
  readonly warnings: readonly string[];
}

/** Which times say when it happened, the first that can be read first. */
const TIMES = ['rt', 'end', 'start'] as const;
/** Zones of one block that are remembered. */
const MOST_ZONES = 100;
const SHOWN = 60;
const NONE: readonly string[] = [];

/** Reads the times of a block's lines. */
export interface CefTimeReader {
  /** For syslog headers. */
  readonly scan: DeviceTimeScanner;
  /** The time in the extension; times without a zone are in the line's `dtz`. */
  read(roles: CefRoles): CefTime;
}

/** Makes what reads the times of a block's lines. */
export function createCefTimeReader(context: ParseContext): CefTimeReader {
  const scan = createDeviceTimeScanner(context);
  const zoned = new Map<string, DeviceTimeScanner>();
  const scannerOf = (zone: string | undefined): DeviceTimeScanner => {
    if (zone === undefined || zone === '') return scan;
    const known = zoned.get(zone);
    if (known) return known;
    const name = zoneOf(zone);
    const made = name === undefined ? scan : createDeviceTimeScanner({ ...context, zone: name });
    if (zoned.size < MOST_ZONES) zoned.set(zone, made);
    return made;
  };
  return { scan, read: (roles) => readTime(roles, scannerOf(roles.dtz)) };
}

/** `dtz` is an offset, an abbreviation or an IANA name; undefined where it can't be told. */
function zoneOf(text: string): string | undefined {
  const scanned = scanZone(text);
  if (scanned?.end === text.length && scanned.offset !== undefined)
    return scanned.offset === 'Z' ? 'UTC' : scanned.offset;
  return isZone(text) ? text : undefined;
}

function readTime(roles: CefRoles, scan: DeviceTimeScanner): CefTime {
  let unread = NONE;
  for (const role of TIMES) {
    const text = roles[role];
    if (text === undefined || text === '') continue;
    const time = readDeviceTime(text, scan);
    if (time) return unread === NONE ? time : { ...time, warnings: [...unread, ...time.warnings] };
    unread = [...unread, `${role} is no time that can be read: ${text.slice(0, SHOWN)}`];
  }
  return { timestamp: undefined, warnings: unread };
}
