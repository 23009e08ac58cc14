import { createHmac } from 'node:crypto';
import type { RedactionAction } from './rule.js';

/** Hexadecimal digits of a hash: 128 bits. */
const HASH_DIGITS = 32;

/** What stands in the place of a value; empty where it is taken out. */
export type Replace = (action: RedactionAction, kind: string, value: string | Uint8Array) => string;

/** Makes replacements with hashes of this server. The words hold nothing that a detector would find. */
export function replacementsOf(secret: Uint8Array): Replace {
  return (action, kind, value) => {
    if (action === 'mask') return `[redacted:${kind}]`;
    if (action === 'drop') return '';
    const hash = createHmac('sha256', secret).update(value).digest('hex');
    return `[${kind}:${hash.slice(0, HASH_DIGITS)}]`;
  };
}

/** A change of some bytes. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The bytes with these edits made, which are in order and not over one another. */
export function edited(bytes: Buffer, edits: readonly Edit[]): Buffer {
  const parts: Uint8Array[] = [];
  let done = 0;
  for (const { from, to, text } of edits) {
    parts.push(bytes.subarray(done, from), Buffer.from(text));
    done = to;
  }
  return Buffer.concat([...parts, bytes.subarray(done)]);
}
