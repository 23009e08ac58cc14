import { isSyslogVersion, scanPriority, type ParseContext, type ParsedLine } from '#plugin-kit';
import { createLineTimeScanner } from './line-time.js';
import { parseRfc3164, type LineReading } from './rfc3164.js';
import { isHeadless5424, parseBare5424, parseRfc5424 } from './rfc5424.js';
import { refused } from './syslog-event.js';

/** Reads lines of both RFCs, told apart by the version behind the priority. */
export function parseSyslog(lines: readonly Uint8Array[], context: ParseContext): readonly ParsedLine[] {
  const reading = { context, scanTime: createLineTimeScanner(context) };
  return lines.map((line) =>
    parseText(Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8'), reading),
  );
}

function parseText(text: string, reading: LineReading): ParsedLine {
  const priority = scanPriority(text);
  if (priority && isSyslogVersion(text, priority.end)) return parseRfc5424(text, priority);
  if (!priority && text.startsWith('<'))
    return refused('bad_priority', 'The priority is no <0> to <191>, without leading zeros.');
  const headless = priority ? undefined : isHeadless5424(text);
  if (headless === 'versioned') return parseRfc5424(text, undefined);
  return (headless && parseBare5424(text)) ?? parseRfc3164(text, priority, reading);
}
