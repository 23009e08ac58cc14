import { randomBytes } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { rawBlock, repeatedBlock, zstdFrame } from '../../apps/api/requests/decoding/testing/zstd-frames.js';
import { encoded, MIB, type BadRequest } from './bad-request.js';

const lines = Buffer.from('{"message":"good"}\n'.repeat(500));
const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length / 2);
const withTail = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.from('tail')]);
const withWrongSum = (bytes: Buffer): Buffer => bytes.fill(0, bytes.length - 8, bytes.length - 4);
const frame = zstdFrame([rawBlock(lines)]);

/** 65 MiB that shrink to a fiftieth: within the ratio, over the limit. */
function largeWhenDecoded(): Buffer {
  const member = gzipSync(Buffer.concat([randomBytes(20_000), Buffer.alloc(MIB - 20_000, 'a\n')]));
  return Buffer.concat(Array.from({ length: 65 }, () => member));
}

const damagedBodies: readonly BadRequest[] = [
  ['gzip that isn’t', 'gzip', () => lines],
  ['gzip that breaks off', 'gzip', () => half(gzipSync(lines))],
  ['gzip with a wrong sum', 'gzip', () => withWrongSum(gzipSync(lines))],
  ['gzip with a tail', 'gzip', () => withTail(gzipSync(lines))],
  ['gzip with zeros behind', 'gzip', () => Buffer.concat([gzipSync(lines), Buffer.alloc(512)])],
  ['deflate that isn’t', 'deflate', () => Buffer.alloc(50, 0xff)],
  ['deflate that breaks off', 'deflate', () => half(deflateSync(lines))],
  ['raw deflate that breaks off', 'deflate', () => half(deflateRawSync(lines))],
  ['deflate with a tail', 'deflate', () => withTail(deflateSync(lines))],
  ['brotli that isn’t', 'br', () => Buffer.alloc(50, 0xff)],
  ['brotli that breaks off', 'br', () => half(brotliCompressSync(lines))],
  ['brotli with a tail', 'br', () => withTail(brotliCompressSync(lines))],
  ['zstd that isn’t', 'zstd', () => lines],
  ['zstd that breaks off', 'zstd', () => half(frame)],
  ['zstd with a tail', 'zstd', () => withTail(frame)],
  [
    'zstd with a block type that is none',
    'zstd',
    () => Buffer.concat([frame.subarray(0, 6), Buffer.of(7, 0, 0)]),
  ],
].map(([name, encoding, body]) => ({
  name: name as string,
  headers: encoded(encoding as string),
  body: body as () => Buffer,
  status: 400,
  code: 'encoding_damaged',
}));

const bombs: readonly BadRequest[] = [
  ['a gzip bomb', 'gzip', () => gzipSync(Buffer.alloc(200 * MIB))],
  ['a gzip bomb of many members', 'gzip', () => repeat(gzipSync(Buffer.alloc(MIB)), 200)],
  ['a deflate bomb', 'deflate', () => deflateSync(Buffer.alloc(200 * MIB))],
  ['a brotli bomb', 'br', () => brotliCompressSync(Buffer.alloc(60 * MIB))],
  ['a zstd bomb', 'zstd', () => zstdFrame(Array.from({ length: 20_000 }, () => repeatedBlock(97, 2 ** 17)))],
  ['a zstd bomb of many frames', 'zstd', () => repeat(zstdFrame([repeatedBlock(97, 2 ** 17)]), 20_000)],
].map(([name, encoding, body]) => ({
  name: name as string,
  headers: encoded(encoding as string),
  body: body as () => Buffer,
  status: 413,
  code: 'ratio_too_high',
}));

function repeat(bytes: Buffer, times: number): Buffer {
  return Buffer.concat(Array.from({ length: times }, () => bytes));
}

/** Compressed bodies, and what is said to be one. */
export const ENCODINGS: readonly BadRequest[] = [
  ...damagedBodies,
  ...bombs,
  {
    name: 'gzip in gzip',
    headers: encoded('gzip, gzip'),
    body: () => gzipSync(gzipSync(lines)),
    status: 415,
    code: 'unsupported_encoding',
    says: 'more than one layer',
  },
  {
    name: 'two headers with a layer each',
    headers: encoded('gzip\r\ncontent-encoding: br'),
    body: () => lines,
    status: 415,
    code: 'unsupported_encoding',
    says: 'more than one layer',
  },
  {
    name: 'an unknown encoding',
    headers: encoded('snappy'),
    body: () => lines,
    status: 415,
    code: 'unsupported_encoding',
    says: 'gzip, deflate, br, zstd',
  },
  {
    name: 'a zstd window of 2 GiB',
    headers: encoded('zstd'),
    body: () => zstdFrame([rawBlock(lines)], 31),
    status: 415,
    code: 'unsupported_encoding',
    says: '8388608',
  },
  {
    name: 'a gzip body that is over the limit when decoded',
    headers: encoded('gzip'),
    body: largeWhenDecoded,
    status: 413,
    code: 'body_too_large',
    says: '67108864',
  },
  {
    name: 'a gzip body without an event',
    headers: encoded('gzip'),
    body: () => gzipSync(' \n\n'),
    status: 400,
    code: 'empty_body',
  },
  {
    name: 'endless empty gzip members',
    headers: encoded('gzip'),
    body: () => repeat(gzipSync(''), 400_000),
    status: 400,
    code: 'empty_body',
  },
  {
    name: 'a gzip bomb for a path that takes JSON',
    path: '/api/v1/logs',
    headers: { 'content-type': 'application/json', ...encoded('gzip') },
    body: () => gzipSync(Buffer.alloc(20 * MIB, 32)),
    status: 413,
    code: 'body_too_large',
    says: '1048576',
  },
];
