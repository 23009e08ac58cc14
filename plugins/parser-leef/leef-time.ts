import { readDeviceTime, readPatternedTime, type DeviceTimeScanner, type ParseContext } from '#plugin-kit';
import { valueOf, type LeefParts } from './leef-event.js';

/** The time of an event, and what was assumed about it. */
export interface LeefTime {
  readonly timestamp: string | undefined;
  readonly warnings: readonly string[];
}

const SHOWN = 60;

/** The device's own time: `devTime`, read by `devTimeFormat` where there is one that fits, else by its looks. */
export function readLeefTime(
  pairs: LeefParts['pairs'],
  scan: DeviceTimeScanner,
  context: ParseContext,
): LeefTime {
  const text = valueOf(pairs, 'devTime');
  if (text === undefined) return { timestamp: undefined, warnings: [] };
  const pattern = valueOf(pairs, 'devTimeFormat');
  const time =
    (pattern === undefined ? undefined : readPatternedTime(text, pattern, context)) ??
    readDeviceTime(text, scan);
  if (time) return time;
  return { timestamp: undefined, warnings: [`devTime is no time that can be read: ${text.slice(0, SHOWN)}`] };
}
