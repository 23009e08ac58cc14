import {
  createDeviceTimeScanner,
  scanKeyValues,
  type DeviceTimeScanner,
  type ParseContext,
  type ParsedLine,
} from '#plugin-kit';
import { addMember, addText, type LogfmtEvent } from './logfmt-event.js';
import { settleTime } from './logfmt-time.js';

/** With three bytes a character it stays below the 256 that storage takes. */
const KEY = /^[\p{L}_@][\p{L}\p{N}_.@/-]{0,79}$/u;

/** Reads lines of logfmt. */
export function parseLogfmt(lines: readonly Uint8Array[], context: ParseContext): readonly ParsedLine[] {
  const scanTime = createDeviceTimeScanner(context);
  return lines.map((line) => parseLine(line, scanTime));
}

/** A line without a member is none; of one with members the other words are text, unless they are few: then flags. */
function parseLine(line: Uint8Array, scanTime: DeviceTimeScanner): ParsedLine {
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
  const { pairs, isCut, end } = scanKeyValues(text);
  const keyed = pairs.filter(({ key }) => KEY.test(key));
  const members = keyed.filter(({ value }) => value !== undefined);
  if (members.length === 0)
    return { kind: 'refused', reason: 'not_logfmt', message: 'It has no member such as key=value.' };
  const taken = keyed.length - members.length <= members.length ? keyed : members;
  const event: LogfmtEvent = {};
  for (const member of taken) addMember(event, member);
  const isTaken = new Set(taken);
  const words = pairs.filter((pair) => !isTaken.has(pair)).map((pair) => text.slice(pair.begin, pair.end));
  const rest = [...words, text.slice(end)].join(' ').trim();
  if (rest !== '') addText(event, rest);
  const faults = faultsOf(rest !== '', isCut);
  const warnings = [...faults, ...settleTime(event, scanTime)];
  if (warnings.length === 0) return { kind: 'event', event };
  return { kind: 'event', event, warnings, ...(faults.length > 0 && { confidence: 'partial' }) };
}

function faultsOf(hasText: boolean, isCut: boolean): readonly string[] {
  const faults: string[] = [];
  if (hasText) faults.push('It has words that are neither members nor flags: they are text.');
  if (isCut) faults.push('The closing quote of the last value is missing.');
  return faults;
}
