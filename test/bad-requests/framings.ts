import type { RawPiece } from '../support/raw-request.js';
import type { BadRequest } from './bad-request.js';

const LINE = '{"message":"lost"}\n';
const chunked = { 'transfer-encoding': 'chunked', 'content-length': undefined } as const;
const chunk = (bytes: string): string => `${Buffer.byteLength(bytes).toString(16)}\r\n${bytes}\r\n`;

const broken: readonly BadRequest[] = [
  ['a body shorter than declared', { 'content-length': '1000' }, [LINE], 'broke off'],
  ['a chunk that breaks off', chunked, ['ff\r\n', LINE], 'broke off'],
  ['chunks without their end', chunked, [chunk(LINE)], 'broke off'],
  ['a chunk size that is no number', chunked, [chunk(LINE), 'zz\r\n', LINE], 'hexadecimal'],
  ['a chunk longer than its size', chunked, [`2\r\n${LINE}\r\n0\r\n\r\n`], undefined],
  ['a negative chunk', chunked, ['-5\r\n', LINE], 'hexadecimal'],
  ['a chunk size beyond all numbers', chunked, ['ffffffffffffffffff\r\n', LINE], undefined],
].map(([name, headers, pieces, says]) => ({
  name: name as string,
  headers: headers as Readonly<Record<string, string | undefined>>,
  pieces: () => pieces as RawPiece[],
  end: true,
  status: 400,
  code: 'bad_request',
  ...(says !== undefined && { says: says as string }),
}));

const lengths: readonly BadRequest[] = [
  ['two lengths', { 'content-length': '5\r\ncontent-length: 6' }],
  ['a negative length', { 'content-length': '-1' }],
  ['a length that is no number', { 'content-length': '1e3' }],
  ['a length and chunks', { 'content-length': '5', 'transfer-encoding': 'chunked' }],
  ['a transfer encoding that is none', { 'content-length': undefined, 'transfer-encoding': 'gzip' }],
  ['a header with a NUL', { 'x-nul': 'a\0b' }],
  ['no host', { host: undefined }],
].map(([name, headers]) => ({
  name: name as string,
  headers: headers as Readonly<Record<string, string | undefined>>,
  pieces: () => [LINE],
  end: true,
  status: 400,
  code: 'bad_request',
}));

/** Requests whose bytes don't add up. */
export const FRAMINGS: readonly BadRequest[] = [
  ...broken,
  ...lengths,
  {
    name: 'a declared length over the limit, before a byte of it is sent',
    headers: { 'content-length': '99999999999' },
    pieces: () => [],
    status: 413,
    code: 'body_too_large',
  },
  {
    name: 'chunks without end',
    headers: chunked,
    pieces: function* endless() {
      const piece = chunk(LINE.repeat(5_000));
      for (let n = 0; n < 1_000; n += 1) yield piece;
    },
    status: 413,
    code: 'body_too_large',
  },
];

const byteByByte = function* byteByByte(): Generator<RawPiece> {
  for (const byte of LINE.repeat(10)) {
    yield byte;
    yield 200;
  }
};

/** Senders that take their time; each lasts some twelve seconds. */
export const SLOW_SENDERS: readonly BadRequest[] = [
  {
    name: 'a body that never comes',
    headers: { 'content-length': '100' },
    pieces: () => [],
    status: 408,
    code: 'request_timeout',
    says: '1 KiB a second',
  },
  {
    name: 'a body that comes byte by byte',
    headers: { 'content-length': '500' },
    pieces: byteByByte,
    status: 408,
    code: 'request_timeout',
    says: '1 KiB a second',
  },
  {
    name: 'chunks that come byte by byte',
    headers: chunked,
    pieces: function* crumbs() {
      for (const piece of byteByByte()) yield typeof piece === 'string' ? chunk(piece) : piece;
    },
    status: 408,
    code: 'request_timeout',
    says: '1 KiB a second',
  },
];
