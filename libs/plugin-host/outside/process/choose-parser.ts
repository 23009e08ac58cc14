import { configureParser, type ParserPlugin } from '#plugin-kit';
import type { ParserOrder } from '../../parsers/made-parser.js';
import { readFrame, writeFrame } from './channel.js';
import { decodeMessage, encodeMessage, toldError, type Call } from './messages.js';

/**
 * Makes the parser that this process is for, as the server says, and tells how that ended. Where it can't be made the server
 * may say another one.
 *
 * @returns undefined where the server has gone
 */
export function chooseParser(plugin: ParserPlugin): ParserPlugin | undefined {
  for (let frame = readFrame(); frame; frame = readFrame()) {
    try {
      const made = parserOf(plugin, decodeMessage<Call>(frame).said);
      writeFrame(encodeMessage({ done: null }));
      return made;
    } catch (error) {
      writeFrame(encodeMessage({ failed: toldError(error) }));
    }
  }
  return undefined;
}

function parserOf(plugin: ParserPlugin, call: Call): ParserPlugin {
  if (call.call !== 'make') throw new Error(`a parser does not answer to ${call.call}`);
  return call.of ? configured(plugin, call.of) : plugin;
}

function configured({ template }: ParserPlugin, { manifest, options }: ParserOrder): ParserPlugin {
  if (!template) throw new Error('it takes no options');
  return { kind: 'parser', manifest, parser: configureParser(template, options) };
}
