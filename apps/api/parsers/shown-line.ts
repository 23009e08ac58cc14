import type { GivenLine } from './line-source.js';
import type { ShownLine } from './line-source.schema.js';

/** What is told of a line. */
export function shownLine({ bytes, stored }: Pick<GivenLine, 'bytes' | 'stored'>): ShownLine {
  if (!stored) return {};
  const text = bytes.toString('utf8');
  const isText = Buffer.from(text).equals(bytes);
  const { eventId, madeOf } = stored;
  return {
    event_id: eventId,
    ...(isText ? { line: text } : { line_base64: bytes.toString('base64') }),
    made_of: madeOf,
  };
}
