import { TIMESTAMP_KEYS } from '#event-model';
import { readDeviceTime, type DeviceTimeScanner } from '#plugin-kit';
import { otherName, type LogfmtEvent } from './logfmt-event.js';

/**
 * Writes the event's time as events have it: the first of its keys that can be read. One that can't (`time=12ms`) goes
 * under another name, so that the line isn't refused for it. Answers what was assumed, one sentence each.
 */
export function settleTime(event: LogfmtEvent, scan: DeviceTimeScanner): readonly string[] {
  for (const key of TIMESTAMP_KEYS) {
    const text = event[key];
    if (typeof text !== 'string') continue;
    const time = readDeviceTime(text, scan);
    if (time) {
      event[key] = time.timestamp;
      return time.warnings;
    }
    event[otherName(key)] = text;
    delete event[key];
  }
  return [];
}
