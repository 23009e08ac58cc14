import { isUtf8 } from 'node:buffer';
import { formatTimestamp, nowNs } from '#event-model';
import type { InputPeer } from '#plugin-kit';
import { plainAddress } from './source-rules.js';

const KEPT = 5;
/** Bytes of a message that are kept to be shown. */
const SHOWN_BYTES = 8 * 1024;

/** A message as it came, for people who look why it wasn't read as they thought. */
export interface ShownMessage {
  readonly received_at: string;
  readonly address: string;
  readonly transport: string;
  /** The input had a rule for its sender. */
  readonly taken: boolean;
  /** All bytes that came. */
  readonly bytes: number;
  /** Where it is UTF-8; only the first 8 KiB. */
  readonly text?: string;
  /** Where it isn't. */
  readonly base64?: string;
}

interface Kept extends Omit<ShownMessage, 'text' | 'base64'> {
  readonly begin: Uint8Array;
}

/** The newest five messages of an input, the newest first. */
export class NewestMessages {
  #kept: readonly Kept[] = [];

  note(messages: readonly Uint8Array[], peer: InputPeer, taken: boolean): void {
    const received_at = formatTimestamp(nowNs());
    const { transport } = peer;
    const address = plainAddress(peer.address);
    const newest = messages.slice(-KEPT).map((message): Kept => {
      const begin = Uint8Array.prototype.slice.call(message, 0, SHOWN_BYTES);
      return { received_at, address, transport, taken, bytes: message.length, begin };
    });
    this.#kept = [...newest.reverse(), ...this.#kept].slice(0, KEPT);
  }

  list(): readonly ShownMessage[] {
    return this.#kept.map(({ begin, ...message }) => ({ ...message, ...shown(begin) }));
  }
}

function shown(bytes: Uint8Array): Pick<ShownMessage, 'text' | 'base64'> {
  const buffer = Buffer.from(bytes);
  return isUtf8(bytes) || isUtf8(withoutHalf(bytes))
    ? { text: buffer.toString() }
    : { base64: buffer.toString('base64') };
}

/** Without a character at the end that was cut in two. */
function withoutHalf(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > bytes.length - 4 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, Math.max(0, end - 1));
}
