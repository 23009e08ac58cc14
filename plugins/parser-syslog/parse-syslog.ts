import {
  createBsdTimeWriter,
  isSyslogVersion,
  scanPriority,
  type ParseContext,
  type ParsedLine,
} from '#plugin-kit';
import { parseRfc3164 } from './rfc3164.js';
import { parseRfc5424 } from './rfc5424.js';
import { refused } from './syslog-event.js';

/** Reads lines of both RFCs, told apart by the version behind the priority. */
export function parseSyslog(
  lines: readonly Uint8Array[],
  { receivedAt }: ParseContext,
): readonly ParsedLine[] {
  const writeTime = createBsdTimeWriter(receivedAt);
  return lines.map((line) => {
    const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
    const priority = scanPriority(text);
    if (!priority && text.startsWith('<'))
      return refused('bad_priority', 'The priority is no <0> to <191>, without leading zeros.');
    return priority && isSyslogVersion(text, priority.end)
      ? parseRfc5424(text, priority)
      : parseRfc3164(text, priority, writeTime);
  });
}
