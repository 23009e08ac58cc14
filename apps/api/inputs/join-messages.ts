const LF = 10;
const [TAB, CR, SPACE] = [9, 13, 32];

/** Messages as the body of a request: a line each. */
export interface JoinedMessages {
  readonly body: Buffer;
  readonly count: number;
  /** Messages that were only spaces. */
  readonly blank: number;
  /** Messages of which only the first bytes are there. */
  readonly truncated: number;
}

/**
 * Makes lines of messages, whatever is in them. An LF within one becomes `#012` in text, as rsyslog writes it, and a space in
 * JSON, where it can only stand between values.
 *
 * @param maxBytes of a line; longer ones are cut
 */
export function joinMessages(
  messages: readonly Uint8Array[],
  { format, maxBytes }: { readonly format: 'lines' | 'ndjson'; readonly maxBytes: number },
): JoinedMessages {
  const newLine = format === 'lines' ? '#012' : ' ';
  const parts: Uint8Array[] = [];
  let [count, truncated] = [0, 0];
  for (const message of messages) {
    if (isBlank(message)) continue;
    const line = message.includes(LF) ? withoutLf(message, newLine) : message;
    if (line.length > maxBytes) truncated += 1;
    parts.push(line.length > maxBytes ? line.subarray(0, maxBytes) : line, END);
    count += 1;
  }
  return { body: Buffer.concat(parts), count, blank: messages.length - count, truncated };
}

const END = Uint8Array.of(LF);

function isBlank(message: Uint8Array): boolean {
  return message.every((byte) => byte === SPACE || byte === TAB || byte === CR || byte === LF);
}

/** Latin-1 has a character for each byte, so that no byte is changed. */
function withoutLf(message: Uint8Array, newLine: string): Buffer {
  const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('latin1');
  return Buffer.from(text.replaceAll('\n', newLine), 'latin1');
}
