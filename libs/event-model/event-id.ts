import { parseBlockId, type BlockId } from './block-id.js';

/** Where an event is: its block, and its zero-based line in that block. */
export interface EventPlace {
  readonly block: BlockId;
  readonly row: number;
}

const EVENT_ID = /^([0-9a-f]{32})-(0|[1-9][0-9]{0,9})$/;
const MAX_ROW = 0xffff_ffff;

/** The text of an event's identity in the API: `<32 hex>-<row>`. */
export function formatEventId(block: BlockId, row: number): string {
  return `${block}-${row}`;
}

/** Reads an event id; undefined where the text isn't one. */
export function parseEventId(text: string): EventPlace | undefined {
  const match = EVENT_ID.exec(text);
  const block = match && parseBlockId(match[1] ?? '');
  const row = Number(match?.[2]);
  return block && row <= MAX_ROW ? { block, row } : undefined;
}
