import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodePayload, PayloadError } from './decode-payload.js';

const TEXT = '{"short_message":"hello"}';
const decode = (payload: Uint8Array, maxBytes = 1_000): string => {
  try {
    return Buffer.from(decodePayload(payload, maxBytes)).toString();
  } catch (error) {
    return error instanceof PayloadError ? error.reason : String(error);
  }
};

describe('a GELF payload', () => {
  it.each([
    ['plain', Buffer.from(TEXT)],
    ['gzip', gzipSync(TEXT)],
    ['zlib', deflateSync(TEXT)],
    ['zlib at its fastest', deflateSync(TEXT, { level: 1 })],
    ['zlib with a small window', deflateSync(TEXT, { windowBits: 9 })],
  ])('is decoded by its first bytes: %s', (_kind, payload) => {
    expect(decode(payload)).toBe(TEXT);
  });

  it('is brought onto one line', () => {
    expect(decode(gzipSync('{"a":\n1}'))).toBe('{"a": 1}');
  });

  it.each([
    ['cut gzip', gzipSync(TEXT).subarray(0, 20), 'not_decodable'],
    ['cut zlib', deflateSync(TEXT).subarray(0, 10), 'not_decodable'],
    ['nothing', Buffer.alloc(0), 'empty'],
    ['nothing in gzip', gzipSync(''), 'empty'],
    ['a long text', Buffer.alloc(1_001, 'x'), 'too_large'],
    ['a bomb', gzipSync(Buffer.alloc(50_000_000)), 'too_large'],
    ['a bomb in zlib', deflateSync(Buffer.alloc(50_000_000)), 'too_large'],
  ])('is dropped where it is %s', (_kind, payload, reason) => {
    expect(decode(payload)).toBe(reason);
  });

  it('of which nobody knows the compression goes on as it is', () => {
    const raw = deflateRawSync(TEXT);
    expect(Buffer.from(decodePayload(raw, 1_000)).equals(raw) || raw.includes(10)).toBe(true);
  });
});
