import type { BodyHold } from '../body-budget.js';
import type { ContentEncoding } from './content-encoding.js';
import { DecodedBytes } from './decoded-bytes.js';
import { inflate } from './inflate.js';
import { Turns } from './turns.js';
import { unzstd } from './unzstd.js';

/** Each holds a window of up to 16 MiB and a thread of the pool that commits and searches share. */
const zlibTurns = new Turns(4);
/** WebAssembly never gives memory back: one window of 8 MiB is what it may have. */
const zstdTurns = new Turns(1);

/** A compressed body. */
export interface EncodedBody {
  readonly encoding: ContentEncoding;
  readonly bytes: Buffer;
  /** Most bytes that it may have when decoded. */
  readonly limit: number;
  /** What the body takes of the memory for bodies: the encoded bytes until they are decoded, then the decoded ones. */
  readonly hold: Pick<BodyHold, 'grow' | 'shrink'>;
}

/**
 * Decodes a body.
 *
 * @throws Problem `encoding_damaged`, `body_too_large`, `ratio_too_high`, `unsupported_encoding`, `busy`
 */
export async function decodeBody(body: EncodedBody): Promise<Buffer> {
  if (body.bytes.length === 0) return body.bytes;
  const turns = body.encoding === 'zstd' ? zstdTurns : zlibTurns;
  const decoded = await turns.take(() => decode(body));
  body.hold.shrink(body.bytes.length);
  return decoded;
}

async function decode(body: EncodedBody): Promise<Buffer> {
  const first = await decodeOnce(body);
  const bytes = first.bytes() ?? (await decodeOnce(body, first.length)).bytes();
  if (!bytes) throw new RangeError('a body that was counted has another length when it is decoded again');
  return bytes;
}

async function decodeOnce(body: EncodedBody, counted?: number): Promise<DecodedBytes> {
  const { encoding, bytes, limit, hold } = body;
  const bounds = { encodedBytes: bytes.length, limit, hold, ...(counted !== undefined && { counted }) };
  const decoded = new DecodedBytes(bounds);
  if (encoding === 'zstd') await unzstd(bytes, decoded);
  else await inflate(encoding, bytes, decoded);
  return decoded;
}
