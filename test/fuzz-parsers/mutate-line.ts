/** Numbers that look random, the same for the same seed (mulberry32). */
export class Luck {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer from 0 on, below the limit. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  /** One of them. */
  one<T>(all: readonly T[]): T {
    return all[this.below(all.length)] as T;
  }
}

/** What means something to some parser, and what should mean nothing to any. */
const TOKENS: readonly Buffer[] = [
  ...[
    '<34>',
    '<191>1 ',
    '<192>',
    ' - - - - - ',
    'Oct 11 22:14:15 ',
    '*Mar  1 18:46:11.123 UTC: ',
    '2026-02-30T25:00:00Z',
  ],
  ...[
    '2026-11-20T08:15:30.123456789Z',
    '1795162532.5',
    '%ASA-6-302013: ',
    'date=2024-03-01 time=18:46:11 ',
    '[id x="y"]',
  ],
  ...[
    'CEF:0|',
    'LEEF:2.0|v|p|1|2|^|',
    'cs1Label=__proto__ cs1=x ',
    '|',
    '\\|',
    '\\=',
    '=',
    '"',
    '\\"',
    '\\\\',
    '\\u0000',
    '\\ud800',
  ],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'polluted',
    '"__proto__":{"polluted":1},',
    '__proto__.polluted=1 ',
    'toString=',
  ],
  ...[
    '{"',
    '":',
    '{',
    '}',
    '[',
    ']',
    ',',
    'null',
    'true',
    '1e999',
    '-0',
    '18446744073709551615',
    '"level":30,',
    '"time":',
    '"_id":',
  ],
  ...[
    '192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 5',
    '\\x16\\x03',
    ' HTTP/1.1',
    '0.005',
    '-',
  ],
  ...[
    'level=',
    'msg="',
    'ts=',
    ' ',
    '\t',
    '\u0000',
    '\ufeff',
    '\u00e9',
    '\u{1f680}',
    '\u2028',
    'x'.repeat(300),
    ' a=b'.repeat(50),
  ],
].map((text) => Buffer.from(text));
const BYTES: readonly number[] = [
  0x00, 0x1b, 0x20, 0x22, 0x3c, 0x5b, 0x5c, 0x5d, 0x7c, 0x7f, 0x80, 0xc3, 0xed, 0xf0, 0xff,
];
const LONGEST_JUNK = 120;
const MOST_CHANGES = 4;
const LONGEST = 8_192;
const LF = 0x0a;
const CR = 0x0d;

type Change = (line: Buffer, luck: Luck) => Buffer;

const place = (line: Buffer, luck: Luck): number => luck.below(line.length + 1);
const spliced = (
  line: Buffer,
  at: number,
  ...[inserted, cut = 0]: [inserted: Buffer, cut?: number]
): Buffer => Buffer.concat([line.subarray(0, at), inserted, line.subarray(at + cut)]);

const CHANGES: readonly Change[] = [
  (line, luck) => spliced(line, place(line, luck), luck.one(TOKENS)),
  (line, luck) => spliced(line, place(line, luck), luck.one(TOKENS), luck.below(20)),
  (line, luck) => spliced(line, place(line, luck), Buffer.of(), luck.below(20)),
  (line, luck) => spliced(line, place(line, luck), Buffer.of(luck.one(BYTES)), 1),
  (line, luck) => spliced(line, place(line, luck), Buffer.of(luck.below(256)), 1),
  (line, luck) => line.subarray(0, place(line, luck)),
  (line, luck) => line.subarray(place(line, luck)),
  (line, luck) => {
    const at = place(line, luck);
    const piece = line.subarray(at, at + luck.below(30));
    return spliced(line, at, Buffer.concat(Array.from({ length: luck.below(20) }, () => piece)));
  },
];

/** A line that was made of others: changed, joined, or of tokens and junk only. It has no line end, and is not blank. */
export function mutateLine(seeds: readonly Buffer[], luck: Luck): Buffer {
  let line = firstLine(seeds, luck);
  for (let left = luck.below(MOST_CHANGES); left > 0; left -= 1) line = luck.one(CHANGES)(line, luck);
  const bytes = Buffer.from(line.subarray(0, LONGEST)).map((byte) =>
    byte === LF || byte === CR ? 0x20 : byte,
  );
  return bytes.every((byte) => byte <= 0x20) ? Buffer.from('x') : Buffer.from(bytes);
}

function firstLine(seeds: readonly Buffer[], luck: Luck): Buffer {
  const kind = luck.below(10);
  if (kind === 0) return Buffer.concat(Array.from({ length: 1 + luck.below(12) }, () => luck.one(TOKENS)));
  if (kind === 1) return Buffer.from(Array.from({ length: luck.below(LONGEST_JUNK) }, () => luck.below(256)));
  const line = luck.one(seeds);
  if (kind > 2) return line;
  const other = luck.one(seeds);
  return Buffer.concat([line.subarray(0, place(line, luck)), other.subarray(place(other, luck))]);
}
