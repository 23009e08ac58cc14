import {
  createDeviceTimeScanner,
  neverMine,
  readJoinedLine,
  readLineText,
  type ParsedLine,
  type Parser,
} from '#plugin-kit';
import { makeGrouping, TRACE_LANGUAGES } from '#plugin-kit/patterns';
import { findException } from './find-exception.js';
import type { MultilineOptions } from './options.js';
import { readHead, type ReadTime } from './read-head.js';

/**
 * Makes a parser that takes every line, and every group of lines, as an event: the text as its `message`, with the time and
 * the level that it begins with, and what is thrown in it.
 *
 * @throws OptionMistakesError
 */
export function configureMultiline({ zone, ...options }: MultilineOptions): Parser {
  const isPlain = options.starts === undefined && options.continues === undefined;
  const traces = options.traces ?? (isPlain ? [...TRACE_LANGUAGES] : []);
  return {
    parse: (lines, context) => {
      const scanTime = createDeviceTimeScanner(zone === undefined ? context : { ...context, zone });
      return lines.map((line) => eventOf(readJoinedLine(readLineText(line).text), scanTime));
    },
    // It takes anything, so that `auto` would never ask another.
    sniff: neverMine,
    grouping: makeGrouping({ ...options, traces }, []),
  };
}

function eventOf(text: string, scanTime: ReadTime): ParsedLine {
  const { warnings, ...head } = readHead(text, scanTime);
  const event = { ...head, message: text, ...findException(text) };
  return { kind: 'event', event, ...(warnings.length > 0 && { warnings }) };
}
