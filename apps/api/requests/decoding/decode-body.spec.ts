import { randomBytes } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BodyBudget } from '../body-budget.js';
import type { ContentEncoding } from './content-encoding.js';
import { decodeBody } from './decode-body.js';
import {
  rawBlock,
  repeatedBlock,
  SAMPLE_FRAME,
  sampleText,
  skippableFrame,
  zstdFrame,
} from './testing/zstd-frames.js';

const MIB = 2 ** 20;
const text = Buffer.from('{"message":"ä"}\n'.repeat(3_000));

function decode(encoding: ContentEncoding, bytes: Buffer, limit = 64 * MIB, budget = 256 * MIB) {
  const hold = new BodyBudget(() => budget).open(0);
  hold.grow(bytes.length);
  return decodeBody({ encoding, bytes, limit, hold });
}

const stored = (bytes: Buffer): Buffer =>
  zstdFrame(
    Array.from({ length: Math.ceil(bytes.length / 2 ** 16) }, (_, n) =>
      rawBlock(bytes.subarray(n * 2 ** 16, (n + 1) * 2 ** 16)),
    ),
  );

const compressors: readonly (readonly [string, ContentEncoding, (bytes: Buffer) => Buffer])[] = [
  ['gzip', 'gzip', (bytes) => gzipSync(bytes)],
  ['deflate with its header', 'deflate', (bytes) => deflateSync(bytes)],
  ['deflate without a header', 'deflate', (bytes) => deflateRawSync(bytes)],
  ['brotli', 'br', (bytes) => brotliCompressSync(bytes)],
  ['zstd', 'zstd', stored],
];

describe.each(compressors)('%s', (_name, encoding, compress) => {
  it('is decoded, whatever its size', async () => {
    for (const body of [Buffer.from('{}'), text, Buffer.alloc(3 * MIB, '{"a":"bc"}\n')]) {
      const limit = body.length;
      if (body.length > MIB && encoding !== 'zstd') continue;
      expect((await decode(encoding, compress(body), limit)).equals(body)).toBe(true);
    }
  });

  it('is refused where one byte is over the limit', async () => {
    const refusal = decode(encoding, compress(text), text.length - 1);
    await expect(refusal).rejects.toMatchObject({ code: 'body_too_large' });
  });

  it('is refused where it breaks off, at any byte', async () => {
    const whole = compress(text);
    for (const length of [1, 2, 5, 7, Math.floor(whole.length / 2), whole.length - 1])
      await expect(decode(encoding, whole.subarray(0, length))).rejects.toMatchObject({
        code: 'encoding_damaged',
      });
  });

  it.each([
    ['zeros', Buffer.alloc(9)],
    ['text', Buffer.from('{"a":1}\n')],
  ])('is refused with %s behind its end', async (_what, tail) => {
    const body = Buffer.concat([compress(text), tail]);
    await expect(decode(encoding, body)).rejects.toMatchObject({ code: 'encoding_damaged' });
  });

  it('is refused where it is something else', async () => {
    for (const body of [Buffer.from('{"a":1}\n'), Buffer.alloc(100, 0xff)])
      await expect(decode(encoding, body)).rejects.toMatchObject({ code: 'encoding_damaged' });
  });

  it('is refused where the memory for bodies is used up', async () => {
    const budget = new BodyBudget(() => 1_000);
    budget.open(0).grow(500);
    const refusal = decodeBody({ encoding, bytes: compress(text), limit: MIB, hold: budget.open(0) });
    await expect(refusal).rejects.toMatchObject({ code: 'busy' });
  });
});

it('bytes that shrink to nothing are taken up to 4 MiB', async () => {
  expect(await decode('gzip', gzipSync(Buffer.alloc(4 * MIB)))).toHaveLength(4 * MIB);
  const mixed = Buffer.concat([Buffer.alloc(3 * MIB), randomBytes(MIB), Buffer.alloc(8 * MIB)]);
  expect(await decode('gzip', gzipSync(mixed))).toHaveLength(mixed.length);
});

const million = Buffer.alloc(MIB);
const bombs: readonly (readonly [string, ContentEncoding, Buffer])[] = [
  ['gzip', 'gzip', gzipSync(Buffer.alloc(32 * MIB))],
  ['gzip of many members', 'gzip', Buffer.concat(Array.from({ length: 32 }, () => gzipSync(million)))],
  ['deflate', 'deflate', deflateSync(Buffer.alloc(32 * MIB))],
  ['brotli', 'br', brotliCompressSync(Buffer.alloc(32 * MIB))],
  ['zstd', 'zstd', zstdFrame(Array.from({ length: 1_000 }, () => repeatedBlock(0, 2 ** 17)))],
  [
    'zstd of many frames',
    'zstd',
    Buffer.concat(Array.from({ length: 1_000 }, () => zstdFrame([repeatedBlock(0, 2 ** 17)]))),
  ],
];

it.each(bombs)('a bomb of %s is stopped', async (_name, encoding, bytes) => {
  await expect(decode(encoding, bytes)).rejects.toMatchObject({ code: 'ratio_too_high' });
});

describe('members and frames', () => {
  it('of one body are joined', async () => {
    const members = [gzipSync('{"a":1}\n'), gzipSync(''), gzipSync('{"b":2}\n')];
    expect((await decode('gzip', Buffer.concat(members))).toString()).toBe('{"a":1}\n{"b":2}\n');
    const frames = [
      zstdFrame([rawBlock(Buffer.from('a'))]),
      skippableFrame(300_000),
      zstdFrame([rawBlock(Buffer.from('b'))]),
    ];
    expect((await decode('zstd', Buffer.concat(frames))).toString()).toBe('ab');
  });

  it('that are empty end, however many there are', async () => {
    const frame = zstdFrame([rawBlock(Buffer.alloc(0))]);
    expect(await decode('zstd', Buffer.concat(Array.from({ length: 50_000 }, () => frame)))).toHaveLength(0);
    const member = gzipSync('');
    expect(await decode('gzip', Buffer.concat(Array.from({ length: 50_000 }, () => member)))).toHaveLength(0);
  });
});

describe('zstd', () => {
  it('reads what its own compressor makes', async () => {
    expect((await decode('zstd', SAMPLE_FRAME)).toString()).toBe(sampleText());
    const bent = Buffer.from(SAMPLE_FRAME);
    bent.fill(0xff, 40, 80);
    await expect(decode('zstd', bent)).rejects.toMatchObject({ code: 'encoding_damaged' });
  });

  it('takes the window that HTTP allows and no larger one', async () => {
    const block = [rawBlock(Buffer.from('x'))];
    expect((await decode('zstd', zstdFrame(block, 23))).toString()).toBe('x');
    const refusal = decode('zstd', zstdFrame(block, 24));
    await expect(refusal).rejects.toMatchObject({ code: 'unsupported_encoding' });
    await expect(refusal).rejects.toThrow('16777216');
    const wide = Buffer.concat([zstdFrame(block, 20), zstdFrame(block, 31)]);
    await expect(decode('zstd', wide)).rejects.toMatchObject({ code: 'unsupported_encoding' });
    const single = Buffer.from('28b52ffda0ffffff7f', 'hex');
    await expect(decode('zstd', single)).rejects.toMatchObject({ code: 'unsupported_encoding' });
  });

  it('decodes several bodies at once, each for itself', async () => {
    const bodies = Array.from({ length: 20 }, (_, n) => Buffer.alloc(200_000, String(n)));
    const decoded = await Promise.all(bodies.map((body) => decode('zstd', stored(body))));
    expect(decoded.every((each, at) => each.equals(bodies[at] ?? Buffer.alloc(0)))).toBe(true);
  });
});

it.each<[ContentEncoding, (bytes: Buffer) => Buffer]>([
  ['gzip', (bytes) => gzipSync(bytes, { level: 1 })],
  ['zstd', stored],
])('a large body in %s is counted before it is kept, and then kept whole', async (encoding, compress) => {
  const large = Buffer.alloc(20 * MIB, sampleText());
  const decoded = await decode(encoding, compress(large), large.length);
  expect(decoded.equals(large)).toBe(true);
  const refusal = decode(encoding, compress(large), large.length - 1);
  await expect(refusal).rejects.toMatchObject({ code: 'body_too_large' });
});

it('a body without a byte needs no decoding', async () => {
  expect(await decode('gzip', Buffer.alloc(0))).toHaveLength(0);
});
