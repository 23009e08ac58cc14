import { gzipSync } from 'node:zlib';
import kafkajs from 'kafkajs';
import snappy from 'snappyjs';
import { expect, it } from 'vitest';
import { UNPACKED_MAX_BYTES, useBoundedCodecs } from './codecs.js';
import { unreadableBatchOf } from './unreadable-batch.js';

useBoundedCodecs();
const [GZIP, Snappy, ZSTD] = [1, 2, 4] as const;
const text = Buffer.from('{"message":"connection reset by peer"}\n'.repeat(500));

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(bytes: Buffer): Promise<Buffer>;
}

function codecOf(type: 1 | 2 | 4): Codec {
  return (kafkajs.CompressionCodecs[type] as () => Codec)();
}

/** A frame as Java's library writes it. */
function xerial(...chunks: readonly Buffer[]): Buffer {
  const head = Buffer.from('82534e41505059000000000100000001', 'hex');
  const parts = chunks.flatMap((chunk) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(chunk.length);
    return [length, chunk];
  });
  return Buffer.concat([head, ...parts]);
}

/** A zstd frame of one repeated byte: 128 KiB for each four bytes. */
function repeated(blocks: number): Buffer {
  const block = (isLast: boolean): number[] => {
    const header = (isLast ? 1 : 0) | (1 << 1) | ((128 * 1024) << 3);
    return [header & 0xff, (header >> 8) & 0xff, (header >> 16) & 0xff, 0x61];
  };
  const bytes = Array.from({ length: blocks }, (_, nth) => block(nth === blocks - 1)).flat();
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38, ...bytes]);
}

/** What the records say that stand for a batch. */
function reasonIn(records: Buffer): string | undefined {
  const length = (records[0] ?? 0) / 2;
  const decode = records.subarray(1, 1 + length);
  const value = decode.subarray(5, 5 + (decode[4] ?? 0) / 2);
  return unreadableBatchOf({ value, offset: '0' } as never)?.reason;
}

it('gzip, snappy in both frames and zstd are read', async () => {
  const packed = await codecOf(GZIP).compress({ buffer: text });
  expect((await codecOf(GZIP).decompress(packed)).equals(text)).toBe(true);
  const half = text.length / 2;
  const chunks = [text.subarray(0, half), text.subarray(half)].map((part) => snappy.compress(part));
  for (const bytes of [snappy.compress(text), xerial(...chunks)])
    expect((await codecOf(Snappy).decompress(bytes)).equals(text)).toBe(true);
  const unpacked = await codecOf(ZSTD).decompress(repeated(3));
  expect(unpacked.equals(Buffer.alloc(3 * 128 * 1024, 'a'))).toBe(true);
});

it('what would unpack to more than the bound is refused, and not unpacked', async () => {
  // Five bytes that say that a GiB follows: common codecs reserve it.
  const lie = Buffer.from([0x80, 0x80, 0x80, 0x80, 0x04]);
  const bombs = [
    { type: Snappy, bytes: lie },
    { type: Snappy, bytes: xerial(lie) },
    { type: GZIP, bytes: gzipSync(Buffer.alloc(UNPACKED_MAX_BYTES + 1)) },
    { type: ZSTD, bytes: repeated(257) },
  ];
  for (const { type, bytes } of bombs) {
    const before = process.memoryUsage().arrayBuffers;
    expect(reasonIn(await codecOf(type).decompress(bytes))).toMatch(/^\w+: too large$/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(3 * UNPACKED_MAX_BYTES);
  }
});

it('what is cut off, or claims a chunk that is not there, is refused', async () => {
  const cut = xerial(text).subarray(0, 30);
  expect(reasonIn(await codecOf(Snappy).decompress(cut))).toBe('snappy: damaged');
  expect(reasonIn(await codecOf(ZSTD).decompress(repeated(2).subarray(0, 10)))).toBe('zstd: damaged');
});
