import { gunzipSync, inflateSync } from 'node:zlib';

const OPEN_BRACE = 0x7b;
const LF = 10;
const SPACE = 32;

/** A payload that is no message, with the reason that it is dropped under. */
export class PayloadError extends Error {
  constructor(readonly reason: 'not_decodable' | 'too_large' | 'empty') {
    super(reason);
  }
}

/**
 * The JSON text of a GELF payload, on one line. Its first bytes say how it is compressed, gzip (RFC 1952), zlib (RFC 1950) or not at all;
 * headers don't: some libraries send others than they say.
 *
 * @param maxBytes of the text
 * @throws PayloadError
 */
export function decodePayload(payload: Uint8Array, maxBytes: number): Uint8Array {
  const text = isGzip(payload)
    ? decompress(gunzipSync, payload, maxBytes)
    : isZlib(payload)
      ? decompress(inflateSync, payload, maxBytes)
      : payload;
  if (text.length === 0) throw new PayloadError('empty');
  if (text.length > maxBytes) throw new PayloadError('too_large');
  return text.includes(LF) ? onOneLine(text) : text;
}

/** In JSON an LF stands between values only, as good as a space; an event is a line. */
function onOneLine(text: Uint8Array): Uint8Array {
  return text.map((byte) => (byte === LF ? SPACE : byte));
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Method 8, and a header that is a multiple of 31. No JSON object begins so. */
function isZlib(bytes: Uint8Array): boolean {
  const [method = 0, flags = 0] = bytes;
  return (
    method !== OPEN_BRACE && (method & 0x0f) === 8 && method >> 4 <= 7 && (method * 256 + flags) % 31 === 0
  );
}

type Decompress = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array;

function decompress(unpack: Decompress, payload: Uint8Array, maxBytes: number): Uint8Array {
  try {
    return unpack(payload, { maxOutputLength: maxBytes });
  } catch (error) {
    const isLarge = (error as { readonly code?: string } | null)?.code === 'ERR_BUFFER_TOO_LARGE';
    throw new PayloadError(isLarge ? 'too_large' : 'not_decodable');
  }
}
