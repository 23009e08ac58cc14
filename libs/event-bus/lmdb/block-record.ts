import { crc32 } from 'node:zlib';
import type { Block, BlockHeader } from '#event-model';

const PREFIX_BYTES = 12;

/** A block's header as it lies in the log, with what is needed to tell whether its body is whole. */
export interface HeaderRecord {
  readonly header: BlockHeader;
  readonly bodyBytes: number;
  readonly bodyChecksum: number;
  /** Length of the encoded header. */
  readonly headerBytes: number;
}

/** Layout: checksum of the body, checksum of the text, length of the body (u32 each, little endian), the header as JSON. */
export function encodeHeader({ header, body }: Block): Buffer {
  const text = Buffer.from(JSON.stringify({ ...header, receivedAt: header.receivedAt.toString() }));
  const record = Buffer.allocUnsafe(PREFIX_BYTES + text.length);
  record.writeUInt32LE(crc32(body), 0);
  record.writeUInt32LE(crc32(text), 4);
  record.writeUInt32LE(body.byteLength, 8);
  text.copy(record, PREFIX_BYTES);
  return record;
}

/** Undefined where the record is not as it was written. */
export function decodeHeader(bytes: Uint8Array): HeaderRecord | undefined {
  const record = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (record.length <= PREFIX_BYTES) return undefined;
  const text = record.subarray(PREFIX_BYTES);
  if (crc32(text) !== record.readUInt32LE(4)) return undefined;
  const stored = JSON.parse(text.toString()) as Omit<BlockHeader, 'receivedAt'> & { receivedAt: string };
  return {
    header: { ...stored, receivedAt: BigInt(stored.receivedAt) },
    bodyBytes: record.readUInt32LE(8),
    bodyChecksum: record.readUInt32LE(0),
    headerBytes: record.length,
  };
}

/** Whether the bytes are those that the record was made for. */
export function isWhole(record: HeaderRecord, body: Uint8Array | undefined): body is Uint8Array {
  return body?.byteLength === record.bodyBytes && crc32(body) === record.bodyChecksum;
}
